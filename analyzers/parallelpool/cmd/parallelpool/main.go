// The parallelpool command runs the parallelpool rule alone.
package main

import (
	"golang.org/x/tools/go/analysis/singlechecker"

	"github.com/poollint/poollint/analyzers/parallelpool"
)

func main() { singlechecker.Main(parallelpool.Analyzer) }
