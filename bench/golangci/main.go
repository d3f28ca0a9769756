// Command golangci is golangci-lint with the poollint plugin: one binary for
// both yardsticks, told apart by their configuration.
package main

import (
	"fmt"
	"os"

	"github.com/golangci/golangci-lint/v2/pkg/commands"
	"github.com/golangci/golangci-lint/v2/pkg/exitcodes"

	_ "github.com/poollint/poollint/golangci"
)

func main() {
	if err := commands.Execute(commands.BuildInfo{Version: "v2.15.0-poollint"}); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(exitcodes.Failure)
	}
}
