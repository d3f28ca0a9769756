package config

import (
	"go/ast"
	"go/types"
	"path"
	"strings"

	"golang.org/x/tools/go/analysis"

	"github.com/poollint/poollint/internal/dbapi"
)

// matchNames records which of the functions and types that the configuration names are in
// the package and in those that it imports, and which patterns match names of its functions.
func (c *Config) matchNames(pass *analysis.Pass) {
	packages := map[string]*types.Package{pass.Pkg.Path(): pass.Pkg}
	for _, pkg := range pass.Pkg.Imports() {
		packages[pkg.Path()] = pkg
	}
	for key, entries := range c.Named("function", "query") {
		for _, e := range entries {
			name, _, _ := strings.Cut(e.Value, ":")
			if pkg := packages[dbapi.Name(name).Package()]; pkg != nil && pkg.Complete() {
				c.Match(key, e, dbapi.Name(name).In(pkg) != nil, qualified(pkg))
			}
		}
	}
	if patterns := c.Named("name pattern"); len(patterns) > 0 {
		c.matchPatterns(patterns, pass.Files)
	}
}

func (c *Config) matchPatterns(patterns map[string][]Entry, files []*ast.File) {
	var names []string
	for _, file := range files {
		for _, decl := range file.Decls {
			if fn, ok := decl.(*ast.FuncDecl); ok {
				names = append(names, fn.Name.Name)
			}
		}
	}
	for key, entries := range patterns {
		for _, e := range entries {
			found := false
			for _, name := range names {
				matched, _ := path.Match(e.Value, name)
				found = found || matched
			}
			c.Match(key, e, found, nil)
		}
	}
}

// qualified returns what the package declares, as the configuration names it.
func qualified(pkg *types.Package) []string {
	var names []string
	for _, name := range pkg.Scope().Names() {
		names = append(names, pkg.Path()+"."+name)
	}
	return names
}
