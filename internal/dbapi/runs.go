package dbapi

import (
	"go/types"
	"slices"
	"strings"
)

// RunPackages returns the import paths of the libraries whose queries are counted,
// sorted: not all of them import one that opens pools.
func RunPackages() []string {
	var paths []string
	for path, lib := range byRoot() {
		if len(lib.Executes) > 0 {
			paths = append(paths, path)
		}
	}
	slices.Sort(paths)
	return paths
}

// Libraries returns the database packages, those of functions that the configuration names
// included: only packages that reach one are analysed.
func Libraries(named ...string) []string {
	paths := append(Packages(), RunPackages()...)
	for _, name := range named {
		paths = append(paths, Name(name).Package())
	}
	return paths
}

// LibraryOf returns the library that a package belongs to, by its path or by its
// shape; nil if it is none that runs queries.
func LibraryOf(pkg *types.Package) *Library {
	if lib := libraryAt(pkg.Path()); lib != nil {
		return lib
	}
	for _, lib := range libraries {
		for _, shape := range lib.Shapes {
			if (shape.Package == "" || shape.Package == pkg.Name()) && hasMethods(pkg, shape.Type, shape.Methods) {
				return lib
			}
		}
	}
	return nil
}

func hasMethods(pkg *types.Package, typ, methods string) bool {
	obj := pkg.Scope().Lookup(typ)
	if obj == nil {
		return false
	}
	for name := range strings.FieldsSeq(methods) {
		if m, _, _ := types.LookupFieldOrMethod(obj.Type(), true, pkg, name); m == nil {
			return false
		}
	}
	return true
}

// WritesRow reports whether the named method writes the row that it is given, found by its key,
// and takes no condition.
func (n Name) WritesRow() bool {
	if n == "" {
		return false
	}
	lib := libraryAt(n.Package())
	return lib != nil && slices.ContainsFunc(lib.Rows, func(m Methods) bool {
		return slices.Contains(strings.Fields(m.Types), n.member().owner) && slices.Contains(strings.Fields(m.Names), n.member().name)
	})
}

// Runs reports whether a function of the library runs a query.
func (l *Library) Runs(fn *types.Func) bool {
	m := memberOf(fn)
	runs := executing()[l]
	return runs[m] || m.owner != "" && runs[member{"*", m.name}]
}

// RunsBehind reports whether a method of an interface runs a query where a type of
// the library stands behind it, in a package that was imported: the type has all the
// methods, and more than one of them runs queries, since many a type has a Scan.
func (l *Library) RunsBehind(fn *types.Func, pkg *types.Package) bool {
	iface, ok := fn.Signature().Recv().Type().Underlying().(*types.Interface)
	if !ok {
		return false
	}
	runs := executing()[l]
	for _, row := range l.Executes {
		for owner := range strings.FieldsSeq(row.Types) {
			if runs[member{owner, fn.Name()}] && fulfils(pkg.Scope().Lookup(owner), iface) && runsSeveral(runs, owner, iface) {
				return true
			}
		}
	}
	return false
}

// fulfils reports whether a type, or a pointer to it, has the methods.
func fulfils(obj types.Object, iface *types.Interface) bool {
	return obj != nil && (types.Implements(types.NewPointer(obj.Type()), iface) || types.Implements(obj.Type(), iface))
}

func runsSeveral(runs map[member]bool, owner string, iface *types.Interface) bool {
	n := 0
	for m := range iface.Methods() {
		if runs[member{owner, m.Name()}] {
			n++
		}
	}
	return n > 1
}
