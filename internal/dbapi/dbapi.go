// Package dbapi is the catalogue: what the functions of database libraries do.
// Each library has a file with one Library literal; the list of them is in
// libraries.go, and what is asked is answered from indexes that are derived from
// it. Matching is by type-checked object.
package dbapi

import (
	"go/ast"
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
	obj := typeName(t)
	switch {
	case obj == nil:
		return ""
	case obj.Pkg() == nil:
		return obj.Name()
	}
	return obj.Pkg().Path() + "." + obj.Name()
}

// typeName returns the name of a named type or of what t is a pointer to; nil if
// it has none.
func typeName(t types.Type) *types.TypeName {
	if p, ok := types.Unalias(t).(*types.Pointer); ok {
		t = p.Elem()
	}
	if named, ok := types.Unalias(t).(*types.Named); ok {
		return named.Obj()
	}
	return nil
}

// Package returns the import path in the name; empty if there is none, as in that of a method
// of an interface without a name.
func (n Name) Package() string {
	s := strings.TrimPrefix(string(n), "(")
	if i := strings.Index(s, ")"); i >= 0 {
		s = s[:i]
	}
	return s[:max(0, strings.LastIndex(s, "."))]
}

// member returns what is named in its package.
func (n Name) member() member {
	if owner, method, ok := strings.Cut(string(n), ")."); ok {
		return member{owner[strings.LastIndex(owner, ".")+1:], method}
	}
	return member{"", string(n[strings.LastIndex(string(n), ".")+1:])}
}

// SQL reports whether the named opener's servers are SQL databases.
func (n Name) SQL() bool {
	lib := libraryAt(n.Package())
	return lib == nil || !lib.NoSQL
}

// CachesPlans reports whether the named opener's connections cache the plans of
// statements, which DDL invalidates.
func (n Name) CachesPlans() bool {
	lib := libraryAt(n.Package())
	return lib != nil && lib.CachesPlans
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

// Callee returns the function or method that call calls by name, if any.
func Callee(info *types.Info, call *ast.CallExpr) *types.Func {
	fun := ast.Unparen(call.Fun)
	switch x := fun.(type) {
	case *ast.IndexExpr:
		fun = x.X
	case *ast.IndexListExpr:
		fun = x.X
	}
	switch x := fun.(type) {
	case *ast.Ident:
		return funcNamed(info.Uses[x])
	case *ast.SelectorExpr:
		return funcNamed(info.Uses[x.Sel])
	}
	return nil
}

// aliases are variables of libraries, by package, that are other names of a function of theirs.
var aliases = map[string]map[string]string{
	"github.com/onsi/ginkgo/v2": {
		"Context": "Describe", "FContext": "FDescribe", "PContext": "PDescribe", "XContext": "PDescribe", "XDescribe": "PDescribe",
		"Specify": "It", "FSpecify": "FIt", "PSpecify": "PIt", "XSpecify": "PIt", "XIt": "PIt", "XWhen": "PWhen",
		"XDescribeTable": "PDescribeTable", "XDescribeTableSubtree": "PDescribeTableSubtree", "XEntry": "PEntry",
	},
}

// funcNamed returns the function that an object is or, as such a variable, another name of.
func funcNamed(obj types.Object) *types.Func {
	if v, ok := obj.(*types.Var); ok && v.Pkg() != nil {
		if name, ok := aliases[v.Pkg().Path()][v.Name()]; ok {
			obj = v.Pkg().Scope().Lookup(name)
		}
	}
	fn, _ := obj.(*types.Func)
	return fn
}

// IsEnvironment reports whether fn reads a variable of the environment.
func IsEnvironment(fn *types.Func) bool {
	return fn != nil && (NameOf(fn) == "os.Getenv" || NameOf(fn) == "os.LookupEnv" || NameOf(fn) == "syscall.Getenv")
}
