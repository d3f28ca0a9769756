package lifecycle

import (
	"go/ast"
	"go/types"
	"slices"

	"github.com/poollint/poollint/internal/flow"
)

// Succeeds reports whether a call that a test expects to fail does so in some rows of its table
// alone: in another one the test wants no failure.
func (p *Package) Succeeds(call *ast.CallExpr) bool {
	if p.graph == nil {
		return false
	}
	c := p.graph.code.Call(call)
	return c != nil && p.graph.succeedsInRow(c)
}

func (g *graph) succeedsInRow(c *flow.Call) bool {
	for at := range c.In.Cursor.Preorder((*ast.SelectorExpr)(nil)) {
		sel := at.Node().(*ast.SelectorExpr)
		row := g.root(sel.X)
		if row == nil || row.Parent() == nil || !row.Parent().Contains(c.Expr.Pos()) {
			continue // of another table of the test
		}
		if g.wanted(sel, outcome{err: true, is: func(ast.Expr) bool { return false }}) {
			return g.hasRowWithout(c.In.Outer(), g.info.TypeOf(sel.X), sel.Sel.Name)
		}
	}
	return false
}

// hasRowWithout reports whether a table in a function has a row, a struct of the type, in which
// a field is not set.
func (g *graph) hasRowWithout(f *flow.Func, row types.Type, field string) bool {
	if row == nil {
		return false
	}
	for at := range f.Cursor.Preorder((*ast.CompositeLit)(nil)) {
		lit := at.Node().(*ast.CompositeLit)
		if t := g.info.TypeOf(lit); t != nil && types.Identical(flow.Pointee(t), flow.Pointee(row)) && g.leavesUnset(lit, field) {
			return true
		}
	}
	return false
}

// leavesUnset reports whether a literal of a struct leaves a field at its zero value.
func (g *graph) leavesUnset(lit *ast.CompositeLit, field string) bool {
	s, ok := flow.Pointee(g.info.TypeOf(lit)).Underlying().(*types.Struct)
	if !ok {
		return false
	}
	for i, e := range lit.Elts {
		kv, named := e.(*ast.KeyValueExpr)
		if !named && i < s.NumFields() && s.Field(i).Name() == field {
			return flow.IsZero(g.info, e)
		}
		if named {
			if key, ok := kv.Key.(*ast.Ident); ok && key.Name == field {
				return flow.IsZero(g.info, kv.Value)
			}
		}
	}
	return slices.ContainsFunc(lit.Elts, func(e ast.Expr) bool { _, named := e.(*ast.KeyValueExpr); return named })
}
