// Package fix applies the fixes of findings to files.
package fix

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/aymanbagabas/go-udiff"
	"github.com/aymanbagabas/go-udiff/lcs"

	"github.com/poollint/poollint/internal/finding"
	"github.com/poollint/poollint/internal/interrupt"
)

// A Plan is the changes that the fixes of a run make to its files.
type Plan struct {
	findings []finding.Located
	start    time.Time        // of the run
	left     map[int]error    // why a fix is not made, by the index of its finding
	files    map[string]*file // the files that change, by path
	taken    edits
	over     map[string][]byte // the text of files that is not the disk's, by path
	whole    bool              // all files change, or none
}

// Reasons not to make a fix.
var (
	errOverlap = errors.New("another fix changes the same lines; it comes with the next -fix")
	errUnfit   = errors.New("the fixes of this file do not fit together")

	errInterrupted = errors.New("interrupted")
)

// New plans the first fix of each finding that is not suppressed. A fix is taken whole or
// not at all. It is not taken if it overlaps one taken before, if one of its files would
// no longer parse, or if one must not be changed: a file outside the modules with the
// given directories, or one that has changed since the start of the run.
func New(findings []finding.Located, modules []string, start time.Time) *Plan {
	return Over(nil, findings, modules, start)
}

// Over is New for findings in files whose text, by path, is not the one on disk. Its plan is not
// to be written.
func Over(texts map[string][]byte, findings []finding.Located, modules []string, start time.Time) *Plan {
	p := &Plan{findings: findings, files: map[string]*file{}, start: start, over: texts}
	refused := map[string]error{}
	for again := true; again; again = p.unfit(refused) {
		p.take(modules, refused)
	}
	return p
}

// take takes the fixes that change no refused file: first those that change most, since with
// what they mend other findings may be gone, then in the order of the findings.
func (p *Plan) take(modules []string, refused map[string]error) {
	p.left, p.taken = map[int]error{}, edits{}
	order := make([]int, len(p.findings))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(i, j int) int { return cmp.Compare(len(p.edits(j)), len(p.edits(i))) })
	for _, i := range order {
		wanted := p.edits(i)
		var why error
		for _, edit := range wanted {
			p.open(edit.Path, modules, refused)
			why = cmp.Or(why, refused[edit.Path])
		}
		if why == nil && !p.taken.add(wanted) {
			why = errOverlap
		}
		if why != nil {
			p.left[i] = why
		}
	}
	maps.DeleteFunc(p.files, func(path string, _ *file) bool { return p.taken[path] == nil })
}

// edits returns the edits of the fix of a finding.
func (p *Plan) edits(i int) []finding.Edit {
	if f := p.findings[i]; f.Suppressed == "" && len(f.Fixes) > 0 {
		return f.Fixes[0].Edits
	}
	return nil
}

// open reads a file, once.
func (p *Plan) open(path string, modules []string, refused map[string]error) {
	if p.files[path] != nil || refused[path] != nil {
		return
	}
	f, err := open(path, modules)
	if err == nil && f.changedSince(p.start) {
		err = errChanged
	}
	if text, ok := p.over[path]; ok && err == nil {
		f.before = text
	}
	if err != nil {
		refused[path] = err
		return
	}
	p.files[path] = f
}

