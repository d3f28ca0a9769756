//go:build !unix

package testtrace

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
