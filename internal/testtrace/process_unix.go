//go:build unix

package testtrace

import "syscall"

// replaceProcess makes this process the named program, so that signals and exit status stay its own.
func replaceProcess(path string, args, environ []string) error {
	return syscall.Exec(path, args, environ)
}
