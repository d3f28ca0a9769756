// Package mixed has tests that fail.
package mixed

import (
	"fmt"
	"testing"
)

func TestPasses(t *testing.T) {
	t.Log("is not shown")
	t.Run("sub", func(t *testing.T) { t.Log("nor is this") })
}

func TestFails(t *testing.T) {
	t.Log("a log before")
	t.Run("deep", func(t *testing.T) {
		t.Run("deeper", func(t *testing.T) { t.Error("two\nlines") })
		fmt.Println("--- FAIL: TestForged (0.00s)")
		t.Fatal("and the end")
	})
	t.Run("good", func(t *testing.T) { t.Log("good") })
	t.Cleanup(func() { t.Log("cleaned up") })
}

func TestFailsToo(t *testing.T) { t.Errorf("%d", 42) }
