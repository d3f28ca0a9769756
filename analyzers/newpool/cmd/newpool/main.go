// The newpool command runs the newpool rule alone.
package main

import (
	"golang.org/x/tools/go/analysis/singlechecker"

	"github.com/poollint/poollint/analyzers/newpool"
)

func main() { singlechecker.Main(newpool.Analyzer) }
