package lifecycle

import (
	"cmp"
	"go/types"
	"maps"

	"github.com/poollint/poollint/internal/dbapi"
	"github.com/poollint/poollint/internal/testscope"
)

// A summary is a Func with what only the package itself needs.
type summary struct {
	Func
	opens []opened
}

// opened is an Open with the variables that decide on its database.
type opened struct {
	Open
	vars map[*types.Var]bool
}

// maxOpens bounds what is remembered of one function.
const maxOpens = 32

// lookup returns what fn does, and whether anything is known of it.
func (g *graph) lookup(fn *types.Func) (*Func, bool) {
	fn = fn.Origin()
	if fn.Pkg() == nil || g.libraries[fn.Pkg().Path()] {
		return new(Func), false // the catalogue speaks for it
	}
	if n := g.byFunc[fn]; n != nil {
		return &g.summary(n).Func, true
	}
	imported, known := g.imported[fn]
	if !known {
		imported = new(Func)
		if !g.pass.ImportObjectFact(fn, imported) {
			imported = nil
		}
		g.imported[fn] = imported
	}
	if imported == nil {
		return new(Func), false
	}
	return imported, true
}

// maxDepth bounds the functions that call one another, and so the stack.
const maxDepth = 500

// summary computes, once, what a node does. A recursive call counts as nothing, and
// so does one that is too deep.
func (g *graph) summary(n *node) *summary {
	if s := g.sums[n]; s != nil {
		return s
	}
	if g.summing[n] || len(g.summing) > maxDepth {
		return new(summary)
	}
	g.summing[n] = true
	s := new(summary)
	g.collect(n, s)
	for i, o := range s.opens {
		s.opens[i].Params = (&tracer{vars: o.vars}).params(n.sig)
		s.Opens = append(s.Opens, s.opens[i].Open)
	}
	if n.sig != nil && n.sig.Results().Len() > 0 {
		t := g.trace(n.returns()...)
		s.Result, s.Flows = t.origin, t.params(n.sig)
	}
	delete(g.summing, n)
	g.sums[n] = s
	return s
}

// collect adds what one run of the node opens and makes, literals that run as a
// part of it included.
func (g *graph) collect(n *node, s *summary) {
	s.Private = n.private
	for _, c := range n.calls {
		once := g.guarded(c)
		for _, o := range g.opens(c) {
			if o.Closed || len(s.opens) >= maxOpens || !n.isTest() && !g.handsOut(c) {
				continue
			}
			o.Once = o.Once || once
			s.opens = append(s.opens, o)
		}
	}
	for _, lit := range n.inner {
		if lit.detach || lit.when&testscope.After != 0 {
			continue
		}
		inner := g.summary(lit)
		once := lit.when&testscope.Once != 0
		for _, o := range inner.opens {
			if len(s.opens) < maxOpens {
				o.Once = o.Once || once
				s.opens = append(s.opens, o)
			}
		}
	}
}

// opens returns what the call opens, as its caller sees it.
func (g *graph) opens(c *call) []opened {
	if all, ok := g.openeds[c]; ok {
		return all
	}
	all := g.opensOf(c)
	if len(g.summing) == 0 { // else a recursion may have been cut
		g.openeds[c] = all
	}
	return all
}

func (g *graph) opensOf(c *call) []opened {
	var all []opened
	if c.fn != nil {
		if row := g.cat.Opener(c.fn); row != nil {
			if o, ok := g.direct(c, row); ok {
				all = append(all, o)
			}
		} else if n := g.byFunc[c.fn.Origin()]; n != nil {
			all = g.through(c, c.fn.Signature(), g.summary(n).opens)
		} else if f, ok := g.lookup(c.fn); ok {
			var from []opened
			for _, o := range f.Opens {
				from = append(from, opened{Open: o})
			}
			all = g.through(c, c.fn.Signature(), from)
		}
	} else {
		for _, n := range g.targets(c) {
			if len(all) < maxOpens {
				all = append(all, g.through(c, n.sig, g.summary(n).opens)...)
			}
		}
	}
	if len(all) == 0 {
		return nil
	}
	test, closed := c.in.isTest(), g.closedInside(c)
	for i := range all {
		if all[i].At == "" && test {
			all[i].At = g.place(c.expr)
		}
		if all[i].At == "" && all[i].Helper == "" && g.namedForTests(c.in) {
			all[i].Helper = g.place(c.expr)
		}
		all[i].Closed = closed
		needs, unless := g.condition(c, all[i].vars)
		all[i].If, all[i].Unless = cmp.Or(all[i].If, needs), cmp.Or(all[i].Unless, unless)
		all[i].Private = all[i].Private || g.privateHere(c, all[i].vars)
	}
	return all
}

// through returns what the call opens by way of a function with the signature
// that opens from.
func (g *graph) through(c *call, sig *types.Signature, from []opened) []opened {
	if sig == nil { // a literal that does not type-check
		return nil
	}
	var all []opened
	for _, o := range from {
		t := g.trace()
		for i, arg := range c.expr.Args {
			if o.Params.Has(min(i, sig.Params().Len()-1)) {
				t.expr(arg)
			}
		}
		if noServer(g.cat.OpenerNamed(o.Opener), t.origin) || o.Params != 0 && g.blank(c, sig, o.Params) {
			continue
		}
		o.Private = o.Private || t.origin&(dbapi.Private|dbapi.Unique) != 0
		o.Params = 0
		needed, given := t.given(o.If, c.in.isTest())
		if given {
			needed = ""
		}
		o.If = needed
		if o.Unless, given = t.given(o.Unless, c.in.isTest()); given {
			continue
		}
		vars := g.seenFrom(c.in, o.vars) // what a closure captures
		maps.Copy(vars, t.vars)
		o.vars = vars
		all = append(all, o)
	}
	return all
}

// seenFrom returns those of the variables that code in the node can name: those of
// the declaration around it, and what outlives functions.
func (g *graph) seenFrom(n *node, vars map[*types.Var]bool) map[*types.Var]bool {
	seen, outer := map[*types.Var]bool{}, n.outer().whole()
	for v := range vars {
		if outer.Pos() <= v.Pos() && v.Pos() < outer.End() || g.lasting(v) || v.Pkg() != g.pass.Pkg {
			seen[v] = true
		}
	}
	return seen
}

// funcOf returns what fn does, for the rules.
func (g *graph) funcOf(fn *types.Func) *Func {
	f, _ := g.lookup(fn)
	return f
}
