package capacity

import (
	"go/ast"
	"go/types"

	"github.com/poollint/poollint/internal/dbapi"
)

// maxPools bounds what is remembered of one function.
const maxPools = 32

// maxCalls bounds the functions that call one another, and so the stack.
const maxCalls = 500

// summary computes, once, what a function has to do with limits. A recursive
// call counts as nothing, and so does one that is too deep.
func (g *graph) summary(n *node) *Func {
	if s, ok := g.sums[n]; ok {
		if s == nil {
			return new(Func)
		}
		return s
	}
	if g.open > maxCalls {
		return new(Func)
	}
	g.sums[n] = nil
	g.open++
	defer func() { g.open-- }()
	s := new(Func)
	for _, c := range n.calls {
		for _, p := range g.pools(c) {
			if len(s.Pools) < maxPools {
				s.Pools = append(s.Pools, p)
			}
		}
	}
	for _, l := range n.lent {
		for _, p := range g.lentPools(n, l) {
			if len(s.Pools) < maxPools {
				s.Pools = append(s.Pools, p)
			}
		}
	}
	if n.sig != nil && n.sig.Results().Len() > 0 {
		var exprs []ast.Expr
		for _, r := range n.returns {
			if t := g.info.TypeOf(r.expr); r.lit == nil && t != nil && !isError(t) {
				exprs = append(exprs, r.expr)
			}
		}
		s.Result = *g.trace(n, exprs...)
	}
	s.Onto = g.onto(n)
	g.sums[n] = s
	return s
}

// pools returns the pools that the call opens, as its function sees them.
func (g *graph) pools(c *call) []Pool {
	all, ok := g.memo[c]
	if !ok {
		all = g.poolsOf(c)
		if g.open == 0 { // else a recursion may have been cut
			g.memo[c] = all
		}
	}
	return all
}

func (g *graph) poolsOf(c *call) []Pool {
	if c.fn == nil {
		return nil
	}
	var all []Pool
	if row := g.cat.Opener(c.fn); row != nil {
		if row.Kind != dbapi.Pool || row.Limit == nil {
			return nil
		}
		all = []Pool{g.direct(c, row)}
	} else if f := g.lookup(c.fn); f != nil {
		for _, p := range f.Pools {
			all = append(all, g.through(c, p))
		}
	}
	if len(all) == 0 {
		return nil
	}
	held, returned := g.holdersOf(c)
	settings := held.settings(c.in, nil)
	for i := range all {
		if !all[i].Result {
			continue
		}
		all[i].Result = returned
		for _, s := range settings {
			all[i].Made.set(s)
		}
	}
	return all
}

// direct returns the pool that a call of a catalogued opener opens.
func (g *graph) direct(c *call, row *dbapi.Opener) Pool {
	p := Pool{Opener: row.Name, Site: g.place(c.expr), Result: true}
	p.Made = *g.trace(c.in, c.expr.Args...)
	return p
}

// through returns the pool p of the function that the call calls.
func (g *graph) through(c *call, p Pool) Pool {
	sig := c.fn.Signature()
	t := &tracer{g: g, in: c.in, vars: map[*types.Var]bool{}, exprs: map[ast.Expr]bool{}}
	for _, s := range p.Made.Settings {
		t.substitute(c.in, c.expr, sig, s.below())
	}
	for i := range 64 {
		if p.Made.Params.Has(i) {
			for _, arg := range argsFor(c.expr, sig, i) {
				t.expr(c.in, arg)
			}
		}
	}
	p.Made.Settings, p.Made.Params = nil, 0
	t.made.add(&p.Made)
	p.Made = t.made
	return p
}

// lentPools returns what a method will open that is handed to code which calls it
// when it likes, such as the constructor of a pool of databases. Only what its
// receiver brings is known.
func (g *graph) lentPools(n *node, l lent) []Pool {
	of := g.byFunc[l.fn]
	if of == nil {
		return nil
	}
	var all []Pool
	for _, p := range g.summary(of).Pools {
		t := &tracer{g: g, in: n, vars: map[*types.Var]bool{}, exprs: map[ast.Expr]bool{}}
		for _, s := range p.Made.Settings {
			if s.Amount.Kind != FromParam {
				t.made.set(s)
			}
		}
		if p.Made.Params.Has(receiver) {
			t.expr(n, l.recv)
		}
		p.Made.Settings, p.Made.Params = nil, 0
		t.made.add(&p.Made)
		p.Made, p.Result, p.Lent = t.made, false, true
		all = append(all, p)
	}
	return all
}
