package ruletest

import (
	"bytes"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/aymanbagabas/go-udiff"
	"golang.org/x/tools/txtar"

	"github.com/poollint/poollint/internal/finding"
	"github.com/poollint/poollint/internal/fix"
)

const goldenSuffix = ".golden"

// compareFixes returns where the fixes of findings make something else of files than
// the golden files beside them say.
func (m *module) compareFixes(found []finding.Located) (errs []error) {
	fixes := map[string][]finding.Located{} // those that change a file
	for _, f := range found {
		if f.Suppressed != "" || f.Severity == finding.Info {
			continue
		}
		paths := map[string]bool{}
		for _, fix := range f.Fixes {
			for _, edit := range fix.Edits {
				paths[edit.Path] = true
			}
		}
		for path := range paths {
			fixes[path] = append(fixes[path], f)
		}
	}
	golden := map[string]bool{} // the folders that have such files
	for _, path := range slices.Sorted(maps.Keys(m.origins)) {
		if file, ok := strings.CutSuffix(path, goldenSuffix); ok && m.matches(path) {
			golden[filepath.Dir(path)] = true
			errs = append(errs, m.compareFixed(file, fixes[file])...)
		}
	}
	for _, path := range slices.Sorted(maps.Keys(fixes)) {
		if _, ok := m.origins[path+goldenSuffix]; !ok && golden[filepath.Dir(path)] {
			errs = append(errs, fmt.Errorf("%s: a fix changes the file, which has no %s beside it", m.place(path, 1), goldenSuffix))
		}
	}
	return errs
}

// compareFixed compares what the fixes make of a file with its golden file.
func (m *module) compareFixed(path string, found []finding.Located) (errs []error) {
	text, err := os.ReadFile(path + goldenSuffix)
	if err != nil {
		return []error{err}
	}
	archive := txtar.Parse(text)
	if len(archive.Files) == 0 {
		return m.compareText(path, found, "", archive.Comment)
	}
	for _, section := range archive.Files {
		errs = append(errs, m.compareText(path, with(found, section.Name), fmt.Sprintf(" %q", section.Name), section.Data)...)
	}
	return errs
}

// with returns the findings with those fixes alone that have the message.
func with(found []finding.Located, message string) (some []finding.Located) {
	for _, f := range found {
		f.Fixes = slices.DeleteFunc(slices.Clone(f.Fixes), func(fix finding.Fix) bool { return fix.Message != message })
		if len(f.Fixes) > 0 {
			some = append(some, f)
		}
	}
	return some
}

// compareText compares what the fixes, which have the name in errors, make of a file.
func (m *module) compareText(path string, found []finding.Located, fixes string, want []byte) (errs []error) {
	plan := fix.New(found, []string{m.dir}, time.Now())
	for f, err := range plan.Left {
		errs = append(errs, fmt.Errorf("%s: the fix of %q is not made: %w", m.placeOf(f.Pos), f.Message, err))
	}
	got, at := plan.Text(path), m.place(path, 1)
	switch {
	case got == nil:
		errs = append(errs, fmt.Errorf("%s: no fix%s changes the file", at, fixes))
	case !bytes.Equal(bytes.TrimSpace(got), bytes.TrimSpace(want)):
		diff := udiff.Unified("want", "got", string(want), string(got))
		errs = append(errs, fmt.Errorf("%s: the fixes make something else of the file:\n%s", at, diff))
	}
	return errs
}
