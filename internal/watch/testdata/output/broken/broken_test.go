package broken

import "testing"

func TestBroken(t *testing.T) { t.Log(missing) }
