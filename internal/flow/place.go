package flow

import (
	"go/ast"
	"go/token"
	"go/types"
)

// Name returns the name of what e names, without what stands in front of it: of x.y that is y; empty if it names nothing.
func Name(e ast.Expr) string {
	switch e := ast.Unparen(e).(type) {
	case *ast.Ident:
		return e.Name
	case *ast.SelectorExpr:
		return e.Sel.Name
	}
	return ""
}

// Var returns the variable or field that e names, also behind a pointer or as its
// address; nil if it names none. A field of a generic type is that of its declaration.
func Var(info *types.Info, e ast.Expr) *types.Var {
	switch e := ast.Unparen(e).(type) {
	case *ast.Ident:
		return origin(info.ObjectOf(e))
	case *ast.SelectorExpr:
		return origin(info.ObjectOf(e.Sel))
	case *ast.StarExpr:
		return Var(info, e.X)
	case *ast.UnaryExpr:
		if e.Op == token.AND {
			return Var(info, e.X)
		}
	}
	return nil
}

func origin(obj types.Object) *types.Var {
	v, ok := obj.(*types.Var)
	if !ok {
		return nil
	}
	return v.Origin()
}

// Root returns the variable at the start of a chain of selectors, indexes and
// dereferences, or of its address; for one of another package, that package's
// variable.
func Root(info *types.Info, e ast.Expr) *types.Var {
	id := RootName(info, e)
	if id == nil {
		return nil
	}
	return origin(info.ObjectOf(id))
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

// Pointee returns what a type points to; the type itself if it is no pointer.
func Pointee(t types.Type) types.Type {
	if p, ok := t.Underlying().(*types.Pointer); ok {
		return p.Elem()
	}
	return t
}

// Names returns the names that a declaration of variables declares, as expressions.
func Names(spec *ast.ValueSpec) []ast.Expr {
	names := make([]ast.Expr, len(spec.Names))
	for i, name := range spec.Names {
		names[i] = name
	}
	return names
}

// Parts returns the expressions that the value of e is made of, where e is no call:
// operands, elements, what a field or an element is taken of. A name has none.
func Parts(info *types.Info, e ast.Expr) []ast.Expr {
	switch e := e.(type) {
	case *ast.SelectorExpr:
		if name := RootName(info, e); name == e.Sel { // of another package
			return []ast.Expr{name}
		}
		return []ast.Expr{e.X}
	case *ast.CompositeLit:
		parts := make([]ast.Expr, len(e.Elts))
		for i, el := range e.Elts {
			if kv, ok := el.(*ast.KeyValueExpr); ok {
				el = kv.Value
			}
			parts[i] = el
		}
		return parts
	case *ast.BinaryExpr:
		return []ast.Expr{e.X, e.Y}
	case *ast.UnaryExpr:
		return []ast.Expr{e.X}
	case *ast.StarExpr:
		return []ast.Expr{e.X}
	case *ast.ParenExpr:
		return []ast.Expr{e.X}
	case *ast.IndexExpr:
		return []ast.Expr{e.X}
	case *ast.SliceExpr:
		return []ast.Expr{e.X}
	case *ast.TypeAssertExpr:
		return []ast.Expr{e.X}
	}
	return nil
}
