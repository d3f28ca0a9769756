package greedy

import (
	"testing"
	"time"

	"example.com/suite"
)

// TestGreedy opens connections until the server refuses.
func TestGreedy(t *testing.T) {
	t.Cleanup(func() { time.Sleep(100 * time.Millisecond) })
	for {
		suite.Connect(t)
	}
}
