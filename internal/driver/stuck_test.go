package driver

import "testing"

func TestIsRead(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]bool{
		"a.go": true, "a_test.go": true, "a.s": true, "go.mod": true, "modules.txt": true,
		"_a.go": false, ".a.go": false, "a_plan9.go": false, "a.txt": false, "a.syso": false, "pipe": false,
	} {
		if got := isRead(name); got != want {
			t.Errorf("%s: %v", name, got)
		}
	}
}
