// Package changed tells which lines of a git work tree are new since a revision.
package changed

import (
	"context"
	"fmt"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/poollint/poollint/internal/git"
)

// Lines are the lines that were added or changed, by absolute path.
type Lines map[string][]span

// span is a range of lines, both ends included; last 0 is the end of the file.
type span struct{ first, last int }

// Since returns the lines of the work tree around dir that the revision does not have. A file
// that was renamed since has the lines that differ, one that git does not know yet all.
func Since(ctx context.Context, dir, revision string) (Lines, error) {
	commit, err := commitOf(ctx, dir, revision)
	if err != nil {
		return nil, err
	}
	return since(ctx, dir, commit)
}

// SinceMergeBase is Since for the commit at which HEAD left the history of the revision.
func SinceMergeBase(ctx context.Context, dir, revision string) (Lines, error) {
	commit, err := commitOf(ctx, dir, revision)
	if err != nil {
		return nil, err
	}
	base, err := git.Output(ctx, dir, "merge-base", commit, "HEAD")
	if err != nil {
		return nil, fmt.Errorf("%s and HEAD have no commit in common in this clone%s", revision, shallow(ctx, dir, ""))
	}
	return since(ctx, dir, strings.TrimSpace(string(base)))
}

// commitOf returns the commit that a revision names.
func commitOf(ctx context.Context, dir, revision string) (string, error) {
	if _, err := git.Output(ctx, dir, "rev-parse", "--git-dir"); err != nil {
		return "", err
	}
	commit := func(name string) (string, error) {
		out, err := git.Output(ctx, dir, "rev-parse", "--verify", "--quiet", "--end-of-options", name+"^{commit}")
		return strings.TrimSpace(string(out)), err
	}
	found, err := commit(revision)
	if err == nil {
		return found, nil
	}
	remedy := "; fetch it, or name another"
	if _, err := commit("origin/" + revision); err == nil {
		remedy = "; did you mean origin/" + revision + "?"
	}
	return "", fmt.Errorf("this clone has no commit %q%s", revision, shallow(ctx, dir, remedy))
}

// shallow says how to fetch the history that a shallow clone lacks. Of other clones it says
// otherwise.
func shallow(ctx context.Context, dir, otherwise string) string {
	out, err := git.Output(ctx, dir, "rev-parse", "--is-shallow-repository")
	if err != nil || strings.TrimSpace(string(out)) != "true" {
		return otherwise
	}
	return ", as it is shallow: git fetch --unshallow; in CI, fetch-depth: 0 (actions/checkout), GIT_DEPTH: 0 (GitLab)"
}

func since(ctx context.Context, dir, commit string) (Lines, error) {
	root, err := git.Output(ctx, dir, "rev-parse", "--show-toplevel")
	if err != nil {
		return nil, err
	}
	base := strings.TrimSuffix(string(root), "\n")
	diff, err := git.Output(ctx, base, "diff", "--unified=0", "--no-color", "--no-ext-diff", "--no-textconv", "--find-renames",
		"--src-prefix=a/", "--dst-prefix=b/", commit, "--")
	if err != nil {
		return nil, err
	}
	untracked, err := git.Output(ctx, base, "ls-files", "--others", "--exclude-standard", "-z")
	if err != nil {
		return nil, err
	}
	lines := Lines{}
	if err := lines.addDiff(base, diff); err != nil {
		return nil, err
	}
	for name := range strings.SplitSeq(string(untracked), "\x00") {
		if name != "" {
			lines[filepath.Join(base, name)] = []span{{1, 0}}
		}
	}
	return lines, nil
}

// addDiff reads the added lines from a diff without context.
func (l Lines) addDiff(base string, diff []byte) error {
	file := ""
	for line := range strings.Lines(string(diff)) {
		line = strings.TrimRight(line, "\r\n")
		switch {
		case strings.HasPrefix(line, "diff --git "):
			file = ""
		case file == "" && strings.HasPrefix(line, "+++ "):
			name := strings.TrimPrefix(line, "+++ ")
			if unquoted, err := strconv.Unquote(name); err == nil {
				name = unquoted
			}
			name = strings.TrimSuffix(name, "\t")
			file = filepath.Join(base, strings.TrimPrefix(name, "b/"))
		case strings.HasPrefix(line, "@@ "):
			s, err := hunk(line)
			if err != nil {
				return err
			}
			if s.last >= s.first {
				l[file] = append(l[file], s)
			}
		}
	}
	return nil
}

// hunk returns the new lines of a header such as "@@ -3,2 +4,5 @@".
func hunk(header string) (span, error) {
	fields := strings.Fields(header)
	if len(fields) < 3 || !strings.HasPrefix(fields[2], "+") {
		return span{}, fmt.Errorf("git diff: cannot read %q", header)
	}
	from, count, found := strings.Cut(fields[2][1:], ",")
	first, err := strconv.Atoi(from)
	n := 1
	if err == nil && found {
		n, err = strconv.Atoi(count)
	}
	if err != nil {
		return span{}, fmt.Errorf("git diff: cannot read %q", header)
	}
	return span{first, first + n - 1}, nil
}

// Touch reports whether any line from first to last of the file is among them.
func (l Lines) Touch(file string, first, last int) bool {
	for _, s := range l[file] {
		if s.last == 0 || first <= s.last && s.first <= max(first, last) {
			return true
		}
	}
	return false
}
