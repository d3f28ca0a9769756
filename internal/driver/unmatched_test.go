package driver

import "testing"

// Patterns are compared with files until that has taken too long; then none is said to match nothing.
func TestPatternEffort(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		pattern string
		effort  int
		want    bool
	}{
		{"a/**", maxEffort, true},
		{"b/**", maxEffort, false},
		{"b/**", len("b/**")*len("a/b.go") - 1, true},
	} {
		s := &scope{goFiles: []string{"a/b.go"}, effort: c.effort}
		if got := s.hasGoFile(c.pattern); got != c.want {
			t.Errorf("%s with %d: %v", c.pattern, c.effort, got)
		}
	}
}

// What the go command says of an unsaved file does not tell where its text was for a while.
func TestTemporaryNames(t *testing.T) {
	t.Parallel()
	const said = "# example.com/m\n/tmp/gocommand-660082892/1-more.go:2:18: cannot use"
	if got := temporary.ReplaceAllString(said, ""); got != "# example.com/m\nmore.go:2:18: cannot use" {
		t.Errorf("%q", got)
	}
}
