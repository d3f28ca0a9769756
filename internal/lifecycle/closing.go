package lifecycle

import (
	"go/ast"
	"go/types"
	"slices"

	"github.com/poollint/poollint/internal/dbapi"
	"github.com/poollint/poollint/internal/flow"
	"github.com/poollint/poollint/internal/testscope"
)

// closedInside reports whether the function around the call releases what the
// call opens and hands it to nobody: an admin or probe connection.
func (g *graph) closedInside(c *flow.Call) bool {
	v := g.holder(c)
	if v == nil || v.IsField() || v.Parent() == nil || v.Parent() == g.pass.Pkg.Scope() {
		return false
	}
	t := g.tableOf(c.In.Outer())
	here := func(f *flow.Func) bool { return runsIn(f, c.In) }
	closes := false
	same := map[*types.Var]bool{v: true} // v and other names of the same handle
	for aliases := []*types.Var{v}; len(aliases) > 0; aliases = aliases[1:] {
		v := aliases[0]
		if len(t.keepers[v]) > 0 || slices.ContainsFunc(t.escapes[v], here) {
			return false
		}
		closes = closes || slices.ContainsFunc(t.closes[v], here)
		for _, alias := range t.aliases[v] {
			if !same[alias] {
				same[alias], aliases = true, append(aliases, alias)
			}
		}
	}
	return closes
}

// runsIn reports whether n is outer, or a literal in it that runs as a part
// of it: not at the end, and not when others call it.
func runsIn(n, outer *flow.Func) bool {
	for ; n != nil && n.When&testscope.After == 0; n = n.Parent {
		if n == outer {
			return true
		}
		if n.Detached && !slices.ContainsFunc(n.Callers, func(by *flow.Call) bool { return by.In.Within(outer) }) {
			return false
		}
	}
	return false
}

// aliased returns the handles that e is another handle over: a wrapper, a projection
// such as gorm's DB().
func (g *graph) aliased(e ast.Expr) []*types.Var {
	call, ok := ast.Unparen(e).(*ast.CallExpr)
	if !ok {
		return g.rooted(e)
	}
	fn := dbapi.Callee(g.info, call)
	if fn == nil {
		return nil
	}
	row := g.cat.Opener(fn)
	if row == nil || row.Kind != dbapi.Wrapper || row.LeavesOpen {
		return nil
	}
	if row.Over == dbapi.Receiver {
		if sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr); ok {
			return g.rooted(sel.X)
		}
		return nil
	}
	if row.Over < len(call.Args) {
		return g.mentioned(call.Args[row.Over])
	}
	return nil
}

// rooted returns the variable that e is, or is a field of, if any.
func (g *graph) rooted(e ast.Expr) []*types.Var {
	if v := g.root(e); v != nil {
		return []*types.Var{v}
	}
	return nil
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
