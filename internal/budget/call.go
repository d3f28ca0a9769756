package budget

import (
	"go/ast"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ast/edge"

	"github.com/poollint/poollint/internal/dbapi"
	"github.com/poollint/poollint/internal/flow"
	"github.com/poollint/poollint/internal/testlib"
	"github.com/poollint/poollint/internal/testscope"
)

// run adds what a function needs that a call runs.
func (b *builder) run(c *flow.Call, sig *types.Signature, d *demand) {
	if d.empty() || !b.pay(d.size()) {
		return
	}
	if sig == nil {
		b.out.because(b.unresolved(c))
		return
	}
	if c.At.ParentEdgeKind() == edge.GoStmt_Call {
		b.spawn(c, sig, d)
		return
	}
	b.out.tell(d)
	inside := demand{}
	for _, o := range d.Opens {
		b.limitAgain(c, &o)
		switch o.Until.Kind {
		case ended:
			o.Early = false
			hold(&inside.Opens, o)
		case handed:
			b.hold(c, o, b.fate(c))
		case testEnd:
			b.hold(c, o, b.testAt(c, sig, o.Until))
		}
	}
	for _, o := range d.Leaks {
		b.limitAgain(c, &o)
		b.hold(c, o, until{})
	}
	for _, s := range d.Subs {
		s = b.within(c, s)
		if s = b.fill(c, sig, s); s.Parallel {
			b.beside(c, s)
		} else {
			inside.sub(s)
		}
	}
	for _, h := range d.Holes {
		b.fillHole(c, sig, h, &inside, 1)
	}
	b.out.sub(sub{Demand: inside, Times: 1})
}

// within returns what runs meanwhile with the limits that the call gives.
func (b *builder) within(c *flow.Call, s sub) sub {
	s.Demand = s.Demand.clone()
	for i := range s.Demand.Opens {
		b.limitAgain(c, &s.Demand.Opens[i])
	}
	for i, inner := range s.Demand.Subs {
		s.Demand.Subs[i] = b.within(c, inner)
	}
	return s
}

// beside adds a parallel subtest, as often as the loops around the call start it.
func (b *builder) beside(c *flow.Call, s sub) {
	rounds, _ := b.loops(c.At)
	s.Times = min(s.Times*rounds, maxTimes)
	b.out.sub(s)
}

// testAt returns the test that a function's parameter stands for, as the caller names it.
func (b *builder) testAt(c *flow.Call, sig *types.Signature, u until) until {
	if u.tb != nil {
		return b.test(u.tb)
	}
	args := c.Args(sig, u.Param)
	if len(args) != 1 {
		return until{}
	}
	return b.testOf(args[0])
}

// testOf returns until when what ends with the test lasts that an expression stands for.
func (b *builder) testOf(e ast.Expr) until {
	switch e := ast.Unparen(e).(type) {
	case *ast.Ident:
		if v := flow.Var(b.info, e); v != nil {
			return b.test(v)
		}
	case *ast.UnaryExpr:
		return b.testOf(e.X)
	case *ast.CallExpr: // s.T()
		if c := b.code.Call(e); c != nil && isSpec(c) {
			return until{Kind: testEnd}
		}
		if sel, ok := ast.Unparen(e.Fun).(*ast.SelectorExpr); ok && sel.Sel.Name == "T" && len(e.Args) == 0 {
			return b.testOf(sel.X)
		}
	case *ast.SelectorExpr: // s.Suite
		if v := flow.Root(b.info, e); v != nil && testscope.Serves(v) {
			return b.test(v)
		}
	}
	return until{}
}

// test returns until when what ends with a test lasts.
func (b *builder) test(v *types.Var) until {
	p, ok := b.code.Param(v)
	switch {
	case !ok:
		stores := b.code.Into(v)
		if len(stores) == 1 && stores[0].Whole(v) {
			if id, ok := ast.Unparen(stores[0].Src).(*ast.Ident); ok {
				return b.testOf(id)
			}
		}
		return until{}
	case len(b.code.Into(v)) > 0:
		return until{}
	case p.Of == b.f:
		return until{Kind: testEnd, Param: p.I}
	}
	return until{Kind: testEnd, tb: v}
}

