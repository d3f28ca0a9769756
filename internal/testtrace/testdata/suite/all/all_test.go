// Package all has a test of every kind.
package all

import (
	"errors"
	"fmt"
	"os"
	"testing"
)

func TestSerial(t *testing.T) { t.Run("sub", func(*testing.T) {}) }

func TestParallel(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"a", "b c"} {
		t.Run(name, func(t *testing.T) { t.Parallel() })
	}
}

func TestRefused(t *testing.T) {
	t.Log(errors.New("FATAL: sorry, too many clients already (SQLSTATE 53300)"))
	t.Log("another message")
}

// TestSessionName prints what a database driver would name its sessions.
func TestSessionName(t *testing.T) { fmt.Println("name", os.Getenv("PGAPPNAME")) }

func FuzzSeeds(f *testing.F) {
	f.Add("seed")
	f.Fuzz(func(*testing.T, string) {})
}

func BenchmarkAll(b *testing.B) {
	b.Run("sub", func(b *testing.B) {
		for range b.N {
		}
	})
}

func Example() {
	fmt.Println("hello")
	// Output: hello
}
