package changed

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

func repository(t *testing.T) (dir string, run func(args ...string)) {
	t.Helper()
	dir, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	run = func(args ...string) {
		t.Helper()
		cmd := exec.Command("git", append([]string{"-c", "user.name=n", "-c", "user.email=e", "-c", "commit.gpgsign=false"}, args...)...)
		cmd.Dir = dir
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("git %v: %v\n%s", args, err, out)
		}
	}
	run("init", "-q")
	return dir, run
}

func write(t *testing.T, file, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(file), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
}

func TestSince(t *testing.T) {
	t.Parallel()
	dir, run := repository(t)
	at := func(name string) string { return filepath.Join(dir, name) }
	write(t, at("a.go"), "1\n2\n3\n4\n5\n")
	write(t, at("sub/ü b.go"), "1\n2\n")
	write(t, at("gone.go"), "1\n")
	write(t, at("same.go"), "1\n")
	run("add", ".")
	run("commit", "-qm", "first")
	write(t, at("a.go"), "1\nnew\n2\n4\nfive\n")
	run("commit", "-qam", "second")
	write(t, at("sub/ü b.go"), "1\n2\n3 uncommitted\n")
	write(t, at("sub/untracked.go"), "1\n2\n")
	if err := os.Remove(at("gone.go")); err != nil {
		t.Fatal(err)
	}
	lines, err := Since(t.Context(), filepath.Join(dir, "sub"), "HEAD~1")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		file        string
		first, last int
		want        bool
	}{
		{"a.go", 1, 1, false},
		{"a.go", 2, 2, true},
		{"a.go", 3, 4, false},
		{"a.go", 5, 5, true},
		{"a.go", 1, 5, true},
		{"a.go", 2, 0, true},
		{"sub/ü b.go", 2, 2, false},
		{"sub/ü b.go", 3, 3, true},
		{"sub/untracked.go", 1, 1, true},
		{"sub/untracked.go", 99, 99, true},
		{"same.go", 1, 1, false},
		{"other.go", 1, 1, false},
	} {
		if got := lines.Touch(at(c.file), c.first, c.last); got != c.want {
			t.Errorf("%s:%d-%d: %v", c.file, c.first, c.last, got)
		}
	}
}

// A repository's own configuration runs nothing.
func TestNothingOfTheRepositoryRuns(t *testing.T) {
	t.Parallel()
	dir, run := repository(t)
	mark := filepath.Join(t.TempDir(), "ran")
	write(t, filepath.Join(dir, "a.go"), "1\n")
	write(t, filepath.Join(dir, ".gitattributes"), "*.go diff=evil\n")
	run("add", ".")
	run("commit", "-qm", "first")
	script := filepath.Join(dir, "evil.sh")
	write(t, script, "#!/bin/sh\ntouch "+mark+"\n")
	if err := os.Chmod(script, 0o777); err != nil {
		t.Fatal(err)
	}
	for _, key := range []string{"diff.evil.command", "diff.evil.textconv", "diff.external", "core.fsmonitor", "core.pager"} {
		run("config", key, script)
	}
	write(t, filepath.Join(dir, "a.go"), "1\n2\n")
	lines, err := Since(t.Context(), dir, "HEAD")
	if err != nil || !lines.Touch(filepath.Join(dir, "a.go"), 2, 2) {
		t.Errorf("%v, %v", lines, err)
	}
	if _, err := os.Stat(mark); err == nil {
		t.Error("a command of the repository's configuration ran")
	}
}

func TestSinceErrors(t *testing.T) {
	t.Parallel()
	dir, run := repository(t)
	write(t, filepath.Join(dir, "a.go"), "1\n")
	run("add", ".")
	run("commit", "-qm", "first")
	for _, revision := range []string{"no-such-revision", "--output=x", ""} {
		if _, err := Since(t.Context(), dir, revision); err == nil || strings.Contains(err.Error(), "\n") {
			t.Errorf("%q: %v", revision, err)
		}
	}
	if _, err := os.Stat(filepath.Join(dir, "x")); err == nil {
		t.Error("a revision is taken for a flag")
	}
	if _, err := Since(t.Context(), t.TempDir(), "HEAD"); err == nil {
		t.Error("no repository is no error")
	}
}
