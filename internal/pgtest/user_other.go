//go:build !linux

package pgtest

import "syscall"

// Elsewhere tests run as an ordinary user, as whom postgres starts.

func giveToServerUser(string) error { return nil }

func asServerUser() *syscall.SysProcAttr { return nil }
