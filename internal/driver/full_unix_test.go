//go:build linux || darwin

package driver

import (
	"os/signal"
	"syscall"
)

// limitFiles has every write beyond a size fail from now on, as on a full disk.
func limitFiles(bytes uint64) {
	signal.Ignore(syscall.SIGXFSZ)
	var limit syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_FSIZE, &limit); err != nil {
		panic(err)
	}
	limit.Cur = bytes
	if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &limit); err != nil {
		panic(err)
	}
}
