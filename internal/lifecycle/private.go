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
	mark := func(n *flow.Func, own bool, by values) {
		all := union(g.privateBy[n], by)
		if g.private[n] || !own && len(all) == len(g.privateBy[n]) {
			return
		}
		g.private[n], g.privateBy[n], found = own, all, append(found, n)
	}
	for _, n := range g.code.Funcs() {
		mark(n, g.effectsOf(n).makes, g.effectsOf(n).by)
		for _, c := range n.Calls {
			for _, fn := range implementations(c) {
				g.behind[g.code.Func(fn)] = append(g.behind[g.code.Func(fn)], c)
			}
			if own, by := g.makesElsewhere(c); (own || len(by) > 0) && !g.guarded(c) {
				mark(n, own, by)
			}
		}
	}
	for len(found) > 0 {
		n := found[len(found)-1]
		found = found[:len(found)-1]
		for _, c := range slices.Concat(n.Callers, g.behind[n]) {
			if !g.libraries[g.pass.Pkg.Path()] && !g.guarded(c) {
				own, by := g.makesIn(c, n)
				mark(c.In, own, by)
			}
		}
		if n.Lit != nil && !n.Detached && n.When&(testscope.After|testscope.Once) == 0 {
			mark(n.Parent, g.private[n], g.visibleFrom(n.Parent, g.privateBy[n]))
		}
	}
}

// makesIn says of a call of a function of the package whether that makes a database of the
// caller's own, or by which parameters of the caller.
func (g *graph) makesIn(c *flow.Call, n *flow.Func) (own bool, by values) {
	if all := implementations(c); all != nil {
		return g.allMake(all), nil
	}
	if g.private[n] {
		return true, nil
	}
	params, _ := g.privateBy[n].params(n.Sig)
	own, by = g.named(c, n.Sig, params)
	return own, union(by, g.visibleFrom(c.In, g.privateBy[n]))
}

// makesElsewhere reports whether the call makes a database by a function of another
// package, or by which parameters of the function around it.
func (g *graph) makesElsewhere(c *flow.Call) (own bool, by values) {
	if c.Fn == nil {
		return false, nil
	}
	if dbapi.OriginOf(c.Fn)&dbapi.Private != 0 {
		return true, nil
	}
	if all := implementations(c); all != nil && g.allMake(all) {
		return true, nil // else it may be known of the interface, see exportInterfaces
	}
	if g.code.Func(c.Fn) != nil {
		return false, nil
	}
	f, ok := g.lookup(c.Fn)
	if !ok || f.Private {
		return ok, nil
	}
	return g.named(c, c.Fn.Signature(), f.PrivateBy)
}

// A maker is a call that makes a database, schema or container: one of the caller's own, or
// where one of these parameters of the functions around it is given a name that is not fixed.
type maker struct {
	*flow.Call
	own bool
	by  values
}

// makersIn returns the calls in the function that make a database, schema or container.
func (g *graph) makersIn(n *flow.Func) []maker {
	all, known := g.makers[n]
	if !known {
		for _, c := range n.Calls {
			own, by := g.makesElsewhere(c)
			for _, f := range c.Targets() {
				also, names := g.makesIn(c, f)
				own, by = own || also, union(by, names)
			}
			if own || len(by) > 0 {
				all = append(all, maker{c, own, by})
			}
		}
		g.makers[n] = all
	}
	return all
}
