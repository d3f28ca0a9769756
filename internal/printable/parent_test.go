package printable

import (
	"strings"
	"testing"
)

func TestParent(t *testing.T) {
	t.Parallel()
	for packages, want := range map[string]string{
		"":                        "",
		"a":                       "",
		"a/b":                     "a/",
		"a/b a/b/c a/b/d":         "a/",
		"a.com/x/y a.com/x/z":     "a.com/x/",
		"a.com/x/yes a.com/x/yet": "a.com/x/",
		"a.com/x b.com/x":         "",
		"a/b c":                   "",
	} {
		if got := Parent(strings.Fields(packages)); got != want {
			t.Errorf("%s: %q, want %q", packages, got, want)
		}
	}
}
