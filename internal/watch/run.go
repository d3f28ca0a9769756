package watch

import (
	"context"
	"errors"
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
	plan     plan
	sampler  *sampler
	timeline *timeline
	log      *testLog
	live     *live
	ended    time.Time

	mu     sync.Mutex
	latest sample
}

// run runs the command, and samples until a little after its end.
func (w *watchedRun) run(ctx context.Context, every time.Duration, stdout, stderr io.Writer, environ []string) (status int, stopped bool, err error) {
	// When ctx ends, the command does; sampling ends after the command.
	sampling, stop := context.WithCancel(context.WithoutCancel(ctx))
	sampled := make(chan struct{})
	go func() {
		defer close(sampled)
		w.sampler.watch(sampling, every, w.timeline, w.see)
	}()

	status, stopped, err = w.runCommand(ctx, stdout, stderr, environ)
	w.ended = time.Now()
	w.settle(every)
	stop()
	<-sampled
	w.live.clear()
	return status, stopped, err
}

func (w *watchedRun) see(s sample) {
	w.mu.Lock()
	w.latest = s
	w.mu.Unlock()
	w.live.update(s)
}

// settle waits until no session is left, for a limited time.
func (w *watchedRun) settle(every time.Duration) {
	time.Sleep(2 * every) // for a sample that began after the command's end
	for deadline := time.Now().Add(settleTime); time.Now().Before(deadline); time.Sleep(every) {
		w.mu.Lock()
		left := w.latest.total
		w.mu.Unlock()
		if left == 0 {
			return
		}
	}
}

func (w *watchedRun) runCommand(ctx context.Context, stdout, stderr io.Writer, environ []string) (status int, stopped bool, err error) {
	cmd := exec.Command(w.plan.command[0], w.plan.command[1:]...)
	cmd.Env = append(slices.Clone(environ), "GOFLAGS="+w.plan.goflags)
	cmd.Stdin = os.Stdin
	if !w.plan.events {
		cmd.Stdout, cmd.Stderr = stdout, stderr
		return child.Run(ctx, cmd)
	}
	out := w.live.writer(stdout)
	printer := newPrinter(out, w.plan.verbose)
	lines := &lineWriter{line: func(line []byte) error {
		event, ok := parseEvent(line)
		if ok {
			w.log.add(event)
		}
		if ok && !w.plan.asked {
			return printer.print(event)
		}
		_, err := out.Write(line)
		return err
	}}
	cmd.Stdout, cmd.Stderr = lines, w.live.writer(stderr)
	status, stopped, err = child.Run(ctx, cmd)
	return status, stopped, errors.Join(err, lines.flush(), printer.flush())
}
