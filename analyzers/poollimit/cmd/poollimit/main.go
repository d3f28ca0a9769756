// The poollimit command runs the poollimit rule alone.
package main

import (
	"golang.org/x/tools/go/analysis/singlechecker"

	"github.com/poollint/poollint/analyzers/poollimit"
)

func main() { singlechecker.Main(poollimit.Analyzer) }
