package driver

import (
	"go/build"
	"go/parser"
	"go/token"
	"path/filepath"
	"slices"
	"strings"

	"github.com/poollint/poollint/internal/config"
	"github.com/poollint/poollint/internal/regular"
)

// seeImporters notes of the packages of whole modules whether others import them, and whether
// those are tests alone. A run that leaves tests out does not know what they import.
func (l *listing) seeImporters(o Options) {
	importers := map[string][]*unit{} // by the path of what they import
	shipped := map[string]bool{}      // what files import that other build tags add
	var order []*unit
	postorder(l.units, func(u *unit) {
		if !u.ours() || !u.root {
			return
		}
		order = append(order, u)
		for _, dep := range u.imports {
			if dep.PkgPath != u.ForTest {
				importers[dep.PkgPath] = append(importers[dep.PkgPath], u)
			}
		}
		for _, path := range u.ignoredImports() {
			shipped[path] = true
		}
	})
	byTests := map[string]bool{}
	for _, u := range slices.Backward(order) { // importers first
		if u.ForTest != "" || !l.covers(u) {
			continue
		}
		by := importers[u.PkgPath]
		if len(by) == 0 && !o.Tests {
			continue
		}
		u.seen = &config.Seen{Imported: len(by) > 0}
		u.seen.ByTests = u.seen.Imported && !shipped[u.PkgPath] && !slices.ContainsFunc(by, func(by *unit) bool {
			return by.ForTest == "" && !byTests[by.PkgPath]
		})
		byTests[u.PkgPath] = u.seen.ByTests
	}
	for _, u := range l.units {
		if plain := l.byID[u.PkgPath]; u.ForTest != "" && plain != nil {
			u.seen = plain.seen
		}
	}
}

// ignoredImports returns what the files import that build constraints exclude, other than
// test files.
func (u *unit) ignoredImports() (paths []string) {
	for _, name := range u.IgnoredFiles {
		if filepath.Ext(name) != ".go" || strings.HasSuffix(name, "_test.go") {
			continue
		}
		text, err := regular.ReadFile(name)
		if err != nil {
			continue
		}
		file, _ := parser.ParseFile(token.NewFileSet(), "", text, parser.ImportsOnly)
		if file == nil {
			continue
		}
		for _, spec := range file.Imports {
			paths = append(paths, strings.Trim(spec.Path.Value, "`\""))
		}
	}
	return paths
}

// covers reports whether the patterns match the whole module of the package.
func (l *listing) covers(u *unit) bool {
	return u.Module != nil && slices.ContainsFunc(l.patterns, func(pattern string) bool {
		base, ok := strings.CutSuffix(pattern, "...")
		if !ok {
			return false
		}
		if !build.IsLocalImport(pattern) {
			return strings.HasPrefix(u.Module.Path+"/", base)
		}
		rel, err := filepath.Rel(filepath.Join(l.dir, filepath.FromSlash(base)), u.Module.Dir)
		return err == nil && filepath.IsLocal(rel)
	})
}
