// Command poollint reports tests that exhaust SQL databases and queries that
// cross tenants. `poollint help` says how to run it.
package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"

	"github.com/poollint/poollint/internal/nearest"
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

// run picks the subcommand; without one, poollint lints. Flags may stand before the
// word for the command or behind it.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	flags, rest := leadingFlags(args)
	if len(rest) > 0 {
		for _, c := range commands() {
			if c.name == rest[0] {
				return c.main(ctx, slices.Concat(flags, rest[1:]), stdout, stderr)
			}
		}
	}
	if len(args) > 0 {
		if guess := mistyped(args[0]); guess != "" {
			return fail(stderr, "unknown command %s; did you mean %s? (a package is written ./%s)", args[0], guess, args[0])
		}
	}
	return lint(ctx, args, stdout, stderr)
}

// leadingFlags splits the command line behind the flags that it begins with. Flags
// that linting does not know are left to it to tell.
func leadingFlags(args []string) (flags, rest []string) {
	if len(args) == 0 || !strings.HasPrefix(args[0], "-") {
		return nil, args
	}
	o, err := parse(args)
	if err != nil {
		return nil, nil
	}
	i := len(args) - o.behind
	return args[:i], args[i:]
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
	fmt.Fprintf(stderr, "poollint: "+format+"\n", args...)
	return failed
}
