// Package lvalue says what the expressions denote that values are assigned to.
package lvalue

import (
	"go/ast"
	"go/token"
	"go/types"
	"iter"
)

// Var returns the variable or field that e names, also behind a pointer or as its
// address; nil if it names none.
func Var(info *types.Info, e ast.Expr) *types.Var {
	switch e := ast.Unparen(e).(type) {
	case *ast.Ident:
		v, _ := info.ObjectOf(e).(*types.Var)
		return v
	case *ast.SelectorExpr:
		v, _ := info.ObjectOf(e.Sel).(*types.Var)
		return v
	case *ast.StarExpr:
		return Var(info, e.X)
	case *ast.UnaryExpr:
		if e.Op == token.AND {
			return Var(info, e.X)
		}
	}
	return nil
}

// Root returns the variable at the start of a chain of selectors, indexes and
// dereferences, or of its address; for one of another package, that package's
// variable.
func Root(info *types.Info, e ast.Expr) *types.Var {
	id := RootName(info, e)
	if id == nil {
		return nil
	}
	return Var(info, id)
}

// RootName returns the name of the variable that Root returns; nil if there is none.
func RootName(info *types.Info, e ast.Expr) *ast.Ident {
	switch e := ast.Unparen(e).(type) {
	case *ast.Ident:
		return e
	case *ast.SelectorExpr:
		if id, ok := e.X.(*ast.Ident); ok {
			if _, ok := info.Uses[id].(*types.PkgName); ok {
				return e.Sel
			}
		}
		return RootName(info, e.X)
	case *ast.IndexExpr:
		return RootName(info, e.X)
	case *ast.StarExpr:
		return RootName(info, e.X)
	case *ast.UnaryExpr:
		if e.Op == token.AND {
			return RootName(info, e.X)
		}
	}
	return nil
}

// Assigned yields what an assignment or a declaration assigns to, with what: to all
// the same call, if that has several results.
func Assigned(lhs, rhs []ast.Expr) iter.Seq2[ast.Expr, ast.Expr] {
	return func(yield func(l, r ast.Expr) bool) {
		if len(rhs) == 0 {
			return
		}
		for i, l := range lhs {
			r := rhs[0]
			if len(lhs) == len(rhs) {
				r = rhs[i]
			}
			if !yield(l, r) {
				return
			}
		}
	}
}

// Names returns the names that a declaration of variables declares, as expressions.
func Names(spec *ast.ValueSpec) []ast.Expr {
	names := make([]ast.Expr, len(spec.Names))
	for i, name := range spec.Names {
		names[i] = name
	}
	return names
}
