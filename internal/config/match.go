package config

import (
	"go/ast"
	"go/types"
	"path"
	"strings"

	"golang.org/x/tools/go/analysis"
)

// A Function is what an entry of the form function or query names: a function, a type, or a
// method of a type.
type Function struct{ Package, Type, Name string }

// FunctionOf reads an entry.
func FunctionOf(e Entry) Function {
	name, _, _ := strings.Cut(e.Value, ":") // the index of the SQL argument
	var f Function
	if owner, method, ok := strings.Cut(strings.TrimPrefix(name, "("), ")."); ok {
		f.Package, f.Type = cutLast(owner)
		f.Name = method
	} else {
		f.Package, f.Name = cutLast(name)
	}
	return f
}

// cutLast cuts a text at its last dot, which it has.
func cutLast(text string) (before, after string) {
	i := strings.LastIndex(text, ".")
	return text[:i], text[i+1:]
}

// in reports whether the package declares it.
func (f Function) in(pkg *types.Package) bool {
	if f.Type == "" {
		return pkg.Scope().Lookup(f.Name) != nil
	}
	owner, ok := pkg.Scope().Lookup(f.Type).(*types.TypeName)
	if !ok {
		return false
	}
	member, _, _ := types.LookupFieldOrMethod(owner.Type(), true, pkg, f.Name)
	return member != nil
}

// matchNames records which of the functions and types that the configuration names are in
// the package and in those that it imports, and which patterns match names of its functions.
func (c *Config) matchNames(pass *analysis.Pass) {
	packages := map[string]*types.Package{pass.Pkg.Path(): pass.Pkg}
	for _, pkg := range pass.Pkg.Imports() {
		packages[pkg.Path()] = pkg
	}
	for key, entries := range c.Named("function", "query") {
		for _, e := range entries {
			fn := FunctionOf(e)
			if pkg := packages[fn.Package]; pkg != nil && pkg.Complete() {
				c.Match(key, e, fn.in(pkg), qualified(pkg))
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
