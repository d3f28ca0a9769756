package lifecycle

import (
	"cmp"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ast/inspector"

	"github.com/poollint/poollint/internal/dbapi"
	"github.com/poollint/poollint/internal/flow"
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
	vars  values
	names values       // parameters that it is named by
	by    values       // parameters that make it private by a name that is not fixed
	kept  []*types.Var // package variables and fields that keep it
	on    *types.Var   // what the call is a method of, if that keeps it
	owner *types.Var   // the parameter for each value of which it is opened once; nil if once is for the process
}

// maxOpens bounds what is remembered of one function.
const maxOpens = 32

// lookup returns what fn does, and whether anything is known of it.
func (g *graph) lookup(fn *types.Func) (*Func, bool) {
	fn = fn.Origin()
	if fn.Pkg() == nil || g.libraries[fn.Pkg().Path()] {
		return new(Func), false // the catalogue speaks for it
	}
	if f := g.code.Func(fn); f != nil {
		return &g.summary(f).Func, true
	}
	imported := new(Func)
	if !g.pass.ImportObjectFact(fn, imported) {
		return new(Func), false
	}
	return imported, true
}

// summary returns what a function does; nothing while it is not known yet.
func (g *graph) summary(f *flow.Func) *summary {
	if s := g.summaries.Of(f); s != nil {
		return s
	}
	return new(summary)
}

func (g *graph) summarize(f *flow.Func) *summary {
	s := new(summary)
	g.collect(f, s)
	for i, o := range s.opens {
		s.opens[i].Params, s.opens[i].Parts = o.vars.params(f.Sig)
		s.opens[i].By, s.opens[i].ByOf = o.by.params(f.Sig)
		s.opens[i].For = paramOf(f.Sig, s.opens[i].owner)
		s.opens[i].Params.Remove(flow.Receiver) // it holds too much to say which database it is
		if o.At == "" {
			s.opens[i].Names = namesAmong(f.Sig) &^ s.opens[i].Params
		}
		s.Opens = append(s.Opens, s.opens[i].Open)
	}
	if f.Sig != nil && f.Sig.Results().Len() > 0 {
		t := g.trace(g.onServers(g.results(f))...)
		s.Result, s.Held = t.all()|t.held, t.held&^t.origin != 0
		s.Flows, s.Of = t.vars.params(f.Sig)
		s.By, s.ByOf = t.by.params(f.Sig)
		s.Puts = g.puts(f)
		s.Unset, s.Chosen = g.unset(f), g.choicesOf(f)
	}
	s.Demands = g.demandsOf(f)
	return s
}

// same reports whether callers would see no difference between two summaries; nil is that
// of a function that does nothing.
func same(a, b *summary) bool {
	if a == nil {
		a = new(summary)
	}
	return slices.Equal(a.Opens, b.Opens) && a.Makes == b.Makes && a.PrivateBy == b.PrivateBy && a.PrivateOf == b.PrivateOf && a.By == b.By && a.ByOf == b.ByOf && a.Result == b.Result && a.Held == b.Held && a.Flows == b.Flows && a.Of == b.Of && a.Puts == b.Puts && a.Demands == b.Demands && slices.Equal(a.Unset, b.Unset) && slices.Equal(a.Chosen, b.Chosen)
}

// collect adds what one run of the function opens and makes, literals that run as a
// part of it included.
func (g *graph) collect(n *flow.Func, s *summary) {
	s.Makes = g.private[n]
	s.PrivateBy, s.PrivateOf = g.privateBy[n].params(n.Sig)
	for _, c := range n.Calls {
		once := g.guarded(c)
		g.opened[c] = g.opensOf(c)
		once = once || g.guardsKept(c)
		owner := g.ownerOf(c)
		for _, o := range g.opened[c] {
			if o.Closed || len(s.opens) >= maxOpens || !g.isTest(n) && !g.handsOut(c) {
				continue
			}
			o.guardedBy(once, owner)
			o.Perhaps = o.Perhaps || g.perhaps(o, c.At, n)
			s.opens = append(s.opens, o)
		}
	}
	for _, lit := range n.Lits {
		if lit.Detached || lit.When&testscope.After != 0 {
			continue
		}
		inner := g.summary(lit)
		if len(inner.opens) > 0 && g.passedOver(lit.Cursor, n) {
			continue
		}
		once, each, owner := lit.When&testscope.Once != 0, lit.When&testscope.PerTest != 0, g.onceOwner(lit)
		for _, o := range inner.opens {
			if len(s.opens) < maxOpens {
				o.Needs, o.NeedsOf, o.Without = "", 0, 0 // of the literal's own parameters
				g.guard(&o, lit.Cursor, n)
				o.guardedBy(once && !o.Each, owner)
				o.Perhaps, o.Each = o.Perhaps || g.perhaps(o, lit.Cursor, n), o.Each || each
				s.opens = append(s.opens, o)
			}
		}
	}
}

