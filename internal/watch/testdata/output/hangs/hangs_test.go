package hangs

import (
	"syscall"
	"testing"
	"time"
)

func TestHangs(*testing.T) { time.Sleep(time.Minute) }

func TestKilled(*testing.T) { syscall.Kill(syscall.Getpid(), syscall.SIGKILL) }
