package lifecycle

import (
	"go/types"
	"slices"

	"github.com/poollint/poollint/internal/flow"
)

// guarded reports whether the call runs at most once, because its result goes
// to a package variable, a field or an entry of one that an if statement of the
// same function asks about.
func (g *graph) guarded(c *flow.Call) bool {
	if _, ok := g.guards[c]; !ok {
		g.guards[c] = g.guardOf(c)
	}
	return g.guards[c]
}

func (g *graph) guardOf(c *flow.Call) bool {
	for _, keeper := range g.keepers(c) {
		if g.asked(c, keeper) {
			return true
		}
	}
	return false
}

// keepers returns the package variables and fields that hold the result of the
// call after its function returns.
func (g *graph) keepers(c *flow.Call) []*types.Var {
	v := g.holder(c)
	if v == nil {
		return nil
	}
	if g.lasting(v) {
		return []*types.Var{v}
	}
	return g.tableOf(c.In.Outer()).keepers[v]
}

// lasting reports whether the variable outlives the functions that use it.
func (g *graph) lasting(v *types.Var) bool {
	return v.IsField() || v.Parent() == g.pass.Pkg.Scope()
}

// asked reports whether an if statement around or before the call asks about
// the variable: a comparison with nil, a lookup in a map.
func (g *graph) asked(c *flow.Call, v *types.Var) bool {
	t := g.tableOf(c.In.Outer())
	before := func(w *types.Var) bool {
		for _, stmt := range t.asks[w] {
			if stmt.Pos() > c.Expr.Pos() {
				return false
			}
			if stmt.Init == nil || !contains(stmt.Init, c.Expr) { // else if v, err = open(); err != nil
				return true
			}
		}
		return false
	}
	return before(v) || slices.ContainsFunc(t.copies[v], before)
}

// unassigned returns the package variable that was meant to keep the result of
// the call: one of the same name and type that the function asks for and that
// nothing in the package ever assigns, because := declares another.
func (g *graph) unassigned(c *flow.Call) *types.Var {
	local := g.holder(c)
	if local == nil || g.lasting(local) {
		return nil
	}
	meant, ok := g.pass.Pkg.Scope().Lookup(local.Name()).(*types.Var)
	if !ok || meant.Exported() || !types.Identical(meant.Type(), local.Type()) ||
		len(g.sources(meant)) > 0 || g.code.AddressTaken(meant) || !g.tableOf(c.In.Outer()).used[meant] {
		return nil
	}
	return meant
}
