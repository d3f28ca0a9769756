package lifecycle

import (
	"slices"

	"github.com/poollint/poollint/internal/dbapi"
	"github.com/poollint/poollint/internal/testscope"
)

// spread finds out which nodes make a database, schema or container: those that do
// it themselves, and those that call them.
func (g *graph) spread() {
	var found []*node
	mark := func(n *node) {
		if !n.private {
			n.private, found = true, append(found, n)
		}
	}
	for _, n := range g.nodes {
		if n.makes || slices.ContainsFunc(n.calls, func(c *call) bool { return g.makesElsewhere(c) && !g.guarded(c) }) {
			mark(n)
		}
	}
	for len(found) > 0 {
		n := found[len(found)-1]
		found = found[:len(found)-1]
		for _, c := range n.called {
			if !g.libraries[g.pass.Pkg.Path()] && !g.guarded(c) {
				mark(c.in)
			}
		}
		if n.lit != nil && !n.detach && n.when&(testscope.After|testscope.Once) == 0 {
			mark(n.parent)
		}
	}
}

// makesElsewhere reports whether the call makes a database by a function of another
// package.
func (g *graph) makesElsewhere(c *call) bool {
	if c.fn == nil {
		return false
	}
	if dbapi.OriginOf(c.fn)&dbapi.Private != 0 {
		return true
	}
	if g.byFunc[c.fn.Origin()] != nil {
		return false
	}
	f, ok := g.lookup(c.fn)
	return ok && f.Private
}

// makersIn returns the calls in the node that make a database, schema or container.
func (g *graph) makersIn(n *node) []*call {
	return slices.DeleteFunc(slices.Clone(n.calls), func(c *call) bool {
		private := func(n *node) bool { return n.private }
		return !g.makesElsewhere(c) && !slices.ContainsFunc(g.targets(c), private)
	})
}