// spawn adds what a goroutine needs; sig is that of its function where the call gives it arguments.
func (b *builder) spawn(c *flow.Call, sig *types.Signature, d *demand) {
	b.out.once(d.Once...)
	b.out.because(d.Reasons...)
	u := until{}
	if b.joins(c) {
		u.Kind = ended
	}
	for _, o := range b.beginning(d, u, func(test until) until {
		if sig == nil && test.tb == nil {
			return until{}
		}
		return b.testAt(c, sig, test)
	}) {
		b.limitAgain(c, &o)
		b.hold(c, o, o.Until)
	}
	if d.opens() && u.Kind == leaked {
		note(&b.out.Notes, Reason{Spot: b.spot(c.Expr), What: "a goroutine opens pools, and nothing shows that the test waits for it"})
	}
	for _, h := range d.holes() {
		if h.of == nil { // what the goroutine is given: too far away
			if h.May {
				b.out.because(b.unresolved(c))
			}
			continue
		}
		h.Go = true
		b.out.Holes = append(b.out.Holes, b.outward(h, u))
	}
}

// beginning returns all that a goroutine opens, as if nothing ended before anything began: what it
// ends is open until u, what a test's end closes until that.
func (b *builder) beginning(d *demand, u until, end func(test until) until) (all []open) {
	for _, o := range d.Opens {
		switch o.Until.Kind {
		case ended:
			o.Until = u
		case testEnd:
			o.Until = end(o.Until)
		default:
			o.Until = until{}
		}
		all = append(all, o)
	}
	for _, o := range d.Leaks {
		o.Until = until{}
		all = append(all, o)
	}
	for _, o := range (&demand{Subs: d.Subs}).all() {
		o.Until = u
		all = append(all, o)
	}
	return all
}

// joins reports whether the function waits for the goroutines that it starts by the call.
func (b *builder) joins(c *flow.Call) bool {
	return slices.ContainsFunc(b.f.Calls, func(w *flow.Call) bool {
		return w.Fn != nil && w.Fn.Name() == "Wait" && w.Expr.Pos() > c.Expr.End() && isGroup(w.Fn)
	})
}

// isGroup reports whether a method is one of sync.WaitGroup or errgroup.Group.
func isGroup(fn *types.Func) bool {
	recv := fn.Signature().Recv()
	if recv == nil {
		return false
	}
	switch dbapi.TypeName(recv.Type()) {
	case "sync.WaitGroup", "golang.org/x/sync/errgroup.Group":
		return true
	}
	return false
}

// given adds what a call needs that runs what it is given, in a way that is known: a
// subtest, a hook, a goroutine, once.
func (b *builder) given(c *flow.Call) bool {
	if c.Fn == nil {
		return b.param(c)
	}
	if c.Fn.Name() == "Go" && isGroup(c.Fn) {
		b.each(c, func(t target, d *demand) { b.spawn(c, nil, d) })
		return true
	}
	if b.node(c) {
		return true
	}
	if i, ok := testscope.RunsSuite(c.Fn); ok && i < len(c.Expr.Args) && c.Fn.Name() == "Run" {
		b.suite(c, b.info.TypeOf(c.Expr.Args[i]))
		return true
	}
	when := testscope.Argument(c.Fn)
	switch {
	case when == 0:
		return false
	case c.Fn.Name() == "RunParallel":
		b.each(c, func(_ target, d *demand) {
			if d.opens() {
				b.out.because(Reason{Spot: b.spot(c.Expr), What: "RunParallel opens pools in as many goroutines as it likes", Remedy: "open before it"})
			}
		})
	case when&testscope.After != 0:
		b.each(c, func(t target, d *demand) { b.run(c, t.sig(), d) })
	case when&testscope.Once != 0:
		b.onlyOnce(c)
	default:
		b.each(c, func(t target, d *demand) { b.subtest(c, t, d) })
		for _, arg := range c.Expr.Args {
			if h, ok := b.holeOf(arg); ok && b.isFunc(arg) {
				h.Test, h.Body, h.May = until{Kind: ended}, true, true
				b.out.sub(sub{Demand: demand{Holes: []hole{h}}, Times: 1})
			}
		}
	}
	return true
}

