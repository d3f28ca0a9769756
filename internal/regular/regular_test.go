package regular

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
)

func TestReadFile(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	file := filepath.Join(dir, "file")
	if err := os.WriteFile(file, []byte("text"), 0o666); err != nil {
		t.Fatal(err)
	}
	if text, err := ReadFile(file); string(text) != "text" || err != nil {
		t.Errorf("%q, %v", text, err)
	}
	if _, err := ReadUpTo(3, file); !errors.Is(err, ErrLarge) {
		t.Errorf("too large: %v", err)
	}
	if text, err := ReadUpTo(4, file); string(text) != "text" || err != nil {
		t.Errorf("just large enough: %q, %v", text, err)
	}
	huge := filepath.Join(dir, "huge")
	if err := errors.Join(os.WriteFile(huge, nil, 0o666), os.Truncate(huge, 1<<50)); err == nil { // where files may have holes
		if _, err := ReadFile(huge); !errors.Is(err, ErrLarge) {
			t.Errorf("huge: %v", err)
		}
	}
	for name, want := range map[string]error{dir: ErrNot, os.DevNull: ErrNot, filepath.Join(dir, "none"): fs.ErrNotExist} {
		if _, err := ReadFile(name); !errors.Is(err, want) {
			t.Errorf("%s: %v", name, err)
		}
		if _, err := Open(name); !errors.Is(err, want) {
			t.Errorf("open %s: %v", name, err)
		}
	}
}
