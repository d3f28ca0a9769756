// Command poollint reports tests that exhaust SQL databases and queries that
// cross tenants. `poollint help` says how to run it.
package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/poollint/poollint/internal/interrupt"
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
	p := program()
	if c, _ := p.Find(args); c != nil && c.Forwards {
		ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
		context.AfterFunc(ctx, stop) // a second signal ends the process at once
		return p.Main(ctx, args, os.Stdout, os.Stderr)
	}
	status, interrupted := interrupt.Run(func(ctx context.Context) int {
		return p.Main(ctx, args, os.Stdout, untilEnd{os.Stderr, ctx})
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
