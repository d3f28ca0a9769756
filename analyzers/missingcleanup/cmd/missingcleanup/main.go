// The missingcleanup command runs the missingcleanup rule alone.
package main

import (
	"golang.org/x/tools/go/analysis/singlechecker"

	"github.com/poollint/poollint/analyzers/missingcleanup"
)

func main() { singlechecker.Main(missingcleanup.Analyzer) }
