//go:build !unix

package child

import (
	"os"
	"os/exec"
)

func ownGroup(*exec.Cmd) {}

// signalGroup ends the command: there are no signals to send on.
func signalGroup(cmd *exec.Cmd, _ os.Signal) error { return cmd.Process.Kill() }

func exitStatus(state *os.ProcessState) int { return state.ExitCode() }
