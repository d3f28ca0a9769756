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
	for name, want := range map[string]error{dir: ErrNot, os.DevNull: ErrNot, filepath.Join(dir, "none"): fs.ErrNotExist} {
		if _, err := ReadFile(name); !errors.Is(err, want) {
			t.Errorf("%s: %v", name, err)
		}
		if _, err := Open(name); !errors.Is(err, want) {
			t.Errorf("open %s: %v", name, err)
		}
	}
}
