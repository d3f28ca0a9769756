//go:build unix

package child

import (
	"os"
	"os/exec"
	"syscall"
)

// ownGroup puts a command and all that it starts into a process group of their own.
func ownGroup(cmd *exec.Cmd) { cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} }

// signalGroup sends a signal to a command and all that it started.
func signalGroup(cmd *exec.Cmd, signal os.Signal) error {
	return syscall.Kill(-cmd.Process.Pid, signal.(syscall.Signal))
}

// exitStatus returns the status that a shell would report.
func exitStatus(state *os.ProcessState) int {
	if status, ok := state.Sys().(syscall.WaitStatus); ok && status.Signaled() {
		return 128 + int(status.Signal())
	}
	return state.ExitCode()
}
