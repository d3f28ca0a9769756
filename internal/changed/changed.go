// Package changed tells which lines of a git work tree are new since a revision.
package changed

import (
	"context"
	"fmt"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/poollint/poollint/internal/git"
)

// Lines are what was added, changed and removed, by absolute path.
type Lines map[string][]hunk

// hunk is a range of lines, both ends included, and what they replace. If last is before first,
// lines were removed behind first.
type hunk struct {
	first, last    int
	removed, added []string
	whole          bool // the file is new
}

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
			lines[filepath.Join(base, name)] = []hunk{{whole: true}}
		}
	}
	return lines, nil
}

// addDiff reads a diff without context.
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
			h, err := hunkOf(line)
			if err != nil {
				return err
			}
			l[file] = append(l[file], h)
		case len(l[file]) > 0 && strings.HasPrefix(line, "-"):
			h := &l[file][len(l[file])-1]
			h.removed = append(h.removed, line[1:])
		case len(l[file]) > 0 && strings.HasPrefix(line, "+"):
			h := &l[file][len(l[file])-1]
			h.added = append(h.added, line[1:])
		}
	}
	return nil
}

// hunkOf returns the new lines of a header such as "@@ -3,2 +4,5 @@".
func hunkOf(header string) (hunk, error) {
	fields := strings.Fields(header)
	if len(fields) < 3 || !strings.HasPrefix(fields[2], "+") {
		return hunk{}, fmt.Errorf("git diff: cannot read %q", header)
	}
	from, count, found := strings.Cut(fields[2][1:], ",")
	first, err := strconv.Atoi(from)
	n := 1
	if err == nil && found {
		n, err = strconv.Atoi(count)
	}
	if err != nil {
		return hunk{}, fmt.Errorf("git diff: cannot read %q", header)
	}
	return hunk{first: first, last: first + n - 1}, nil
}

// meets reports whether the hunk changes any line from first to last, or removes one between them.
func (h hunk) meets(first, last int) bool {
	last = max(first, last)
	switch {
	case h.whole:
		return true
	case h.last < h.first:
		return first <= h.first && h.first < last
	}
	return first <= h.last && h.first <= last
}

// Touch reports whether any line from first to last of the file is new, or was removed between them.
func (l Lines) Touch(file string, first, last int) bool {
	return slices.ContainsFunc(l[file], func(h hunk) bool { return h.meets(first, last) })
}

// Removed returns the lines that are no more between first and last of the file.
func (l Lines) Removed(file string, first, last int) (lines []string) {
	for _, h := range l[file] {
		if h.meets(first, last) {
			lines = append(lines, h.removed...)
		}
	}
	return lines
}

// declaration matches the line that declares a function, and what follows its name.
var declaration = regexp.MustCompile(`^func (?:\([^)]*\) )?\w+(\(.*)$`)

// Renamed reports whether a line of the file declares a function that had another name before, and
// was the same otherwise.
func (l Lines) Renamed(file string, line int) bool {
	for _, h := range l[file] {
		i := line - h.first
		if i < 0 || i >= len(h.added) || len(h.removed) != len(h.added) {
			continue
		}
		was, now := declaration.FindStringSubmatch(h.removed[i]), declaration.FindStringSubmatch(h.added[i])
		return was != nil && now != nil && was[1] == now[1]
	}
	return false
}