// each looks at the functions that a call is given. Of one that is not known the caller tells.
func (b *builder) each(c *flow.Call, do func(target, *demand)) {
	for _, arg := range c.Expr.Args {
		if !b.isFunc(arg) {
			continue
		}
		if _, ok := b.holeOf(arg); ok {
			continue
		}
		targets := b.targets(arg)
		for _, t := range targets {
			if t.sig() == nil {
				continue
			}
			if d := b.reader.demand(t); d != nil && !d.empty() {
				do(t, d)
			}
		}
		if len(targets) == 0 && b.mayOpen(arg) {
			b.out.because(b.unresolved(c))
		}
	}
}

func (b *builder) isFunc(e ast.Expr) bool {
	t := b.info.TypeOf(e)
	if t == nil {
		return false
	}
	_, ok := t.Underlying().(*types.Signature)
	return ok
}

// mayOpen reports whether a func value, of which no more is known, is of a kind that opens pools.
func (b *builder) mayOpen(e ast.Expr) bool {
	sig, ok := b.info.TypeOf(e).Underlying().(*types.Signature)
	return ok && !b.info.Types[e].IsNil() && mayOpen(sig)
}

// mayOpen reports whether functions of a signature are of a kind that opens pools.
func mayOpen(sig *types.Signature) bool { return testscope.TakesTB(sig) || givesHandle(sig) }

// holeOf returns the hole for the parameter that an expression, or what it is an element of, is:
// one of the function, or of one around it.
func (b *builder) holeOf(e ast.Expr) (hole, bool) {
	if b.isMethod(e) { // what is given is its receiver
		return hole{}, false
	}
	v := flow.Root(b.info, e)
	for range maxHops {
		if v == nil {
			break
		}
		if p, ok := b.code.Param(v); ok {
			h := hole{Param: p.I, Times: 1, Spot: b.spot(e)}
			if p.Of != b.f {
				h.of = v
			}
			return h, b.f.Within(p.Of)
		}
		var next *types.Var
		for _, s := range b.code.Into(v) {
			if s.Range || s.Whole(v) {
				next = flow.Root(b.info, s.Src)
			}
		}
		v = next
	}
	return hole{}, false
}

const maxHops = 4

// isMethod reports whether an expression is a method of a value, and not a func value in a field of it.
func (b *builder) isMethod(e ast.Expr) bool {
	sel, ok := ast.Unparen(e).(*ast.SelectorExpr)
	return ok && b.info.Selections[sel] != nil && b.info.Selections[sel].Kind() == types.MethodVal
}

// param adds a call of what the caller gives.
func (b *builder) param(c *flow.Call) bool {
	v := flow.Root(b.info, c.Expr.Fun)
	if v == nil || len(c.Targets()) > 0 || dbapi.TypeName(b.info.TypeOf(c.Expr.Fun)) == "context.CancelFunc" { // which opens nothing
		return false
	}
	h, ok := b.holeOf(c.Expr.Fun)
	if !ok {
		return false
	}
	sig, _ := b.info.TypeOf(c.Expr.Fun).Underlying().(*types.Signature)
	if sig == nil {
		return false
	}
	h.May = mayOpen(sig)
	for _, arg := range c.Expr.Args {
		if testscope.IsTB(b.info.TypeOf(arg)) {
			h.Test = b.testOf(arg)
		}
	}
	rounds, loop := b.loops(c.At)
	if h.Times = rounds; rounds == 0 {
		h.Spot = loop
	}
	if c.At.ParentEdgeKind() == edge.GoStmt_Call {
		h.Go, h.Test = true, until{}
		if b.joins(c) {
			h.Test.Kind = ended
		}
	}
	b.out.Holes = append(b.out.Holes, h)
	return true
}

