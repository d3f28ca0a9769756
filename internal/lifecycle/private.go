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
	mark := func(n *flow.Func, made dbapi.Origin, by values) {
		known, all := g.private[n], union(g.privateBy[n], by)
		if made |= known; made == known && (known != 0 || len(all) == len(g.privateBy[n])) {
			return
		}
		g.private[n], g.privateBy[n], found = made, all, append(found, n)
	}
	for _, n := range g.code.Funcs() {
		mark(n, madeIf(g.effectsOf(n).makes), g.effectsOf(n).by)
		for _, c := range n.Calls {
			for _, fn := range implementations(c) {
				g.dispatched[g.code.Func(fn)] = append(g.dispatched[g.code.Func(fn)], c)
			}
			if made, by := g.makesElsewhere(c); (made != 0 || len(by) > 0) && !g.guarded(c) {
				mark(n, made, by)
			}
		}
	}
	for len(found) > 0 {
		n := found[len(found)-1]
		found = found[:len(found)-1]
		for _, c := range slices.Concat(n.Callers, g.dispatched[n]) {
			if !g.libraries[g.pass.Pkg.Path()] && !g.guarded(c) {
				made, by := g.makesIn(c, n)
				mark(c.In, made, by)
			}
		}
		if n.Lit != nil && !n.Detached && n.When&(testscope.After|testscope.Once) == 0 {
			mark(n.Parent, g.private[n], g.visibleFrom(n.Parent, g.privateBy[n]))
		}
	}
}

// madeIf says of what may be made whether it is a database or schema of the caller's own.
func madeIf(own bool) dbapi.Origin {
	if own {
		return dbapi.Private
	}
	return 0
}

// makesIn says of a call of a function of the package what that makes of the caller's own, or by
// which parameters of the caller.
func (g *graph) makesIn(c *flow.Call, n *flow.Func) (made dbapi.Origin, by values) {
	if all := implementations(c); all != nil {
		return g.allMake(all), nil
	}
	if g.private[n] != 0 {
		return g.private[n], nil
	}
	params, of := g.privateBy[n].params(n.Sig)
	own, by := g.named(c, n.Sig, params, of)
	return madeIf(own), union(by, g.visibleFrom(c.In, g.privateBy[n]))
}

// makesElsewhere returns what the call makes by a function of another package, or by which
// parameters of the function around it.
func (g *graph) makesElsewhere(c *flow.Call) (made dbapi.Origin, by values) {
	if c.Fn == nil {
		return 0, nil
	}
	if made = dbapi.OriginOf(c.Fn) & (dbapi.Private | dbapi.Started); made&dbapi.Private != 0 {
		return made, nil
	}
	if all := implementations(c); all != nil {
		made = g.allMake(all)
	}
	if made&dbapi.Private != 0 {
		return made, nil // else it may be known of the interface, see exportInterfaces
	}
	if g.code.Func(c.Fn) != nil {
		return 0, nil
	}
	f, ok := g.lookup(c.Fn)
	if !ok || f.Makes != 0 {
		return f.Makes, nil
	}
	own, by := g.named(c, c.Fn.Signature(), f.PrivateBy, f.PrivateOf)
	return madeIf(own), by
}

// A maker is a call that makes a database, schema or container: one of the caller's own, or
// where one of these parameters of the functions around it is given a name that is not fixed.
type maker struct {
	*flow.Call
	made dbapi.Origin
	by   values
}

// makersIn returns the calls in the function that make a database, schema or container.
func (g *graph) makersIn(n *flow.Func) []maker {
	all, known := g.makers[n]
	if !known {
		for _, c := range n.Calls {
			made, by := g.makesElsewhere(c)
			for _, f := range c.Targets() {
				also, names := g.makesIn(c, f)
				made, by = made|also, union(by, names)
			}
			if made != 0 || len(by) > 0 {
				all = append(all, maker{c, made, by})
			}
		}
		g.makers[n] = all
	}
	return all
}
