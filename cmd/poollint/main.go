// Command poollint reports tests that exhaust SQL databases and queries that
// cross tenants. `poollint help` says how to run it.
package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/poollint/poollint/internal/nearest"
	"github.com/poollint/poollint/internal/redact"
)

// The exit statuses.
const (
	clean  = 0
	found  = 1
	failed = 2
)

func main() {
	if isUnit(os.Args[1:]) {
		vettool()
		return
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second signal ends the process at once
	os.Exit(run(ctx, os.Args[1:], os.Stdout, os.Stderr))
}

// run picks the subcommand; without one, poollint lints.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	if len(args) > 0 {
		for _, c := range commands() {
			if c.name == args[0] {
				return c.main(ctx, args[1:], stdout, stderr)
			}
		}
		if guess := mistyped(args[0]); guess != "" {
			return fail(stderr, "unknown command %s; did you mean %s? (a package is written ./%s)", args[0], guess, args[0])
		}
	}
	return lint(ctx, args, stdout, stderr)
}

// mistyped returns the command that a word means which is neither a command
// nor likely a package.
func mistyped(word string) string {
	if strings.HasPrefix(word, "-") || strings.ContainsAny(word, "./\\=") {
		return ""
	}
	if _, err := os.Stat(word); err == nil {
		return ""
	}
	var names []string
	for _, c := range commands() {
		names = append(names, c.name)
	}
	return nearest.Of(word, names)
}

// fail says why nothing could be done.
func fail(stderr io.Writer, format string, args ...any) int {
	fmt.Fprintf(stderr, "poollint: %s\n", redact.Text(fmt.Sprintf(format, args...)))
	return failed
}
