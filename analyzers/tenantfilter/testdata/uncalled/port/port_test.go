package port

import "testing"

// The package is analysed with its tests.
func TestHandler(t *testing.T) { _ = new(Handler) }
