package printable

import (
	"path/filepath"
	"testing"
)

func TestPath(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	outside := filepath.Join(filepath.Dir(dir), "other.go")
	for file, want := range map[string]string{
		filepath.Join(dir, "a", "b.go"): "a/b.go",
		outside:                         outside,
	} {
		if got := Path(dir, file); got != want {
			t.Errorf("%s: got %s, want %s", file, got, want)
		}
	}
}
