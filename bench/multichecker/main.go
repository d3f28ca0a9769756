// Command multichecker runs poollint's analyzers under the driver of
// golang.org/x/tools: the yardstick for poollint's own driver.
package main

import (
	"golang.org/x/tools/go/analysis/multichecker"

	"github.com/poollint/poollint"
)

func main() { multichecker.Main(poollint.Analyzers()...) }