// openedBy returns what a function of another package opens.
func openedBy(f *Func) (all []opened) {
	for _, o := range f.Opens {
		all = append(all, opened{Open: o})
	}
	return all
}

// opensOf returns what the call opens, as its caller sees it.
func (g *graph) opensOf(c *flow.Call) []opened {
	var all []opened
	if c.Fn != nil {
		if row := g.cat.Opener(c.Fn); row != nil {
			if o, ok := g.direct(c, row); ok {
				all = append(all, o)
			}
		} else if f := g.code.Func(c.Fn); f != nil {
			all = g.through(c, f.Sig, g.summary(f).opens)
		} else if f, ok := g.lookup(c.Fn); ok {
			all = g.through(c, c.Fn.Signature(), openedBy(f))
		}
	} else if f, ok := g.lookupVar(flow.Var(g.info, c.Expr.Fun)); ok {
		sig, _ := g.info.TypeOf(c.Expr.Fun).Underlying().(*types.Signature)
		all = g.through(c, sig, openedBy(f))
	} else {
		seam := g.seam(c)
		for _, n := range c.Targets() {
			if len(all) < maxOpens && !(seam && n.Obj != nil) {
				all = append(all, g.throughValue(c, n)...)
			}
		}
		for i := range all {
			all[i].Perhaps = all[i].Perhaps || len(c.Targets()) > 1
		}
	}
	if len(all) == 0 || g.passedOver(c.At, c.In) {
		return nil
	}
	if g.dialsForPool(c.In) {
		for i := range all {
			all[i].Kind = dbapi.Pool
		}
	}
	test, closed, keepers, kept := g.isTest(c.In), g.closedInside(c), g.keepers(c), g.keptInReceiver(c)
	behind := g.behind(c)
	for i := range all {
		all[i].Behind = cmp.Or(all[i].Behind, behind)
		if all[i].At == "" && test {
			all[i].At = g.place(c.Expr)
		}
		if all[i].At == "" && all[i].Helper == "" && g.namedForTests(c.In) {
			all[i].Helper = g.place(c.Expr)
		}
		all[i].Closed = closed
		all[i].Kept = all[i].Kept || kept
		all[i].kept = append(slices.Clip(all[i].kept), keepers...)
		for _, v := range keepers {
			if flow.Global(v) {
				all[i].Into = cmp.Or(all[i].Into, globalName(v))
			}
		}
		g.guard(&all[i], c.At, c.In)
		made, by := g.privateHere(c, all[i].vars)
		all[i].Private = all[i].Private || made != 0
		all[i].Started = all[i].Started || made&dbapi.Started != 0
		all[i].by = union(all[i].by, by)
	}
	return all
}

// guard notes what the conditions around a place in a function ask of what callers give, for
// something to be opened there.
func (g *graph) guard(o *opened, at inspector.Cursor, in *flow.Func) {
	if o.Needs == "" {
		o.Needs, o.NeedsOf = g.asks(at, in, isNil)
	}
	if n, of := g.chooses(at, in); n != "" && (o.Needs == "" || o.Needs == "." && !n.flag()) {
		o.Needs, o.NeedsOf = n, of // says more than that there is one
	}
	o.Without |= g.without(at, in)
	needs, unless := g.condition(at, o.vars)
	o.If, o.Unless = cmp.Or(o.If, needs), cmp.Or(o.Unless, unless)
}

