package lifecycle

import (
	"go/ast"
	"go/types"
	"slices"

	"github.com/poollint/poollint/internal/dbapi"
	"github.com/poollint/poollint/internal/testscope"
)

// closedInside reports whether the function around the call releases what the
// call opens and hands it to nobody: an admin or probe connection.
func (g *graph) closedInside(c *call) bool {
	v := g.held[c.expr]
	if v == nil || v.IsField() || v.Parent() == nil || v.Parent() == g.pass.Pkg.Scope() {
		return false
	}
	same := map[*types.Var]bool{v: true} // v and other faces of the same handle
	for changed := true; changed; {
		changed = false
		for _, f := range g.flows[c.in.outer()] {
			if !same[f.to] && !g.lasting(f.to) && g.faceOf(f.expr, same) {
				same[f.to], changed = true, true
			}
		}
	}
	closes, escapes := false, false
	visit := func(n *node) {
		for _, other := range n.calls {
			if sel, ok := ast.Unparen(other.expr.Fun).(*ast.SelectorExpr); ok && g.names(sel.X, same) {
				if other.fn != nil && (dbapi.ReleaseOf(other.fn) != nil || dbapi.SoundsClosing(other.fn.Name())) {
					closes = true
				}
			}
			// Handed to a callback or a closure: whoever runs there uses it.
			if other.fn == nil && len(g.targets(other)) == 0 {
				for _, arg := range other.expr.Args {
					escapes = escapes || g.names(arg, same)
				}
			}
		}
		for _, r := range results(g.info, n) {
			escapes = escapes || g.mentions(r, same)
		}
	}
	var walk func(n *node)
	walk = func(n *node) {
		if n.when&testscope.After != 0 {
			return
		}
		visit(n)
		for _, lit := range n.inner {
			if !lit.detach || slices.ContainsFunc(lit.called, func(by *call) bool { return by.in.within(c.in) }) {
				walk(lit) // else it is what others close the handle with
			}
		}
	}
	walk(c.in)
	for _, f := range g.flows[c.in.outer()] {
		escapes = escapes || g.lasting(f.to) && g.mentions(f.expr, same)
	}
	return closes && !escapes
}

// faceOf reports whether e is another handle over one of vars: a wrapper, a
// projection such as gorm's DB().
func (g *graph) faceOf(e ast.Expr, vars map[*types.Var]bool) bool {
	call, ok := ast.Unparen(e).(*ast.CallExpr)
	if !ok {
		return g.names(e, vars)
	}
	fn := dbapi.Callee(g.info, call)
	if fn == nil {
		return false
	}
	row := g.cat.Opener(fn)
	if row == nil || row.Kind != dbapi.Wrapper || row.LeavesOpen {
		return false
	}
	if row.Over == dbapi.Receiver {
		sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr)
		return ok && g.names(sel.X, vars)
	}
	return row.Over < len(call.Args) && g.mentions(call.Args[row.Over], vars)
}

// names reports whether e is one of vars, or a field of one.
func (g *graph) names(e ast.Expr, vars map[*types.Var]bool) bool {
	v := g.root(e)
	return v != nil && vars[v]
}

// mentions reports whether one of vars stands in e, other than as the receiver
// of a call.
func (g *graph) mentions(e ast.Expr, vars map[*types.Var]bool) bool {
	found := false
	ast.Inspect(e, func(x ast.Node) bool {
		switch x := x.(type) {
		case *ast.FuncLit:
			return false
		case *ast.CallExpr:
			if sel, ok := ast.Unparen(x.Fun).(*ast.SelectorExpr); ok && g.names(sel.X, vars) {
				for _, arg := range x.Args {
					found = found || g.mentions(arg, vars)
				}
				return false
			}
		case *ast.Ident:
			if v, ok := g.info.Uses[x].(*types.Var); ok && vars[v] {
				found = true
			}
		}
		return !found
	})
	return found
}