// fill puts what the call gives into the holes of what runs meanwhile.
func (b *builder) fill(c *flow.Call, sig *types.Signature, s sub) sub {
	holes := s.Demand.Holes
	s.Demand.Holes = nil
	for i, inner := range s.Demand.Subs {
		s.Demand.Subs[i] = b.fill(c, sig, inner)
	}
	for _, h := range holes {
		if b.fillHole(c, sig, h, &s.Demand, s.Times) {
			s.Parallel = true
		}
	}
	return s
}

// fillHole adds what the call gives for a parameter to what runs meanwhile, or to what the
// function holds. It reports whether that makes a parallel subtest of it.
func (b *builder) fillHole(c *flow.Call, sig *types.Signature, h hole, inside *demand, times int) (parallel bool) {
	test := until{}
	switch h.Test.Kind {
	case testEnd:
		test = b.testAt(c, sig, h.Test)
	case ended:
		test = h.Test
	}
	if h.of != nil {
		inside.Holes = append(inside.Holes, b.outward(h, test))
		return false
	}
	for _, arg := range c.Args(sig, h.Param) {
		if up, ok := b.holeOf(arg); ok {
			up.Times, up.Test, up.Body, up.May, up.Go = h.Times, test, h.Body, h.May, h.Go
			inside.Holes = append(inside.Holes, up)
			continue
		}
		targets := b.targets(arg)
		if len(targets) == 0 && h.May && !b.info.Types[arg].IsNil() {
			b.out.because(b.unresolved(c))
		}
		for _, t := range targets {
			d := b.reader.demand(t)
			if d == nil || d.empty() {
				continue
			}
			if t.f != nil && h.Body {
				parallel = parallel || b.parallel.CallsParallel(t.f)
			}
			b.into(c, d, h, test, inside, times)
		}
	}
	return parallel
}

// outward returns the hole of a literal as the function around it sees it.
func (b *builder) outward(h hole, test until) hole {
	h.Test = test
	if p, ok := b.code.Param(h.of); ok && p.Of == b.f {
		h.Param, h.of = p.I, nil
	}
	return h
}

// into adds a function's demand where a hole is.
func (b *builder) into(c *flow.Call, d *demand, h hole, test until, inside *demand, times int) {
	if !b.pay(d.size()) {
		return
	}
	b.out.tell(d)
	put := func(o open, u until) {
		if h.Times == 0 && u.Kind != ended {
			b.out.because(Reason{Spot: h.Spot, What: "a loop calls a function that opens pools, and how often it goes round does not show", Remedy: "open before the loop"})
		}
		o.Times = min(o.Times*max(h.Times, 1), maxTimes)
		if u.Kind == ended {
			o.Until = u
			hold(&inside.Opens, o)
			return
		}
		o.Times = min(o.Times*max(times, 1), maxTimes)
		b.hold(c, o, u)
	}
	if h.Go {
		for _, o := range b.beginning(d, test, func(own until) until {
			if own.tb != nil {
				return b.test(own.tb)
			}
			return until{}
		}) {
			put(o, o.Until)
		}
		b.through(c, d, h, test, inside)
		return
	}
	for _, o := range d.Opens {
		switch {
		case o.Until.Kind == ended:
			put(o, o.Until)
		case o.Until.Kind == testEnd && o.Until.tb != nil:
			put(o, b.test(o.Until.tb))
		case o.Until.Kind == testEnd:
			put(o, test)
		default:
			put(o, until{})
		}
	}
	for _, o := range d.Leaks {
		put(o, until{})
	}
	for _, s := range d.Subs {
		inside.sub(b.nested(c, s.clone()))
	}
	b.through(c, d, h, test, inside)
}

