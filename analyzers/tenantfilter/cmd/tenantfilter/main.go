// The tenantfilter command runs the tenantfilter rule alone.
package main

import (
	"golang.org/x/tools/go/analysis/singlechecker"

	"github.com/poollint/poollint/analyzers/tenantfilter"
)

func main() { singlechecker.Main(tenantfilter.Analyzer) }
