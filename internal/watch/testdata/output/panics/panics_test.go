package panics

import "testing"

func TestBefore(t *testing.T) { t.Log("before") }

func TestPanics(t *testing.T) {
	t.Run("sub", func(*testing.T) {
		var m map[string]int
		m["a"] = 1
	})
}
