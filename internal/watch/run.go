package watch

import (
	"context"
	"io"
	"os"
	"os/exec"
	"slices"
	"sync"
	"time"

	"github.com/poollint/poollint/internal/child"
)

// settleTime is how long sessions may take to end after the command has.
const settleTime = 2 * time.Second

// watchedRun is a running command and what was observed of it.
type watchedRun struct {
	command  []string
	environ  []string
	sampler  *sampler
	timeline *timeline
	ended    time.Time

	mu   sync.Mutex
	left int // sessions in the latest sample
}

// run runs the command, and samples until a little after its end.
func (w *watchedRun) run(ctx context.Context, every time.Duration, stdout, stderr io.Writer) (status int, stopped bool, err error) {
	// When ctx ends, the command does; sampling ends after the command.
	sampling, stop := context.WithCancel(context.WithoutCancel(ctx))
	sampled := make(chan struct{})
	go func() {
		defer close(sampled)
		w.sampler.watch(sampling, every, w.timeline, w.see)
	}()

	cmd := exec.Command(w.command[0], w.command[1:]...)
	cmd.Env = w.environ
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, stdout, stderr
	status, stopped, err = child.Run(ctx, cmd)
	w.ended = time.Now()
	w.settle(every)
	stop()
	<-sampled
	return status, stopped, err
}

func (w *watchedRun) see(sessions int) {
	w.mu.Lock()
	w.left = sessions
	w.mu.Unlock()
}

// settle waits until no session is left, for a limited time.
func (w *watchedRun) settle(every time.Duration) {
	time.Sleep(2 * every) // for a sample that began after the command's end
	for deadline := time.Now().Add(settleTime); time.Now().Before(deadline); time.Sleep(every) {
		w.mu.Lock()
		left := w.left
		w.mu.Unlock()
		if left == 0 {
			return
		}
	}
}

// withFlag returns an environment whose GOFLAGS have one more flag.
func withFlag(environ []string, goflags, flag string) []string {
	if goflags != "" {
		flag = goflags + " " + flag
	}
	return append(slices.Clone(environ), "GOFLAGS="+flag)
}
