// Package child runs the command that a subcommand is given, usually go test.
package child

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"os/signal"
	"syscall"
	"time"
)

const (
	killAfter = 10 * time.Second // how long a command may take to end after a signal
	waitDelay = 5 * time.Second  // how long to wait for processes that the command left with its output open
)

// Run runs a command in a process group of its own and returns its exit status.
// Signals to this process are sent to the whole group, and SIGTERM when the context ends;
// a second signal, or ten seconds, kill it. interrupted says whether there was any.
func Run(ctx context.Context, cmd *exec.Cmd) (status int, interrupted bool, err error) {
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
				_ = signalGroup(cmd, syscall.SIGKILL) // fails if, as it should be, no process of the group is left
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
		_ = signalGroup(cmd, toSend) // fails if the command has ended meanwhile
	}
}

// signalBehind returns the signal because of which a context has ended; SIGTERM if there
// was none.
func signalBehind(signals <-chan os.Signal) os.Signal {
	select {
	case s := <-signals:
		return s
	case <-time.After(100 * time.Millisecond):
		return syscall.SIGTERM
	}
}
