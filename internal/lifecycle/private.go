package lifecycle

import (
	"slices"

	"github.com/poollint/poollint/internal/dbapi"
	"github.com/poollint/poollint/internal/flow"
	"github.com/poollint/poollint/internal/testscope"
)

// markPrivate finds out which functions make a database, schema or container: those that do
// it themselves, and those that call them.
func (g *graph) markPrivate() {
	var found []*flow.Func
	mark := func(n *flow.Func) {
		if !g.private[n] {
			g.private[n], found = true, append(found, n)
		}
	}
	for _, n := range g.code.Funcs() {
		if g.effectsOf(n).makes || slices.ContainsFunc(n.Calls, func(c *flow.Call) bool { return g.makesElsewhere(c) && !g.guarded(c) }) {
			mark(n)
		}
	}
	for len(found) > 0 {
		n := found[len(found)-1]
		found = found[:len(found)-1]
		for _, c := range n.Callers {
			if !g.libraries[g.pass.Pkg.Path()] && !g.guarded(c) {
				mark(c.In)
			}
		}
		if n.Lit != nil && !n.Detached && n.When&(testscope.After|testscope.Once) == 0 {
			mark(n.Parent)
		}
	}
}

// makesElsewhere reports whether the call makes a database by a function of another
// package.
func (g *graph) makesElsewhere(c *flow.Call) bool {
	if c.Fn == nil {
		return false
	}
	if dbapi.OriginOf(c.Fn)&dbapi.Private != 0 {
		return true
	}
	if g.code.Func(c.Fn) != nil {
		return false
	}
	f, ok := g.lookup(c.Fn)
	return ok && f.Private
}

// makersIn returns the calls in the function that make a database, schema or container.
func (g *graph) makersIn(n *flow.Func) []*flow.Call {
	all, known := g.makers[n]
	if !known {
		private := func(n *flow.Func) bool { return g.private[n] }
		for _, c := range n.Calls {
			if g.makesElsewhere(c) || slices.ContainsFunc(c.Targets(), private) {
				all = append(all, c)
			}
		}
		g.makers[n] = all
	}
	return all
}
