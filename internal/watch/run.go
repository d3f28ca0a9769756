package watch

import (
	"context"
	"io"
	"os"
	"os/exec"
	"slices"
	"time"

	"github.com/poollint/poollint/internal/child"
	"github.com/poollint/poollint/internal/testtrace"
)

const (
	settleTime  = 2 * time.Second // how long sessions may take to end after the command has
	settlePause = 5 * time.Millisecond
)

// watchedRun is a running command and what was observed of it.
type watchedRun struct {
	command  []string
	environ  []string
	sampler  *sampler
	trace    *testtrace.Trace
	timeline *timeline
	ended    time.Time
}

// run runs the command, and samples until a little after its end.
func (w *watchedRun) run(ctx context.Context, every time.Duration, stdout, stderr io.Writer) (status int, stopped bool, err error) {
	// When ctx ends, the command does; sampling ends after the command.
	sampling, stop := context.WithCancel(context.WithoutCancel(ctx))
	sampled := make(chan struct{})
	go func() {
		defer close(sampled)
		w.sampler.watch(sampling, every, w.trace, w.timeline)
	}()

	cmd := exec.Command(w.command[0], w.command[1:]...)
	cmd.Env = w.environ
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, stdout, stderr
	status, stopped, err = child.Run(ctx, cmd)
	w.ended = time.Now()
	w.settle()
	stop()
	<-sampled
	return status, stopped, err
}

// settle waits until a sample shows no session, for a limited time.
func (w *watchedRun) settle() {
	limited, cancel := context.WithTimeout(context.Background(), settleTime)
	defer cancel()
	for limited.Err() == nil && w.sampler.count(limited) != 0 {
		pause(limited, settlePause)
	}
}

// withFlag returns an environment whose GOFLAGS have one more flag.
func withFlag(environ []string, goflags, flag string) []string {
	if goflags != "" {
		flag = goflags + " " + flag
	}
	return append(slices.Clone(environ), "GOFLAGS="+flag)
}
