package watch

import (
	"context"
	"os"
	"testing"
)

// TestMain makes the test binary the program that watching starts, too.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == "watch" {
		os.Exit(Command{}.Main(context.Background(), os.Args[2:], os.Stdout, os.Stderr, os.Environ()))
	}
	os.Exit(m.Run())
}