// seam reports whether the call calls what a package variable of production code holds. A
// declared function that it starts with is there to be replaced by tests.
func (g *graph) seam(c *flow.Call) bool {
	v := g.variable(c.Expr.Fun)
	return v != nil && flow.Global(v) && !testscope.InTestFile(g.pass.Fset.PositionFor(v.Pos(), false).Filename)
}

// through returns what the call opens by way of a function with the signature
// that opens from.
func (g *graph) through(c *flow.Call, sig *types.Signature, from []opened) []opened {
	if sig == nil { // a literal that does not type-check
		return nil
	}
	var all []opened
	for _, o := range from {
		if o.Needs != "" && g.lacks(c, sig, &o.Open) || o.Behind != "" && g.replaced(c, o.Behind) {
			continue
		}
		var filled bool
		if o.Without, filled = g.fills(c, sig, o.Without); filled {
			continue
		}
		if !g.onReceiver(c) {
			o.Behind = ""
		}
		t := g.trace()
		t.arguments(c, sig, o.Params, o.Parts)
		origin := t.all()
		if o.Address {
			origin |= dbapi.Address
		}
		if noServer(g.cat.OpenerNamed(o.Opener), origin) || g.blank(c, sig, o.Params&^o.By) {
			continue
		}
		receiver := g.traceReceiver(c, sig, o.Parts)
		if noServer(g.cat.OpenerNamed(o.Opener), receiver.all()) {
			continue
		}
		names := g.traceNames(c, sig, o.Names)
		if o.Held {
			o.Private, o.Held = g.heldHere(c)
		}
		o.own(t.origin|names.origin, t.held|names.held)
		private, by := g.named(c, sig, o.By, o.ByOf)
		o.Private, o.By, o.ByOf = o.Private || private, 0, ""
		o.by = union(g.visibleFrom(c.In, o.by), t.by, names.by, by)
		o.on, o.owner = nil, nil
		if o.Kept {
			o.on, o.Kept = g.root(c.Receiver()), g.ofReceiver(c.Receiver())
		}
		if o.For != 0 {
			o.Once, o.owner = g.onceFor(c, sig, o.For)
			o.For = 0
		}
		o.Params, o.Parts, o.Names = 0, "", 0
		needed, given := t.given(o.If, g.isTest(c.In))
		if given {
			needed = ""
		}
		o.If = needed
		if o.Unless, given = t.given(o.Unless, g.isTest(c.In)); given {
			continue
		}
		vars := g.visibleFrom(c.In, o.vars) // what a closure captures
		vars.add(t.vars)
		vars.add(receiver.vars)
		o.vars, o.names = vars, names.vars
		all = append(all, o)
	}
	return all
}

// traceReceiver follows what the call is a method of, where some of its fields decide and not all
// that it holds.
func (g *graph) traceReceiver(c *flow.Call, sig *types.Signature, of parts) *tracer {
	t := g.trace()
	if asked := of.of(flow.Receiver); len(asked) > 0 && !slices.Contains(asked, "") {
		var receiver flow.Params
		receiver.Add(flow.Receiver)
		t.arguments(c, sig, receiver, of)
	}
	return t
}

// throughValue returns what a call of a value opens that may be the function.
func (g *graph) throughValue(c *flow.Call, n *flow.Func) []opened {
	from := g.summary(n).opens
	if len(from) == 0 {
		return nil
	}
	want, of, found := g.entry(c, n)
	if !found {
		return nil
	}
	all := g.through(c, n.Sig, from)
	for i := range all {
		o := &all[i]
		o.Once = o.Once || n.When&testscope.Once != 0
		if o.Needs == "" {
			o.Needs, o.NeedsOf = want, of
		}
	}
	return all
}

// visibleFrom returns those of the variables that code in the function can name: those of
// the declaration around it, and what outlives functions.
func (g *graph) visibleFrom(n *flow.Func, vars values) values {
	seen, outer := values{}, n.Outer().Cursor.Node()
	for v, asked := range vars {
		if outer.Pos() <= v.Pos() && v.Pos() < outer.End() || g.lasting(v) || v.Pkg() != g.pass.Pkg {
			seen[v] = asked
		}
	}
	return seen
}

// funcOf returns what fn does, for the rules.
func (g *graph) funcOf(fn *types.Func) *Func {
	f, _ := g.lookup(fn)
	return f
}
