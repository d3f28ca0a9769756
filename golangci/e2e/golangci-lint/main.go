// Command golangci-lint is golangci-lint with the poollint plugin, as
// `golangci-lint custom` would build it, for the tests.
package main

import (
	"fmt"
	"os"

	"github.com/golangci/golangci-lint/v2/pkg/commands"

	_ "github.com/poollint/poollint/golangci"
)

func main() {
	if err := commands.Execute(commands.BuildInfo{Version: "(devel)"}); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(3)
	}
}
