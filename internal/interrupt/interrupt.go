// Package interrupt ends a command at a signal, whatever the command is at, and
// with it the processes that it has started.
package interrupt

import (
	"context"
	"os"
	"os/signal"
	"slices"
	"syscall"
	"time"
)

const (
	// grace is how long a command, and what it has started, may take to end by
	// themselves.
	grace = 300 * time.Millisecond
	// look is how often it is looked whether they have.
	look = 10 * time.Millisecond
)

// Run runs a command and returns its exit status. SIGINT and SIGTERM end its
// context; a moment later, or at a second signal, what it has started is
// killed. Run returns then, whatever the command is at, true and the status that
// shells know for a signal: 128 and its number.
func Run(command func(ctx context.Context) int) (status int, interrupted bool) {
	signals := make(chan os.Signal, 2)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	defer signal.Stop(signals)
	return run(command, signals, grace)
}

func run(command func(ctx context.Context) int, signals <-chan os.Signal, grace time.Duration) (status int, interrupted bool) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	ended := make(chan int, 1)
	go func() { ended <- command(ctx) }()
	select {
	case status := <-ended:
		return status, false
	case s := <-signals:
		started := descendants() // of a child that ends these would be no more
		cancel()
		await(ended, started, signals, time.After(grace))
		for _, p := range append(started, descendants()...) {
			p.kill()
		}
		return 128 + int(s.(syscall.Signal)), true
	}
}

// await waits until the command and the processes have ended, or until it is to
// wait no longer.
func await(ended <-chan int, started []process, signals <-chan os.Signal, over <-chan time.Time) {
	for left := true; left; {
		select {
		case <-ended:
			ended = nil
		case <-time.After(look):
		case <-over:
			return
		case <-signals:
			return
		}
		left = ended != nil || slices.ContainsFunc(started, process.runs)
	}
}
