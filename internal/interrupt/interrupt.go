// Package interrupt ends a command when a signal arrives, whatever it is doing, together
// with the processes that it has started.
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
	// look is the interval at which it is checked whether they have.
	look = 10 * time.Millisecond
	// whole is how long Run waits for calls of Whole.
	whole = 500 * time.Millisecond
)

// inWhole is held for reading during calls of Whole.
var inWhole sync.RWMutex

// Whole calls do, which must not be interrupted halfway. After a signal, Run waits a moment
// for calls that are running, and lets no further ones begin.
func Whole(do func() error) error {
	inWhole.RLock()
	defer inWhole.RUnlock()
	return do()
}

// Within calls do, which may block, and returns after a moment even if do has not.
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

// Run runs a command and returns its exit status. SIGINT and SIGTERM cancel its context; a
// moment later, or at a second signal, the processes that it has started are killed. Run
// then returns true and the usual status for a signal, 128 plus its number, without
// waiting for the command, except for calls of Whole.
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
		started := descendants() // once a child has ended, its children are not found any more
		cancel()
		await(ended, started, signals, time.After(grace))
		for _, p := range append(started, descendants()...) {
			p.kill()
		}
		return 128 + int(s.(syscall.Signal)), true
	}
}

// await waits until the command and the processes have ended, the time is over, or another
// signal arrives.
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
