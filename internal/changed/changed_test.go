package changed

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
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
		{"a.go", 3, 3, false},
		{"a.go", 4, 4, false},
		{"a.go", 3, 4, true}, // what stood between is gone
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

// numbered is a file of some lines, long enough to be known again.
func numbered(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintln(&b, "line", i)
	}
	return b.String()
}

// A renamed file is new where it differs.
func TestRenames(t *testing.T) {
	t.Parallel()
	dir, run := repository(t)
	write(t, filepath.Join(dir, "a.go"), numbered(20))
	write(t, filepath.Join(dir, "same.go"), numbered(30))
	run("add", ".")
	run("commit", "-qm", "first")
	run("config", "diff.renames", "false")
	run("config", "diff.noprefix", "true")
	run("mv", "a.go", "b.go")
	run("mv", "same.go", "moved.go")
	write(t, filepath.Join(dir, "b.go"), strings.Replace(numbered(20), "line 7\n", "line 7\nmore\n", 1))
	lines, err := Since(t.Context(), dir, "HEAD")
	if err != nil {
		t.Fatal(err)
	}
	want := Lines{filepath.Join(dir, "b.go"): {{first: 9, last: 9, added: []string{"more"}}}}
	if !reflect.DeepEqual(lines, want) {
		t.Errorf("%v, want %v", lines, want)
	}
}

// What was removed between two lines is told, and whether a function has another name only.
func TestRemovedAndRenamed(t *testing.T) {
	t.Parallel()
	dir, run := repository(t)
	file := filepath.Join(dir, "a.go")
	write(t, file, "gone\n1\n2\n3 old\n4\n--5\n6\nfunc (s *S) TestOld(t *T) {\n8\nfunc A(int) {\nfunc B() {\n")
	run("add", ".")
	run("commit", "-qm", "first")
	write(t, file, "1\n2\n3 new\n4\n6\nfunc (s *S) TestNew(t *T) {\n8\nfunc A2(string) {\nfunc B2() {\n")
	lines, err := Since(t.Context(), dir, "HEAD")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		first, last int
		want        string
	}{{1, 2, ""}, {3, 3, "3 old"}, {4, 4, ""}, {4, 5, "--5"}, {5, 5, ""}, {1, 5, "3 old --5"}} {
		if got := strings.Join(lines.Removed(file, c.first, c.last), " "); got != c.want {
			t.Errorf("between %d and %d: %q, not %q", c.first, c.last, got, c.want)
		}
		if got := lines.Touch(file, c.first, c.last); got != (c.want != "") {
			t.Errorf("touch %d-%d: %v", c.first, c.last, got)
		}
	}
	for line, want := range map[int]bool{3: false, 6: true, 7: false, 8: false, 9: true} {
		if got := lines.Renamed(file, line); got != want {
			t.Errorf("line %d is renamed: %v", line, got)
		}
	}
}

func TestSinceMergeBase(t *testing.T) {
	t.Parallel()
	dir, run := repository(t)
	file := filepath.Join(dir, "a.go")
	write(t, file, "1\n2\n3\n")
	run("add", ".")
	run("commit", "-qm", "first")
	run("branch", "main2")
	write(t, file, "1\n2\n3\nours\n")
	run("commit", "-qam", "ours")
	run("checkout", "-q", "main2")
	write(t, file, "1\n2 theirs\n3\n")
	run("commit", "-qam", "theirs")
	run("checkout", "-q", "-")
	for name, c := range map[string]struct {
		since func(context.Context, string, string) (Lines, error)
		want  Lines
	}{
		"the branch":     {Since, Lines{file: {{first: 2, last: 2, removed: []string{"2 theirs"}, added: []string{"2"}}, {first: 4, last: 4, added: []string{"ours"}}}}},
		"the merge base": {SinceMergeBase, Lines{file: {{first: 4, last: 4, added: []string{"ours"}}}}},
	} {
		if lines, err := c.since(t.Context(), dir, "main2"); err != nil || !reflect.DeepEqual(lines, c.want) {
			t.Errorf("%s: %v, %v, want %v", name, lines, err, c.want)
		}
	}
	run("checkout", "-q", "--orphan", "other")
	run("commit", "-qm", "other")
	if _, err := SinceMergeBase(t.Context(), dir, "main2"); err == nil || err.Error() != "main2 and HEAD have no commit in common in this clone" {
		t.Errorf("%v", err)
	}
}

// What a clone lacks, it says how to fetch.
func TestClones(t *testing.T) {
	t.Parallel()
	dir, run := repository(t)
	write(t, filepath.Join(dir, "a.go"), "1\n")
	run("add", ".")
	run("commit", "-qm", "first")
	run("branch", "fork")
	run("commit", "-qm", "second", "--allow-empty")
	run("branch", "trunk")
	run("checkout", "-q", "fork")
	run("commit", "-qm", "third", "--allow-empty")
	clone := filepath.Join(t.TempDir(), "clone")
	run("clone", "-q", "file://"+dir, clone)
	const remedy = `this clone has no commit "trunk"; did you mean origin/trunk?`
	if _, err := SinceMergeBase(t.Context(), clone, "trunk"); err == nil || err.Error() != remedy {
		t.Errorf("%v, want %s", err, remedy)
	}
	if _, err := SinceMergeBase(t.Context(), clone, "origin/trunk"); err != nil {
		t.Error(err)
	}
	few := filepath.Join(t.TempDir(), "few")
	run("clone", "-q", "--depth=1", "--no-single-branch", "file://"+dir, few)
	for revision, want := range map[string]string{
		"HEAD~1":       `this clone has no commit "HEAD~1", as it is shallow: git fetch --unshallow; `,
		"origin/trunk": `origin/trunk and HEAD have no commit in common in this clone, as it is shallow: git fetch --unshallow; `,
	} {
		if _, err := SinceMergeBase(t.Context(), few, revision); err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%v, want %s", err, want)
		}
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
