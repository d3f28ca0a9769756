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
	"time"

	"github.com/poollint/poollint/internal/interrupt"
	"github.com/poollint/poollint/internal/nearest"
	"github.com/poollint/poollint/internal/printable"
	"github.com/poollint/poollint/internal/redact"
)

// The exit statuses. A run that a signal ends has 128 plus its number.
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
	os.Exit(interruptible(os.Args[1:]))
}

// interruptible runs poollint until it ends or a signal ends it. The subcommands that run
// tests forward signals to them instead, and end after them.
func interruptible(args []string) int {
	if c, _ := named(args); c != nil && (c.name == "watch" || c.name == "queries") {
		ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
		context.AfterFunc(ctx, stop) // a second signal ends the process at once
		return run(ctx, args, os.Stdout, os.Stderr)
	}
	status, interrupted := interrupt.Run(func(ctx context.Context) int {
		return run(ctx, args, os.Stdout, untilEnd{os.Stderr, ctx})
	})
	if interrupted {
		interrupt.Within(100*time.Millisecond, sayInterrupted) // writing may block
	}
	return status
}

func sayInterrupted() {
	if isTerminal(os.Stderr) {
		fmt.Fprint(os.Stderr, clearLine) // of the progress
	}
	fmt.Fprintln(os.Stderr, "poollint: interrupted")
}

// untilEnd is a file to which nothing is written once the context has ended: errors after
// that follow from the interruption.
type untilEnd struct {
	*os.File
	ctx context.Context
}

func (u untilEnd) Write(text []byte) (int, error) {
	if u.ctx.Err() != nil {
		return len(text), nil
	}
	return u.File.Write(text)
}

// despiteEnd returns the file without that restriction, for reporting what a run has
// changed.
func despiteEnd(stderr io.Writer) io.Writer {
	if u, ok := stderr.(untilEnd); ok {
		return u.File
	}
	return stderr
}

// run runs the subcommand, or lints if there is none. Flags may precede or follow the
// subcommand's name.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	if c, its := named(args); c != nil {
		return c.main(ctx, its, stdout, stderr)
	}
	if len(args) > 0 {
		if guess := mistyped(args[0]); guess != "" {
			return fail(stderr, "unknown command %s; did you mean %s? (a package is written ./%s)", args[0], guess, args[0])
		}
	}
	return lint(ctx, args, stdout, stderr)
}

// named returns the command that the arguments name, and its arguments; nil if they name
// none.
func named(args []string) (*command, []string) {
	flags, rest := leadingFlags(args)
	for _, c := range commands() {
		if len(rest) > 0 && c.name == rest[0] {
			return &c, slices.Concat(flags, rest[1:])
		}
	}
	return nil, nil
}

// leadingFlags splits the command line after its leading flags. Unknown flags are reported
// later, by parse.
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

// mistyped returns the command that the word is probably a misspelling of; "" if the word
// is likely a package.
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

// fail prints an error and returns the status of a run that failed.
func fail(stderr io.Writer, format string, args ...any) int {
	fmt.Fprintf(stderr, "poollint: %s\n", printable.Line(redact.Text(fmt.Sprintf(format, args...))))
	return failed
}
