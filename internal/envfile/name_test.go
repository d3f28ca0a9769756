package envfile

import "testing"

func TestNames(t *testing.T) {
	t.Parallel()
	for name, want := range map[string][2]bool{
		".env": {true, false}, ".env.test": {true, true}, "test.env": {true, true}, ".env.testing.local": {true, true},
		"env.go": {false, false}, "prod.env": {false, false}, "": {false, false},
	} {
		if got := [2]bool{Is(name), ForTests(name)}; got != want {
			t.Errorf("%q: an environment, and of tests: %v, want %v", name, got, want)
		}
	}
	for _, name := range Names {
		if !Is(name) {
			t.Errorf("%q is not known", name)
		}
	}
}
