// Package dbapi is the catalogue: what the functions of database libraries do.
// Adding a library is adding rows; matching is by type-checked object.
package dbapi

import (
	"go/types"
	"strings"
)

// Name is how the catalogue names a function or method:
// "database/sql.Open", "(github.com/jackc/pgx/v5/pgxpool.Pool).Acquire".
// A pointer receiver is written like a value receiver.
type Name string

// NameOf returns the catalogue's name of fn, seen through generic instantiation.
func NameOf(fn *types.Func) Name {
	fn = fn.Origin()
	if fn.Pkg() == nil {
		return Name(fn.Name())
	}
	recv := fn.Signature().Recv()
	if recv == nil {
		return Name(fn.Pkg().Path() + "." + fn.Name())
	}
	return Name("(" + TypeName(recv.Type()) + ")." + fn.Name())
}

// TypeName returns "import/path.Type" for a named type or a pointer to one,
// and "" for any other type.
func TypeName(t types.Type) string {
	if p, ok := types.Unalias(t).(*types.Pointer); ok {
		t = p.Elem()
	}
	named, ok := types.Unalias(t).(*types.Named)
	if !ok {
		return ""
	}
	obj := named.Obj()
	if obj.Pkg() == nil {
		return obj.Name()
	}
	return obj.Pkg().Path() + "." + obj.Name()
}

// rowOf returns the row of fn in a table; nil if there is none.
func rowOf[T any](fn *types.Func, rows map[Name]*T) *T {
	if len(rows) == 0 {
		return nil
	}
	return rows[NameOf(fn)]
}

// paths are those of packages. Most functions are of none that a table names, and
// need no name to be looked up by.
type paths map[string]bool

func packagesOf[T any](rows map[Name]*T) paths {
	all := paths{}
	for name := range rows {
		all[name.Package()] = true
	}
	return all
}

func (p paths) holds(fn *types.Func) bool { return fn.Pkg() != nil && p[fn.Pkg().Path()] }

// Package returns the import path in the name.
func (n Name) Package() string {
	s := strings.TrimPrefix(string(n), "(")
	if i := strings.Index(s, ")"); i >= 0 {
		s = s[:i]
	}
	return s[:strings.LastIndex(s, ".")]
}

// Short returns the name as code has it: "pgxpool.New", "DB.Begin".
func (n Name) Short() string {
	if recv, method, ok := strings.Cut(string(n), ")."); ok {
		return recv[strings.LastIndex(recv, ".")+1:] + "." + method
	}
	path, name := n.Package(), string(n[strings.LastIndex(string(n), ".")+1:])
	elems := strings.Split(path, "/")
	last := elems[len(elems)-1]
	if len(elems) > 1 && len(last) > 1 && last[0] == 'v' && strings.Trim(last[1:], "0123456789") == "" {
		last = elems[len(elems)-2]
	}
	last, _, _ = strings.Cut(last, ".")
	return strings.TrimSuffix(strings.TrimPrefix(last, "go-"), "-go") + "." + name
}