// through adds the holes of a function that fills a hole: those for parameters of the functions
// around it.
func (b *builder) through(c *flow.Call, d *demand, filled hole, test until, inside *demand) {
	b.deeper(c, &demand{Holes: slices.DeleteFunc(slices.Clone(d.Holes), func(h hole) bool { return h.of != nil })})
	for _, h := range d.Holes {
		if h.of == nil {
			continue
		}
		h.Times, h.Go = min(h.Times*filled.Times, maxTimes), h.Go || filled.Go
		switch {
		case filled.Go:
			h.Test = test
		case h.Test.Kind == testEnd && h.Test.tb != nil:
			h.Test = b.test(h.Test.tb)
		case h.Test.Kind == testEnd:
			h.Test = test
		}
		inside.Holes = append(inside.Holes, b.outward(h, h.Test))
	}
}

// deeper notes holes in a function that is given to another: who fills them is too far away.
func (b *builder) deeper(c *flow.Call, d *demand) {
	if slices.ContainsFunc(d.Holes, func(h hole) bool { return h.May }) {
		b.out.because(b.unresolved(c))
	}
}

// subtest adds a subtest.
func (b *builder) subtest(c *flow.Call, t target, d *demand) {
	if !b.pay(d.size()) {
		return
	}
	b.out.tell(d)
	s := sub{Times: 1, Parallel: b.runsParallel(t)}
	for _, o := range d.Opens {
		switch {
		case o.Until.Kind == ended, o.Until.Kind == testEnd && o.Until.tb == nil:
			o.Until = until{Kind: ended}
			hold(&s.Demand.Opens, o)
		case o.Until.Kind == testEnd:
			b.hold(c, o, b.test(o.Until.tb))
		default:
			b.hold(c, o, until{})
		}
	}
	for _, o := range d.Leaks {
		b.hold(c, o, until{})
	}
	for _, inner := range d.Subs {
		s.Demand.sub(b.nested(c, inner.clone()))
	}
	for _, h := range d.Holes {
		b.nest(c, &s.Demand, h)
	}
	if s.Parallel {
		b.beside(c, s)
	} else {
		b.out.sub(s)
	}
}

// nest adds a hole of a subtest.
func (b *builder) nest(c *flow.Call, in *demand, h hole) {
	switch {
	case h.of == nil && h.May:
		b.out.because(b.unresolved(c))
	case h.of != nil && h.Test.Kind == testEnd && h.Test.tb != nil:
		in.Holes = append(in.Holes, b.outward(h, b.test(h.Test.tb)))
	case h.of != nil && h.Test.Kind == testEnd: // the subtest's own
		in.Holes = append(in.Holes, b.outward(h, until{Kind: ended}))
	case h.of != nil:
		in.Holes = append(in.Holes, b.outward(h, h.Test))
	}
}

// nested returns what runs in a subtest, with the holes of that.
func (b *builder) nested(c *flow.Call, s sub) sub {
	holes := s.Demand.Holes
	s.Demand.Holes = nil
	for _, h := range holes {
		b.nest(c, &s.Demand, h)
	}
	for i, inner := range s.Demand.Subs {
		s.Demand.Subs[i] = b.nested(c, inner)
	}
	return s
}

