package driver

import (
	"slices"
	"testing"
)

func TestBelow(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		top, dir string
		want     []string
	}{
		{"/m", "/m/a/b", []string{"/m/a/b", "/m/a"}},
		{"/m", "/m", nil},
		{"/", "/a", []string{"/a"}},
		{"/m", "/more/a", nil}, // a package outside its module's directory
		{"/m/a", "/m", nil},
		{"", "/m/vendor/a", nil}, // a vendored module has no directory
		{"/m", "", nil},
	} {
		if got := slices.Collect(below(c.top, c.dir)); !slices.Equal(got, c.want) {
			t.Errorf("%q in %q: %q, not %q", c.dir, c.top, got, c.want)
		}
	}
}
