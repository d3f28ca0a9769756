// The directive command runs the directive rule alone.
package main

import (
	"golang.org/x/tools/go/analysis/singlechecker"

	"github.com/poollint/poollint/analyzers/directive"
)

func main() { singlechecker.Main(directive.Analyzer) }
