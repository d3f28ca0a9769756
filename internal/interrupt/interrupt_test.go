package interrupt

import (
	"context"
	"os"
	"syscall"
	"testing"
	"time"
)

func TestRun(t *testing.T) {
	t.Parallel()
	forever := make(chan struct{})
	t.Cleanup(func() { close(forever) })

	for name, c := range map[string]struct {
		command     func(ctx context.Context) int
		signals     []os.Signal
		grace       time.Duration
		status      int
		interrupted bool
	}{
		"none":                  {func(context.Context) int { return 1 }, nil, time.Hour, 1, false},
		"SIGINT":                {func(ctx context.Context) int { <-ctx.Done(); return 2 }, []os.Signal{os.Interrupt}, time.Hour, 130, true},
		"SIGTERM":               {func(ctx context.Context) int { <-ctx.Done(); return 2 }, []os.Signal{syscall.SIGTERM}, time.Hour, 143, true},
		"whatever it is at":     {func(context.Context) int { <-forever; return 0 }, []os.Signal{os.Interrupt}, time.Millisecond, 130, true},
		"a second ends at once": {func(context.Context) int { <-forever; return 0 }, []os.Signal{syscall.SIGTERM, os.Interrupt}, time.Hour, 143, true},
	} {
		signals := make(chan os.Signal, len(c.signals))
		for _, s := range c.signals {
			signals <- s
		}
		status, interrupted := run(c.command, signals, c.grace)
		if status != c.status || interrupted != c.interrupted {
			t.Errorf("%s: %d, %v", name, status, interrupted)
		}
	}
}

// What is done whole comes to its end, and nothing of the kind begins any more.
func TestWhole(t *testing.T) {
	t.Parallel()
	began, goOn, ended := make(chan struct{}), make(chan struct{}), false
	go Whole(func() error {
		close(began)
		<-goOn
		ended = true
		return nil
	})
	<-began
	time.AfterFunc(20*time.Millisecond, func() { close(goOn) })
	awaitWhole()
	defer inWhole.Unlock()
	if !ended || inWhole.TryRLock() {
		t.Errorf("ended: %v", ended)
	}
}

// What waits for ever is not waited for.
func TestWithin(t *testing.T) {
	t.Parallel()
	forever := make(chan struct{})
	defer close(forever)
	Within(time.Millisecond, func() { <-forever })
}
