package lifecycle

import (
	"go/ast"
	"go/types"

	"golang.org/x/tools/go/ast/inspector"

	"github.com/poollint/poollint/internal/dbapi"
	"github.com/poollint/poollint/internal/flow"
	"github.com/poollint/poollint/internal/testscope"
)

// closedInside reports whether the function around the call releases what the
// call opens before it ends, and hands it to nobody: an admin or probe connection.
func (g *graph) closedInside(c *flow.Call) bool {
	closes := false
	for _, s := range g.code.Fate(c, 0).Sinks {
		switch s.Kind {
		case flow.Closed:
			closes = closes || !s.OnError && !g.putOff(s.At) && g.runsIn(s.At, c.In)
		case flow.Returned, flow.Undone, flow.Kept:
			return false
		case flow.HandedOn:
			if call, ok := s.At.Node().(*ast.CallExpr); ok && dbapi.Callee(g.info, call) == nil {
				return false // to a callback: whoever runs there uses it
			}
		}
	}
	return closes
}

// putOff reports whether what happens at c is registered for the end of the test.
func (g *graph) putOff(c inspector.Cursor) bool {
	call, ok := c.Node().(*ast.CallExpr)
	return ok && testscope.Argument(dbapi.Callee(g.info, call))&testscope.After != 0
}

// runsIn reports whether what stands at c runs while f does: not in another function, nor in
// what is registered for the end of the test.
func (g *graph) runsIn(c inspector.Cursor, f *flow.Func) bool {
	for in := g.code.Around(c); in != f; in = in.Parent {
		if in == nil || in.When&testscope.After != 0 {
			return false
		}
	}
	return true
}

// names reports whether e is one of vars, or a field of one.
func (g *graph) names(e ast.Expr, vars map[*types.Var]bool) bool {
	v := g.root(e)
	return v != nil && vars[v]
}

// mentioned returns the variables that stand in e, other than as the receiver of a
// call.
func (g *graph) mentioned(e ast.Expr) []*types.Var {
	var all []*types.Var
	receivers := map[*ast.Ident]bool{}
	ast.Inspect(e, func(x ast.Node) bool {
		switch x := x.(type) {
		case *ast.FuncLit:
			return false
		case *ast.CallExpr:
			if sel, ok := ast.Unparen(x.Fun).(*ast.SelectorExpr); ok {
				receivers[flow.RootName(g.info, sel.X)] = true
			}
		case *ast.Ident:
			if v, ok := g.info.Uses[x].(*types.Var); ok && !receivers[x] {
				all = append(all, v)
			}
		}
		return true
	})
	return all
}
