package config

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"
)

// tree writes files, by name, below a new directory.
func tree(t *testing.T, files map[string]string) string {
	t.Helper()
	root := t.TempDir()
	for name, content := range files {
		file := filepath.Join(root, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(content), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	return root
}

func TestFilesStayInside(t *testing.T) {
	t.Parallel()
	outside := tree(t, map[string]string{"secret": "s"})
	root := tree(t, map[string]string{"db/a.sql": "a", "big": strings.Repeat("x", maxFileSize+1)})
	for link, target := range map[string]string{
		"out":    filepath.Join(outside, "secret"),
		"outdir": outside,
		"up":     "../" + filepath.Base(outside) + "/secret",
		"in":     "db/a.sql",
	} {
		if err := os.Symlink(target, filepath.Join(root, link)); err != nil {
			t.Fatal(err)
		}
	}
	if err := syscall.Mkfifo(filepath.Join(root, "pipe"), 0o666); err != nil {
		t.Fatal(err)
	}
	files := NewFiles(root)
	for _, name := range []string{"out", "outdir/secret", "up", "../" + filepath.Base(outside) + "/secret", filepath.Join(outside, "secret"), "..", "pipe", "big", "db", ""} {
		if data, err := files.ReadFile(name); err == nil {
			t.Errorf("ReadFile(%q) = %.10q", name, data)
		}
	}
	for _, name := range []string{"in", "db/a.sql", "./db/../db/a.sql"} {
		if data, err := files.ReadFile(name); err != nil || string(data) != "a" {
			t.Errorf("ReadFile(%q) = %q, %v", name, data, err)
		}
	}
	if _, err := files.ReadDir("outdir"); err == nil {
		t.Error("ReadDir(outdir) succeeds")
	}
}

func TestFilesKnowWhatWasRead(t *testing.T) {
	t.Parallel()
	start := map[string]string{"db/a.sql": "a", "db/b.sql": "b", "other/c.sql": "c"}
	changes := map[string]func(root string) error{
		"edit":   func(root string) error { return os.WriteFile(filepath.Join(root, "db/a.sql"), []byte("A"), 0o666) },
		"create": func(root string) error { return os.WriteFile(filepath.Join(root, "db/new.sql"), nil, 0o666) },
		"remove": func(root string) error { return os.Remove(filepath.Join(root, "db/b.sql")) },
		"appear": func(root string) error { return os.WriteFile(filepath.Join(root, ".env.test"), nil, 0o666) },
		"kind": func(root string) error {
			return errors.Join(os.Remove(filepath.Join(root, "db/b.sql")), os.Mkdir(filepath.Join(root, "db/b.sql"), 0o777))
		},
	}
	for name, change := range changes {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			root := tree(t, start)
			files := NewFiles(root)
			matches, err := fs.Glob(files, "db/*.sql")
			if err != nil || !slices.Equal(matches, []string{"db/a.sql", "db/b.sql"}) {
				t.Fatal(matches, err)
			}
			for _, name := range matches {
				if _, err := files.ReadFile(name); err != nil {
					t.Fatal(err)
				}
			}
			if _, err := files.ReadFile(".env.test"); !errors.Is(err, fs.ErrNotExist) {
				t.Fatal(err)
			}
			if err := os.WriteFile(filepath.Join(root, "other/c.sql"), []byte("C"), 0o666); err != nil {
				t.Fatal(err)
			}
			if !NewFiles(root).Unchanged(files.Reads()) {
				t.Error("a file that was not read counts as read")
			}
			if err := change(root); err != nil {
				t.Fatal(err)
			}
			if NewFiles(root).Unchanged(files.Reads()) {
				t.Error("the change is not seen")
			}
		})
	}
}

// A file that was asked for before is not read again while it has its identity, and is once it has
// not: also where its size and the time of its modification are the same.
func TestUnchangedByIdentity(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	file := filepath.Join(root, "schema.sql")
	put := func(text string) {
		t.Helper()
		if err := os.WriteFile(file, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
		at := time.Unix(1e9, 0)
		if err := os.Chtimes(file, at, at); err != nil {
			t.Fatal(err)
		}
		time.Sleep(60 * time.Millisecond) // else it is too young
	}
	put("first")
	files := NewFiles(root)
	if _, err := files.ReadFile("schema.sql"); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if !NewFiles(root).Unchanged(files.Reads()) {
			t.Error("it changes by itself")
		}
	}
	info, err := os.Stat(file)
	if err != nil {
		t.Fatal(err)
	}
	contents.Of(file, info, time.Now(), func() (string, bool) {
		t.Error("it is read each time")
		return "", false
	})
	put("other")
	for range 2 {
		if NewFiles(root).Unchanged(files.Reads()) {
			t.Error("the change is not seen")
		}
	}
	put("first")
	if !NewFiles(root).Unchanged(files.Reads()) {
		t.Error("what is undone counts as changed")
	}
	if err := os.Remove(file); err != nil {
		t.Fatal(err)
	}
	if NewFiles(root).Unchanged(files.Reads()) {
		t.Error("the file is gone, and nobody sees it")
	}
}
