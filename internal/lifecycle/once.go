package lifecycle

import (
	"go/ast"
	"go/types"
)

// guarded reports whether the call runs at most once, because its result goes
// to a package variable, a field or an entry of one that an if statement of the
// same function asks about.
func (g *graph) guarded(c *call) bool {
	if _, ok := g.guards[c]; !ok {
		g.guards[c] = g.guardOf(c)
	}
	return g.guards[c]
}

func (g *graph) guardOf(c *call) bool {
	for _, keeper := range g.keepers(c) {
		if g.asked(c, keeper) {
			return true
		}
	}
	return false
}

// keepers returns the package variables and fields that hold the result of the
// call after its function returns.
func (g *graph) keepers(c *call) []*types.Var {
	v := g.held[c.expr]
	if v == nil {
		return nil
	}
	if g.lasting(v) {
		return []*types.Var{v}
	}
	var all []*types.Var
	for _, f := range g.flows[c.in.outer()] {
		if g.lasting(f.to) && g.mentions(f.expr, map[*types.Var]bool{v: true}) {
			all = append(all, f.to)
		}
	}
	return all
}

// lasting reports whether the variable outlives the functions that use it.
func (g *graph) lasting(v *types.Var) bool {
	return v.IsField() || v.Parent() == g.pass.Pkg.Scope()
}

// asked reports whether an if statement around or before the call asks about
// the variable: a comparison with nil, a lookup in a map.
func (g *graph) asked(c *call, v *types.Var) bool {
	found := false
	ast.Inspect(c.in.outer().body, func(x ast.Node) bool {
		stmt, ok := x.(*ast.IfStmt)
		if !ok || stmt.Pos() > c.expr.Pos() {
			return !found
		}
		if stmt.Init != nil && c.expr.Pos() < stmt.Init.End() && stmt.Init.Pos() <= c.expr.Pos() {
			return false // if v, err = open(); err != nil
		}
		found = found || g.asksFor(stmt.Cond, v) || stmt.Init != nil && g.uses(stmt.Init, v)
		return !found
	})
	return found
}

// asksFor reports whether a condition mentions the variable, or one that it was
// copied to.
func (g *graph) asksFor(cond ast.Expr, v *types.Var) bool {
	found := false
	ast.Inspect(cond, func(x ast.Node) bool {
		if id, ok := x.(*ast.Ident); ok {
			w, _ := g.info.Uses[id].(*types.Var)
			found = found || w == v && w != nil
			for _, s := range g.sources[w] {
				found = found || g.variable(s.expr) == v && s.key == ""
			}
		}
		return !found
	})
	return found
}

func (g *graph) uses(n ast.Node, v *types.Var) bool {
	found := false
	ast.Inspect(n, func(x ast.Node) bool {
		if id, ok := x.(*ast.Ident); ok && g.info.Uses[id] == v {
			found = true
		}
		return !found
	})
	return found
}

// unassigned returns the package variable that was meant to keep the result of
// the call: one of the same name and type that the function asks for and that
// nothing in the package ever assigns, because := declares another.
func (g *graph) unassigned(c *call) *types.Var {
	local := g.held[c.expr]
	if local == nil || g.lasting(local) {
		return nil
	}
	meant, ok := g.pass.Pkg.Scope().Lookup(local.Name()).(*types.Var)
	if !ok || meant.Exported() || !types.Identical(meant.Type(), local.Type()) ||
		len(g.sources[meant]) > 0 || g.taken[meant] || !g.uses(c.in.outer().body, meant) {
		return nil
	}
	return meant
}
