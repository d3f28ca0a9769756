// Package fix applies the fixes of findings to files.
package fix

import (
	"cmp"
	"errors"
	"fmt"
	"go/ast"
	"go/format"
	"go/parser"
	"go/token"
	"maps"
	"os"
	pathpkg "path"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/rogpeppe/go-internal/diff"
	"golang.org/x/tools/go/ast/astutil"

	"github.com/poollint/poollint/internal/finding"
)

// A Plan is what the fixes of a run make of its files.
type Plan struct {
	Fixed []bool // by the index of the finding
	files map[string]change
}

type change struct{ before, after []byte }

// New takes the first fix of each finding that nothing suppresses. A fix is
// taken whole or not at all: not if it overlaps one taken before, nor if a file
// would no longer parse.
func New(findings []finding.Located) (*Plan, error) {
	p := &Plan{Fixed: make([]bool, len(findings)), files: map[string]change{}}
	taken := map[string][]finding.Edit{}
	for i, f := range findings {
		if f.Suppressed != "" || len(f.Fixes) == 0 {
			continue
		}
		if edits, ok := merge(taken, f.Fixes[0].Edits); ok {
			taken, p.Fixed[i] = edits, true
		}
	}
	for _, path := range slices.Sorted(maps.Keys(taken)) {
		before, err := os.ReadFile(path)
		if err != nil {
			return nil, err
		}
		after, err := apply(path, before, taken[path])
		if err != nil {
			return nil, fmt.Errorf("%s: the fixes do not fit together: %w", path, err)
		}
		p.files[path] = change{before, after}
	}
	return p, nil
}

// merge adds edits to those taken, unless one overlaps. Insertions at one place
// stand one behind the other; equal ones, as of the same import, are taken once.
func merge(taken map[string][]finding.Edit, edits []finding.Edit) (map[string][]finding.Edit, bool) {
	merged := maps.Clone(taken)
	for _, edit := range edits {
		if slices.Contains(merged[edit.Path], edit) {
			continue
		}
		for _, other := range merged[edit.Path] {
			insertions := edit.Start == edit.End && other.Start == other.End
			if edit.Start < other.End && other.Start < edit.End || edit.Start == other.Start && !insertions {
				return nil, false
			}
		}
		merged[edit.Path] = append(slices.Clone(merged[edit.Path]), edit)
	}
	return merged, true
}

// apply makes the edits, drops imports that they left without use, and formats.
func apply(path string, before []byte, edits []finding.Edit) ([]byte, error) {
	slices.SortStableFunc(edits, func(a, b finding.Edit) int { return cmp.Compare(a.Start, b.Start) })
	var after []byte
	at := 0
	for _, edit := range edits {
		if edit.Start < at || edit.End < edit.Start || edit.End > len(before) {
			return nil, errors.New("an edit is out of bounds")
		}
		after = append(append(after, before[at:edit.Start]...), edit.New...)
		at = edit.End
	}
	after = append(after, before[at:]...)
	if filepath.Ext(path) != ".go" {
		return after, nil
	}
	return tidy(before, after)
}

// tidy formats Go source and drops the imports that only the old source used.
func tidy(before, after []byte) ([]byte, error) {
	fset := token.NewFileSet()
	old, err := parser.ParseFile(fset, "", before, parser.SkipObjectResolution)
	if err != nil {
		return nil, err
	}
	file, err := parser.ParseFile(fset, "", after, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		return nil, err
	}
	was, is := qualifiers(old), qualifiers(file)
	var unused []*ast.ImportSpec
	for _, spec := range file.Imports {
		if name := nameOf(spec); was[name] && !is[name] {
			unused = append(unused, spec)
		}
	}
	if len(unused) == 0 {
		return format.Source(after)
	}
	for _, spec := range unused {
		path, name := strings.Trim(spec.Path.Value, "`\""), ""
		if spec.Name != nil {
			name = spec.Name.Name
		}
		astutil.DeleteNamedImport(fset, file, name, path)
	}
	var out strings.Builder
	if err := format.Node(&out, fset, file); err != nil {
		return nil, err
	}
	return []byte(out.String()), nil
}

// qualifiers returns the names that stand before a dot.
func qualifiers(file *ast.File) map[string]bool {
	names := map[string]bool{}
	ast.Inspect(file, func(n ast.Node) bool {
		if selector, ok := n.(*ast.SelectorExpr); ok {
			if x, ok := selector.X.(*ast.Ident); ok {
				names[x.Name] = true
			}
		}
		return true
	})
	return names
}

var (
	majorVersion = regexp.MustCompile(`/v[0-9]+$`)
	packageName  = regexp.MustCompile(`^(?:go-)?(\w+)`)
)

// nameOf returns the name of an import, guessed from its path where the source
// does not say it.
func nameOf(spec *ast.ImportSpec) string {
	if spec.Name != nil {
		return spec.Name.Name
	}
	path, err := strconv.Unquote(spec.Path.Value)
	if err != nil {
		return ""
	}
	base := pathpkg.Base(majorVersion.ReplaceAllString(path, ""))
	if m := packageName.FindStringSubmatch(base); m != nil {
		return m[1]
	}
	return base
}

// Files returns the files that change, sorted.
func (p *Plan) Files() []string { return slices.Sorted(maps.Keys(p.files)) }

// Diff returns the changes as a unified diff that git apply takes, paths shown
// by name.
func (p *Plan) Diff(name func(path string) string) string {
	var b strings.Builder
	for _, path := range p.Files() {
		c := p.files[path]
		b.Write(diff.Diff("a/"+name(path), c.before, "b/"+name(path), c.after))
	}
	return b.String()
}

// Write changes the files. One that has changed since it was analysed is left
// alone, which is an error.
func (p *Plan) Write() error {
	var errs []error
	for _, path := range p.Files() {
		errs = append(errs, p.write(path))
	}
	return errors.Join(errs...)
}

func (p *Plan) write(path string) error {
	c := p.files[path]
	now, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	if string(now) != string(c.before) {
		return fmt.Errorf("%s has changed meanwhile", path)
	}
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	return os.WriteFile(path, c.after, info.Mode().Perm())
}
