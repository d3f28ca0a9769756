// The genericslug command runs the genericslug rule alone.
package main

import (
	"golang.org/x/tools/go/analysis/singlechecker"

	"github.com/poollint/poollint/analyzers/genericslug"
)

func main() { singlechecker.Main(genericslug.Analyzer) }
