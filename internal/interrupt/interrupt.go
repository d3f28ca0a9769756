// Package interrupt ends a command at a signal, whatever the command is at, and
// with it the processes that it has started.
package interrupt

import (
	"context"
	"os"
	"os/signal"
	"slices"
	"sync"
	"syscall"
	"time"
)

const (
	// grace is how long a command, and what it has started, may take to end by
	// themselves.
	grace = 300 * time.Millisecond
	// look is how often it is looked whether they have.
	look = 10 * time.Millisecond
	// whole is how long what is done whole may take to its end.
	whole = 500 * time.Millisecond
)

// inWhole is held for reading while something is done whole.
var inWhole sync.RWMutex

// Whole does what is to be done whole or not at all: Run waits for its end, as long as
// that is near, and lets nothing more of the kind begin.
func Whole(do func() error) error {
	inWhole.RLock()
	defer inWhole.RUnlock()
	return do()
}

// Within does something that may wait for ever, for a moment at most.
func Within(moment time.Duration, do func()) {
	done := make(chan struct{})
	go func() {
		defer close(done)
		do()
	}()
	select {
	case <-done:
	case <-time.After(moment):
	}
}

// Run runs a command and returns its exit status. SIGINT and SIGTERM end its
// context; a moment later, or at a second signal, what it has started is
// killed. Run returns then, whatever the command is at but what it does Whole, true and the status that
// shells know for a signal: 128 and its number.
func Run(command func(ctx context.Context) int) (status int, interrupted bool) {
	signals := make(chan os.Signal, 2)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	defer signal.Stop(signals)
	status, interrupted = run(command, signals, grace)
	if interrupted {
		awaitWhole()
	}
	return status, interrupted
}

func awaitWhole() { Within(whole, inWhole.Lock) }

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