// implement notes values whose methods open pools and that are given, behind an interface, to
// code of another package.
func (b *builder) implement(c *flow.Call) {
	if c.Fn == nil || b.code.Func(c.Fn) != nil {
		return
	}
	sig := c.Fn.Signature()
	for i, arg := range c.Expr.Args {
		param, typ := flow.ParamOf(sig, flow.ParamOfArg(sig, i)), b.info.TypeOf(arg)
		if param == nil || typ == nil || types.IsInterface(typ) {
			continue
		}
		t := param.Type()
		if s, ok := t.Underlying().(*types.Slice); ok && sig.Variadic() {
			t = s.Elem()
		}
		iface, ok := t.Underlying().(*types.Interface)
		if !ok || testscope.IsTB(t) {
			continue
		}
		for m := range iface.Methods() {
			obj, _, _ := types.LookupFieldOrMethod(typ, true, m.Pkg(), m.Name())
			fn, ok := obj.(*types.Func)
			if !ok {
				continue
			}
			of := target{f: b.code.Func(fn)}
			if of.f == nil {
				of.fn = fn
			}
			if d := b.reader.demand(of); d != nil && d.opens() {
				b.out.because(b.anyTimes(arg, "a value with a method that opens pools"))
			}
		}
	}
}

// unused notes functions that open pools and are given to one that does not call them itself.
func (b *builder) unused(c *flow.Call, sig *types.Signature, d *demand) {
	for i, arg := range c.Expr.Args {
		if param := flow.ParamOfArg(sig, i); !b.isFunc(arg) || calls(d, param) {
			continue
		}
		for _, t := range b.targets(arg) {
			if of := b.reader.demand(t); of != nil && of.opens() {
				b.out.because(b.anyTimes(arg, "a function that opens pools"))
			}
		}
	}
}

// calls reports whether the demand has a hole for a parameter.
func calls(d *demand, param int) bool {
	return slices.ContainsFunc(d.Holes, func(h hole) bool { return h.Param == param }) ||
		slices.ContainsFunc(d.Subs, func(s sub) bool { return calls(&s.Demand, param) })
}

// unread notes a call of code that cannot be read and may open pools.
func (b *builder) unread(c *flow.Call) {
	if !b.isFunc(c.Expr.Fun) || b.onceVars[flow.Var(b.info, c.Expr.Fun)] {
		return
	}
	sig := b.info.TypeOf(c.Expr.Fun).Underlying().(*types.Signature)
	if c.Fn != nil { // of another module, or a method of an interface
		for _, arg := range c.Expr.Args {
			if !b.isFunc(arg) {
				continue
			}
			for _, t := range b.targets(arg) {
				d := b.reader.demand(t)
				switch {
				case d == nil || d.empty():
				case c.Fn.Pkg() != nil && testlib.ForTests(c.Fn.Pkg().Path()):
					b.run(c, t.sig(), d)
				case d.opens():
					b.out.because(b.anyTimes(arg, "a function that opens pools"))
				}
			}
		}
	}
	if !givesHandle(sig) || b.life.Fake(c.Expr) {
		return
	}
	for _, e := range append([]ast.Expr{c.Receiver()}, c.Expr.Args...) {
		if t := b.typeOf(e); t != nil && dbapi.Holds(t) {
			return // another face of that
		}
	}
	b.out.because(b.unresolved(c))
}

func (b *builder) typeOf(e ast.Expr) types.Type {
	if e == nil {
		return nil
	}
	return b.info.TypeOf(e)
}

// unresolved says that what a call runs is not known.
func (b *builder) unresolved(c *flow.Call) Reason {
	return Reason{Spot: b.spot(c.Expr), What: "what is called here may open pools, and its code is not known", Remedy: "call a function of this module by its name, or name what opens in api.openers"}
}

// anyTimes says that nobody knows how often what is given to other code runs.
func (b *builder) anyTimes(arg ast.Expr, what string) Reason {
	return Reason{Spot: b.spot(arg), What: what + " is given to code that may call it any number of times", Remedy: "open in the test, and give it the pool"}
}

// givesHandle reports whether a result is a handle of a pool or a connection.
func givesHandle(sig *types.Signature) bool {
	for v := range sig.Results().Variables() {
		if dbapi.Handle(v.Type()) {
			return true
		}
	}
	return false
}
