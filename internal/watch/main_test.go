package watch

import (
	"context"
	"os"
	"os/signal"
	"syscall"
	"testing"
)

// TestMain makes the test binary the program that watching starts, too.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == "watch" {
		ctx, _ := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM) // as the command does
		os.Exit(New(nil).Main(ctx, os.Args[2:], os.Stdout, os.Stderr))
	}
	os.Exit(m.Run())
}
