package dbapi

import "go/types"

// Handle reports whether t is a type of handle that the catalogue's libraries
// hand out: one with a release method of its own.
func Handle(t types.Type) bool {
	rows, name := rowsOfType(t)
	return rows != nil && rows.handles[name]
}

// KindOf returns what handles of type t are, where its name says so; 0 if it does not, or t is no
// type of handle.
func KindOf(t types.Type) Kind {
	if rows, name := rowsOfType(t); rows != nil {
		return rows.kinds[name]
	}
	return 0
}

// OfLibrary reports whether a database library declares t.
func OfLibrary(t types.Type) bool {
	obj := typeName(t)
	return obj != nil && obj.Pkg() != nil && Knows(obj.Pkg().Path())
}

// Prepared reports whether t is a type of prepared statements.
func Prepared(t types.Type) bool {
	rows, name := rowsOfType(t)
	return rows != nil && rows.prepared[name]
}

// Chains reports whether fn is a method of a handle that is its own query and
// transaction: every method returns another face of it.
func Chains(fn *types.Func) bool {
	rows := rowsOf(fn)
	return rows != nil && rows.chains[memberOf(fn).owner]
}

// Chains reports whether the named method's receiver is a handle that is its own
// query and transaction.
func (n Name) Chains() bool {
	rows := byPackage()[n.Package()]
	return rows != nil && rows.chains[n.member().owner]
}

// maxHolders bounds the structs around a handle: a suite, its fixture.
const maxHolders = 2

// Holds reports whether a value of type t is a handle, or something around one: a
// struct with a field for it, an interface for what runs queries.
func Holds(t types.Type) bool { return holds(t, maxHolders) }

func holds(t types.Type, depth int) bool {
	if Handle(t) {
		return true
	}
	if p, ok := t.Underlying().(*types.Pointer); ok {
		t = p.Elem()
	}
	switch u := t.Underlying().(type) {
	case *types.Interface:
		return runsQueries(u)
	case *types.Struct:
		for field := range u.Fields() {
			if depth > 0 && holds(field.Type(), depth-1) {
				return true
			}
		}
	}
	return false
}

// runsQueries reports whether the interface has the methods that handles run SQL
// with.
func runsQueries(t *types.Interface) bool {
	for _, names := range [][]string{{"Exec", "QueryRow"}, {"ExecContext", "QueryRowContext"}} {
		n := 0
		for m := range t.Methods() {
			if m.Name() == names[0] || m.Name() == names[1] {
				n++
			}
		}
		if n == len(names) {
			return true
		}
	}
	return false
}
