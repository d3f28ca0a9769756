package snapshot

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestUnchanged(t *testing.T) {
	t.Parallel()
	later := func() time.Time { return time.Now().Add(time.Second) }
	for name, c := range map[string]struct {
		change func(dir string) error
		same   bool
	}{
		"nothing":       {func(string) error { return nil }, true},
		"elsewhere":     {func(dir string) error { return os.WriteFile(filepath.Join(dir, "sub/deeper"), nil, 0o666) }, true},
		"written alike": {func(dir string) error { return os.WriteFile(filepath.Join(dir, "file"), []byte("a"), 0o666) }, true},
		"same size": {func(dir string) error {
			file := filepath.Join(dir, "file")
			info, err := os.Stat(file)
			if err != nil {
				return err
			}
			return errors.Join(os.WriteFile(file, []byte("b"), 0o666), os.Chtimes(file, info.ModTime(), info.ModTime()))
		}, false},
		"removed": {func(dir string) error { return os.Remove(filepath.Join(dir, "file")) }, false},
		"replaced": {func(dir string) error {
			other := filepath.Join(t.TempDir(), "other")
			return errors.Join(os.WriteFile(other, []byte("c"), 0o666), os.Rename(other, filepath.Join(dir, "file")))
		}, false},
		"new in a directory": {func(dir string) error { return os.WriteFile(filepath.Join(dir, "new"), nil, 0o666) }, false},
		"appeared":           {func(dir string) error { return os.WriteFile(filepath.Join(dir, "absent"), nil, 0o666) }, false},
		"directory for file": {func(dir string) error {
			return errors.Join(os.Remove(filepath.Join(dir, "file")), os.Mkdir(filepath.Join(dir, "file"), 0o777))
		}, false},
		"another target": {func(dir string) error {
			link := filepath.Join(dir, "link")
			return errors.Join(os.Remove(link), os.Symlink("other", link))
		}, false},
		"target edited": {func(dir string) error { return os.WriteFile(filepath.Join(dir, "target"), []byte("y"), 0o666) }, false},
		"link broken":   {func(dir string) error { return os.Remove(filepath.Join(dir, "target")) }, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			for file, content := range map[string]string{"file": "a", "target": "x", "other": "z"} {
				if err := os.WriteFile(filepath.Join(dir, file), []byte(content), 0o666); err != nil {
					t.Fatal(err)
				}
			}
			if err := errors.Join(os.Mkdir(filepath.Join(dir, "sub"), 0o777), os.Symlink("target", filepath.Join(dir, "link"))); err != nil {
				t.Fatal(err)
			}
			var inputs []Input
			for _, path := range []string{"", "file", "absent", "link"} {
				in, err := Take(filepath.Join(dir, path), later())
				if err != nil {
					t.Fatal(err)
				}
				inputs = append(inputs, in)
			}
			if err := c.change(dir); err != nil {
				t.Fatal(err)
			}
			same := true
			for _, in := range inputs {
				same = same && in.Unchanged()
			}
			if same != c.same {
				t.Errorf("unchanged: %v, want %v", same, c.same)
			}
		})
	}
}

func TestTakeRefusesWhatHasJustChanged(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o666); err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(file)
	if err != nil {
		t.Fatal(err)
	}
	if _, ok := Of(info); !ok {
		t.Skip("this system tells no identity")
	}
	if _, err := Take(file, time.Now()); err == nil {
		t.Error("a file that has just been written is taken")
	}
	old := time.Now().Add(-time.Hour)
	if err := os.Chtimes(file, old, old); err != nil {
		t.Fatal(err)
	}
	if _, err := Take(file, time.Now()); err == nil {
		t.Error("a file that pretends to be old is taken")
	}
}

// What is neither file nor directory is not read.
func TestDeviceIsAnInput(t *testing.T) {
	t.Parallel()
	in, err := Take(os.DevNull, time.Now().Add(time.Hour))
	if err != nil || in.Digest == "" {
		t.Fatalf("%+v, %v", in, err)
	}
	if !in.Unchanged() {
		t.Error("it changed")
	}
}

// What the go command keeps in its build cache is as it was while it is there,
// whatever its times.
func TestNamedByContent(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), strings.Repeat("0a", 32)+"-d")
	if err := os.WriteFile(path, []byte("content"), 0o666); err != nil {
		t.Fatal(err)
	}
	in, err := Take(path, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	used := time.Now().Add(time.Hour)
	if err := os.Chtimes(path, used, used); err != nil {
		t.Fatal(err)
	}
	if !in.Unchanged() {
		t.Error("its time counts")
	}
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	if in.Unchanged() {
		t.Error("it is gone, and taken for unchanged")
	}
}