// Replace plans new texts of whole files, by path, some of which may not be there yet. All
// files are written, or none.
func Replace(texts map[string][]byte, modules []string, start time.Time) (*Plan, error) {
	p := &Plan{files: map[string]*file{}, start: start, whole: true}
	for path, text := range texts {
		f, err := open(path, modules)
		if errors.Is(err, fs.ErrNotExist) {
			f, err = locate(path, modules), nil
		}
		if err == nil && f.info != nil && f.changedSince(start) {
			err = errChanged
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
		if f.after = text; !bytes.Equal(f.before, text) {
			p.files[path] = f
		}
	}
	return p, nil
}

// unfit applies the edits to each file. It refuses the files that they do not fit, and
// reports whether there are any.
func (p *Plan) unfit(refused map[string]error) bool {
	found := false
	for path, f := range p.files {
		if err := f.edit(p.taken[path]); err != nil {
			refused[path], found = errUnfit, true
		}
	}
	return found
}

// edits are the edits taken, by path, sorted by position. They do not overlap.
type edits map[string][]finding.Edit

// add takes all the edits, or none if one overlaps. Several insertions at one position
// follow each other; equal edits, such as of the same import, are taken once.
func (t edits) add(wanted []finding.Edit) bool {
	for i, edit := range wanted {
		if overlaps(t.near(edit), edit) || overlaps(wanted[:i], edit) {
			return false
		}
	}
	for _, edit := range wanted {
		if near := t.near(edit); !slices.Contains(near, edit) {
			list := t[edit.Path]
			at := from(list, edit.Start+1)
			t[edit.Path] = slices.Insert(list, at, edit)
		}
	}
	return true
}

// near returns the edits taken that may overlap the edit.
func (t edits) near(edit finding.Edit) []finding.Edit {
	list := t[edit.Path]
	return list[max(0, from(list, edit.Start)-1):from(list, max(edit.End, edit.Start+1))]
}

// from returns the index of the first edit of the list that starts at or after the offset.
func from(list []finding.Edit, offset int) int {
	at, _ := slices.BinarySearchFunc(list, offset, func(e finding.Edit, offset int) int { return cmp.Compare(e.Start, offset) })
	return at
}

func overlaps(list []finding.Edit, edit finding.Edit) bool {
	return slices.ContainsFunc(list, func(other finding.Edit) bool {
		insertions := edit.Start == edit.End && other.Start == other.End
		return other != edit && other.Path == edit.Path &&
			(edit.Start < other.End && other.Start < edit.End || edit.Start == other.Start && !insertions)
	})
}

// Fixed reports whether the fix of the finding with the index is in the plan.
func (p *Plan) Fixed(i int) bool { return p.left[i] == nil && len(p.edits(i)) > 0 }

// Left calls yield for each finding whose fix is not made, with the reason.
func (p *Plan) Left(yield func(finding.Located, error) bool) {
	for _, i := range slices.Sorted(maps.Keys(p.left)) {
		if !yield(p.findings[i], p.left[i]) {
			return
		}
	}
}

// Files returns the files that change, sorted.
func (p *Plan) Files() []string { return slices.Sorted(maps.Keys(p.files)) }

// Text returns the new content of a file, nil if it does not change.
func (p *Plan) Text(path string) []byte {
	if f := p.files[path]; f != nil {
		return f.after
	}
	return nil
}

// Diff returns the changes as a unified diff that git apply takes. The function name gives
// the paths to show.
func (p *Plan) Diff(name func(path string) string) string {
	var b strings.Builder
	for _, path := range p.Files() {
		f, shown := p.files[path], filepath.ToSlash(name(path))
		before := label("a/" + shown)
		if f.info == nil {
			before = "/dev/null"
		}
		b.WriteString(udiff.Unified(before, label("b/"+shown), string(f.before), string(f.after)))
	}
	return b.String()
}

// Was returns the line that a line of a changed file has while nothing is written, or the one that
// it takes the place of.
func (p *Plan) Was(path string, line int) int {
	f := p.files[path]
	if f == nil || f.info == nil {
		return line
	}
	at, moved := line-1, 0
	for _, d := range lcs.DiffLines(texts(linesOf(f.before)), texts(linesOf(f.after))) {
		if at < d.ReplStart {
			break
		}
		if at < d.ReplEnd {
			return 1 + max(0, min(d.Start+at-d.ReplStart, d.End-1))
		}
		moved = d.End - d.ReplEnd
	}
	return line + moved
}

// label returns the name of a file, which begins with a/ or b/, as git writes it: quoted
// if it has special characters, followed by a tab if it has a space.
func label(name string) string {
	var b strings.Builder
	for _, c := range []byte(name) {
		switch {
		case c == '"' || c == '\\':
			b.WriteByte('\\')
			b.WriteByte(c)
		case c < ' ' || c == 0x7f:
			fmt.Fprintf(&b, `\%03o`, c)
		default:
			b.WriteByte(c)
		}
	}
	switch quoted := b.String(); {
	case quoted != name:
		return `"` + quoted + `"`
	case strings.Contains(name, " "):
		return name + "\t"
	}
	return name
}

// Write changes the files. Files that a fix changes together change all or not at all; a
// fix that fails is no longer Fixed. When ctx ends, it stops after the files that it is
// at. It calls changed with each file that has changed.
func (p *Plan) Write(ctx context.Context, changed func(path string)) error {
	var errs []error
	for _, paths := range p.together() {
		err := errInterrupted
		if ctx.Err() == nil {
			err = p.write(paths)
		}
		if err != nil {
			errs = append(errs, err)
			p.leave(paths, err)
			continue
		}
		for _, path := range paths {
			changed(path)
		}
	}
	return errors.Join(errs...)
}

func (p *Plan) write(paths []string) error {
	var files []*file
	for _, path := range paths {
		files = append(files, p.files[path])
	}
	return interrupt.Whole(func() error { return replace(files) })
}

// leave removes files from the plan, with the fixes that change them.
func (p *Plan) leave(paths []string, why error) {
	for _, path := range paths {
		delete(p.files, path)
	}
	for i := range p.findings {
		if p.Fixed(i) && slices.ContainsFunc(p.edits(i), func(e finding.Edit) bool { return slices.Contains(paths, e.Path) }) {
			p.left[i] = why
		}
	}
}

// together groups the files by the fixes that change them.
func (p *Plan) together() [][]string {
	if p.whole {
		return [][]string{p.Files()}
	}
	group := map[string]*[]string{}
	for _, path := range p.Files() {
		group[path] = &[]string{path}
	}
	for i := range p.findings {
		if !p.Fixed(i) {
			continue
		}
		for _, edit := range p.edits(i)[1:] {
			one, other := group[p.edits(i)[0].Path], group[edit.Path]
			if one == other {
				continue
			}
			*one = append(*one, *other...)
			for _, path := range *other {
				group[path] = one
			}
		}
	}
	var groups [][]string
	for _, path := range p.Files() {
		if paths := *group[path]; paths[0] == path {
			groups = append(groups, paths)
		}
	}
	return groups
}
