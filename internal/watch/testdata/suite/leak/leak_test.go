package leak

import (
	"testing"
	"time"

	"example.com/suite"
)

func TestFirst(t *testing.T) { leak(t, 2) }

func TestSecond(t *testing.T) {
	t.Run("alone", func(t *testing.T) { leak(t, 3) })
}

// leak waits until go test knows that the test runs, and keeps its connections long enough to be seen.
func leak(t *testing.T, n int) {
	time.Sleep(100 * time.Millisecond)
	for range n {
		suite.Connect(t)
	}
	time.Sleep(200 * time.Millisecond)
}
