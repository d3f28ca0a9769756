//go:build !unix

package watch

import (
	"errors"
	"os"
	"os/exec"
)

// replaceProcess runs the named program and ends with its status.
func replaceProcess(path string, args, environ []string) error {
	cmd := exec.Command(path, args[1:]...)
	cmd.Env = environ
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	err := cmd.Run()
	var exit *exec.ExitError
	if err == nil || errors.As(err, &exit) {
		os.Exit(cmd.ProcessState.ExitCode())
	}
	return err
}

func ownGroup(*exec.Cmd) {}

// signalGroup ends the command: there are no signals to send on.
func signalGroup(cmd *exec.Cmd, _ os.Signal) error { return cmd.Process.Kill() }

func exitStatus(state *os.ProcessState) int { return state.ExitCode() }
