package watch

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"syscall"
	"time"
)

const (
	killAfter = 10 * time.Second // a command that was asked to end and does not
	waitDelay = 5 * time.Second  // for what the command started and left with its output open
)

// runChild runs a command in a process group of its own and returns its exit
// status. Signals to this process, and the end of the context, go to the whole
// group; a second signal, or ten seconds, kills it. interrupted tells whether any came.
func runChild(ctx context.Context, cmd *exec.Cmd) (status int, interrupted bool, err error) {
	signals := make(chan os.Signal, 4)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	defer signal.Stop(signals)

	ownGroup(cmd)
	cmd.WaitDelay = waitDelay
	if err := cmd.Start(); err != nil {
		return 0, false, err
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()

	done := ctx.Done()
	var kill <-chan time.Time
	for {
		var toSend os.Signal
		select {
		case err := <-ended:
			if interrupted {
				_ = signalGroup(cmd, syscall.SIGKILL) // fails where, as it should, nothing of the group is left
			}
			var exit *exec.ExitError
			if err == nil || errors.As(err, &exit) || errors.Is(err, exec.ErrWaitDelay) {
				return exitStatus(cmd.ProcessState), interrupted, nil
			}
			return 0, interrupted, err
		case toSend = <-signals:
			done = nil
		case <-done:
			toSend, done = signalBehind(signals), nil
		case <-kill:
			toSend = syscall.SIGKILL
		}
		if interrupted {
			toSend = syscall.SIGKILL
		}
		interrupted = true
		kill = time.After(killAfter)
		_ = signalGroup(cmd, toSend) // the command may have ended meanwhile
	}
}

// signalBehind returns the signal that has ended a context, where it was one, else SIGTERM.
func signalBehind(signals <-chan os.Signal) os.Signal {
	select {
	case s := <-signals:
		return s
	case <-time.After(100 * time.Millisecond):
		return syscall.SIGTERM
	}
}

// lineWriter hands on what is written to it line by line.
type lineWriter struct {
	rest []byte
	line func([]byte) error
}

var _ io.Writer = (*lineWriter)(nil)

func (w *lineWriter) Write(p []byte) (int, error) {
	w.rest = append(w.rest, p...)
	for {
		end := bytes.IndexByte(w.rest, '\n')
		if end < 0 {
			return len(p), nil
		}
		if err := w.line(w.rest[:end+1]); err != nil {
			return 0, err
		}
		w.rest = w.rest[end+1:]
	}
}

// flush hands on the last line, if no newline ends it.
func (w *lineWriter) flush() error {
	if len(w.rest) == 0 {
		return nil
	}
	return w.line(w.rest)
}
