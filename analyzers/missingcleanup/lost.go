package missingcleanup

import (
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ast/inspector"

	"github.com/poollint/poollint/internal/dbapi"
	"github.com/poollint/poollint/internal/finding"
	"github.com/poollint/poollint/internal/flow"
	"github.com/poollint/poollint/internal/lifecycle"
	"github.com/poollint/poollint/internal/ownership"
	"github.com/poollint/poollint/internal/testscope"
)

// lost reports handles that nobody releases.
func (c *check) lost(all []*ownership.Handle) {
	var handles []*ownership.Handle
	for _, h := range all {
		handles = append(handles, c.replaced(h))
	}
	t := &tallies{check: c, callers: map[*flow.Func][]*ownership.Handle{}, known: map[step]tally{}}
	for _, h := range handles {
		for _, f := range h.From {
			t.callers[f] = append(t.callers[f], h)
		}
	}
	found := leaks{first: map[*types.Func]int{}, arms: map[heldPool]bool{}}
	handles = oneEach(handles, func(h *ownership.Handle) bool { return h.Fate.Lost() && !h.Kept && t.leaks(h) })
	leaking := map[*flow.Func]int{} // number of handles whose leak a function is to blame for
	for _, h := range handles {
		if t.leaks(h) {
			leaking[h.Giver()]++
		}
	}
	for _, h := range handles {
		leaks, blamed := t.leaks(h), 0 // if so, the helper that returned it is reported instead
		for _, f := range h.From {
			blamed += leaking[f]
			if leaks && h.Giver() == f {
				blamed-- // a recursive helper is not blamed instead of itself
			}
		}
		elsewhere := c.helperOf(h)
		if n := t.of(h, 0); elsewhere != "" && h.Fate.Returned == 0 && n != (tally{}) {
			c.report.Evidence(elsewhere, h.Expr().Pos(), caller{Forgets: leaks})
		}
		if site := c.sites[h.Expr()]; !leaks && site != nil && h.Fate.Returned != 0 {
			f := finding.At(h.Expr(), c.leakOf(h, tally{}), c.cleanup(h)...)
			f.Key = string(site.Place)
			c.report.Candidate(f)
		}
		switch {
		case h.Dropped && h.Fate.Lasting && c.life.Guarded(h.Expr()):
			// one pool a process
		case h.Dropped:
			c.found(h.Expr(), dropped{h.Callee, c.registrar(h.Call.At)}, c.taken(h)...)
		case leaks:
			if blamed == 0 && !c.otherArm(found, h) {
				found.add(c, t.leak(h, elsewhere), openerOf(h))
			}
		case c.leftBehind(h), c.overwritten(h):
			c.found(h.Expr(), attempt{handleOf(h)})
		case !h.Kept && c.endable(h) && (h.Fate.Released() || len(h.Fate.OnError) > 0):
			c.skipped(h)
		}
	}
	for _, f := range found.found {
		c.report.Report(f)
	}
	c.forTests()
}

// leak is the finding of a handle that nobody releases, with those who forget it.
func (t *tallies) leak(h *ownership.Handle, helper string) finding.Finding {
	f := finding.At(h.Expr(), t.leakOf(h, t.of(h, 0)), t.cleanup(h)...)
	f.Helper = helper
	for loser := range t.losers(h) {
		f.Witnesses = append(f.Witnesses, t.report.Witness(loser.Expr().Pos()))
	}
	return f
}

// openerOf returns the function that a handle is of, nil if it is one of another object each time.
func openerOf(h *ownership.Handle) *types.Func {
	if h.Direct && h.Field != "" {
		return nil
	}
	return h.Call.Fn
}

// leaks are findings. What a function returns that cannot close its pool is one cause, and told at
// the first of the calls.
type leaks struct {
	found []finding.Finding
	first map[*types.Func]int
	arms  map[heldPool]bool // variables that hold what is lost
}

// otherArm reports whether the variable that holds what is lost holds what another arm of a branch loses:
// behind both, one release will do.
func (c *check) otherArm(l leaks, h *ownership.Handle) bool {
	if h.Holder == nil || h.Kept || h.Field != "" || h.Fate.Returned != 0 || c.code.Overwritten(h.Call, h.Holder) {
		return false
	}
	held := heldPool{h.In(), h.Holder}
	known := l.arms[held]
	l.arms[held] = true
	return known
}

func (l *leaks) add(c *check, f finding.Finding, callee *types.Func) {
	data := f.Data.(leak)
	if callee == nil || !data.inside() {
		l.found = append(l.found, f)
		return
	}
	at, known := l.first[callee]
	if !known {
		l.first[callee] = len(l.found)
		f.Cause = "what " + callee.FullName() + " returns"
		l.found = append(l.found, f)
		return
	}
	data = l.found[at].Data.(leak)
	data.More++
	l.found[at].Data = data
	l.found[at].Witnesses = append(l.found[at].Witnesses, c.report.Witness(f.Pos))
}

// forTests offers the functions of production code that are named for tests and open something
// as places to tell what their callers lose.
func (c *check) forTests() {
	for _, site := range c.life.Helpers {
		opens := site.Named()
		l := leak{Handle: handle{Kind: opens.Kind, Opener: opens.Opener}, Remedy: closeForAll}
		if !site.Direct && site.Callee != nil {
			l.Handle.Through = site.Callee.Name()
		}
		f := finding.At(site.Call, l)
		f.Key = string(site.Place)
		c.report.Candidate(f)
	}
}

const maxHelpers = 8 // helpers between the call that obtains a handle and the test

// A tally counts the callers that lose a handle and those that release it.
type tally struct{ lost, released float64 } // not int: through recursive helpers they grow exponentially

// maxCallers bounds the callers that are counted, or listed.
const maxCallers = 1000

func (t tally) callers() callers {
	if t.lost+t.released > maxCallers {
		return callers{}
	}
	return callers{All: int(t.lost + t.released), Forget: int(t.lost)}
}

// tallies are counted once for the callers of each function.
type tallies struct {
	*check
	callers map[*flow.Func][]*ownership.Handle
	known   map[step]tally
}

// A step is a function at a depth: the number of helpers between it and the call that
// obtains a handle; and which of the handles that it hands out.
type step struct {
	fn     *flow.Func
	depth  int
	opener dbapi.Name
	within string
}

// gives reports whether a handle is the one that callers of the step's function get.
func (s step) gives(h *ownership.Handle) bool { return h.Opener == s.opener && h.Within == s.within }

// leaks reports whether the function that obtains the handle is to blame for its loss:
// nobody can release it, or most callers that get it lose it.
func (t *tallies) leaks(h *ownership.Handle) bool {
	n := t.of(h, 0)
	return n.lost > n.released
}

// of returns the tally of a handle, following the helpers that return it.
func (t *tallies) of(h *ownership.Handle, depth int) tally {
	fate := h.Fate
	switch {
	case h.Field != "", fate.Lost():
		return tally{lost: 1}
	case fate.Ended() || fate.Closers != 0:
		return tally{released: 1}
	case t.hidden(h):
		return tally{lost: 1}
	case fate.Returned != 0 && depth < maxHelpers:
		n := t.ofCallers(step{h.Giver(), depth + 1, h.Opener, h.Given})
		if fate.Returned.Has(0) {
			lose, release := t.code.Supplied(h.Giver())
			n.lost, n.released = n.lost+float64(lose), n.released+float64(release)
		}
		return n
	}
	if fate.Put && depth < maxHelpers {
		if n := t.ofCallers(step{h.Call.In, depth + 1, h.Opener, ""}); n != (tally{}) {
			return n
		}
	}
	return t.stored(h)
}

// losers returns the handles that callers get of the function that hands out h and lose.
func (t *tallies) losers(h *ownership.Handle) map[*ownership.Handle]bool {
	all := map[*ownership.Handle]bool{}
	var add func(h *ownership.Handle)
	add = func(h *ownership.Handle) {
		if h.Fate.Returned == 0 {
			return
		}
		for _, caller := range t.callers[h.Giver()] {
			if caller.Opener == h.Opener && caller.Within == h.Given && !all[caller] && len(all) < maxCallers && t.of(caller, 0).lost > 0 {
				all[caller] = true
				add(caller)
			}
		}
	}
	add(h)
	return all
}

func (t *tallies) ofCallers(s step) tally {
	n, known := t.known[s]
	if !known {
		for _, caller := range t.callers[s.fn] {
			if caller.Field != "" || !s.gives(caller) {
				continue // lost, whatever callers do
			}
			m := t.of(caller, s.depth)
			n.lost, n.released = n.lost+m.lost, n.released+m.released
		}
		t.known[s] = n
	}
	return n
}

// hidden reports whether a pool or connection is returned only within values that cannot
// close it. A transaction is not hidden: callers may know its type.
func (c *check) hidden(h *ownership.Handle) bool {
	for i := range h.Fate.Returned.All {
		if ownership.Closable(h.Fate.By.Sig.Results().At(i).Type()) {
			return false
		}
	}
	return h.Kind.Own() && h.Fate.Returned != 0 && !h.Fate.Kept
}

// stored tells of a handle that is stored in fields of a suite whether a method releases these; nothing of
// one that is stored elsewhere.
func (c *check) stored(h *ownership.Handle) tally {
	if !h.Fate.Kept || !isMethod(h.In()) || len(h.Fate.Fields) == 0 {
		return tally{}
	}
	recv := h.In().Sig.Recv().Type()
	for _, field := range h.Fate.Fields {
		if !hasField(recv, field) {
			return tally{}
		}
		all, _ := c.owners.Releases(field, h.In())
		if slices.ContainsFunc(all, func(at inspector.Cursor) bool { return !c.ofNext(at, field, h) && !c.afterSuite(at, h) }) {
			return tally{released: 1}
		}
		if len(all) > 0 && c.afterSuite(all[0], h) {
			c.partly[h] = lastTest
		}
	}
	return tally{lost: 1}
}

// afterSuite reports whether a release stands in a hook that runs once the suite is over, and the
// handle is obtained before each of its tests.
func (c *check) afterSuite(release inspector.Cursor, h *ownership.Handle) bool {
	before, after, site := h.In(), c.code.Around(release).Outer(), c.sites[h.Expr()]
	return before.When&testscope.PerTest != 0 && levelOf(before) == ofMethod && slices.Contains(testscope.BeforeTest, before.Obj.Name()) &&
		isMethod(after) && after.When&testscope.After != 0 && levelOf(after) == ofSuite &&
		!c.life.Guarded(h.Expr()) && (site == nil && c.hasTests(before.Sig.Recv().Type()) ||
		site != nil && site.Verdict == lifecycle.PerTest && !site.Single && !site.Alone)
}

// hasTests reports whether a suite has several tests of its own.
func (c *check) hasTests(suite types.Type) bool {
	n := 0
	for _, f := range c.code.Funcs() {
		if isMethod(f) && f.When&testscope.PerTest != 0 && strings.HasPrefix(f.Obj.Name(), "Test") && types.Identical(f.Sig.Recv().Type(), suite) {
			n++
		}
	}
	return n > 1
}

// hasField reports whether a struct, or one that it embeds, has a field.
func hasField(t types.Type, field *types.Var) bool {
	obj, _, _ := types.LookupFieldOrMethod(t, true, field.Pkg(), field.Name())
	v, ok := obj.(*types.Var)
	return ok && v.Origin() == field
}

// leakOf returns the data of the finding for a handle that is lost.
func (c *check) leakOf(h *ownership.Handle, n tally) leak {
	l := leak{Handle: handleOf(h), OnError: len(h.Fate.OnError) > 0, Partly: c.partly[h]}
	if !h.Direct {
		l.Handle.Through = h.Callee
	}
	registrar := c.registrar(h.Call.At)
	switch site := c.sites[h.Expr()]; {
	case h.Field != "":
		l.Remedy, l.Code = closeField, h.Field
	case h.Holder != nil && !h.Kept && h.Fate.Returned == 0 && c.code.Overwritten(h.Call, h.Holder):
		l.Remedy, l.Code = closeBefore, h.Holder.Name()
	case len(h.Fate.Fields) > 0 && !c.unable(h):
		l.Remedy, l.Code = c.kept(h)
	case site != nil && site.Verdict == lifecycle.Unassigned:
		l.Remedy = share
	case h.Fate.Closers != 0:
		l.Remedy, l.Callers = callReturned, n.callers()
	case c.hidden(h) && !c.unable(h):
		l.Remedy, l.Code = closeHere, registrar
	case h.Fate.Returned != 0 && !c.unable(h):
		l.Remedy, l.Code, l.Callers = closeForAll, registrar, n.callers()
		l.Callers.More = l.Callers.All < len(h.Giver().Callers)
		if registrar == "" {
			l.Code = c.registrarOfCallers(h.Giver())
		}
		if l.Code == "" && returnsEnd(h.Giver().Sig) {
			l.Remedy = closeThere
		}
	default:
		l.Remedy, l.Code = c.remedyFor(h)
	}
	return l
}

// returnsEnd reports whether a function returns another, as a helper without a running test does for
// who calls it to end what it has begun.
func returnsEnd(sig *types.Signature) bool {
	for result := range sig.Results().Variables() {
		if _, ok := result.Type().Underlying().(*types.Signature); ok {
			return true
		}
	}
	return false
}

// registrarOfCallers returns what registers releases in specs, where these alone call a function: the
// function may call it too.
func (c *check) registrarOfCallers(f *flow.Func) (all string) {
	for _, call := range f.Callers {
		if all = c.registrar(call.At); !strings.HasSuffix(all, "DeferCleanup") {
			return ""
		}
	}
	return all
}

// unable reports whether what a function has handed out cannot release the handle.
func (c *check) unable(h *ownership.Handle) bool {
	if h.Direct || h.Kept || h.Call.Fn == nil || h.Closer >= 0 {
		return false
	}
	if h.Holder == nil {
		return !c.releasable(h)
	}
	_, ok := c.releaseOf(h)
	return !ok && c.ender(h) == nil
}

// collected reports whether the handle goes into a list, whose elements can be released.
func (c *check) collected(h *ownership.Handle) bool {
	if h.Holder == nil {
		return false
	}
	var elem types.Type
	switch t := h.Holder.Type().Underlying().(type) {
	case *types.Array:
		elem = t.Elem()
	case *types.Slice:
		elem = t.Elem()
	case *types.Map:
		elem = t.Elem()
	default:
		return false
	}
	_, ok := c.by(h.Holder.Name(), elem, releases, known)
	if !ok {
		_, ok = c.part(h.Holder.Name(), elem, releases)
	}
	return ok
}

// remedyFor returns how the function that obtains a handle can release it, as code where
// there is some.
func (c *check) remedyFor(h *ownership.Handle) (remedy, string) {
	r, ok := c.releaseOf(h)
	ender := c.ender(h)
	switch text := c.remedy(h); {
	case text != "":
		return addCode, strings.Join(strings.Fields(text), " ")
	case !ok && ender != nil:
		return endIt, ender.Name()
	case !ok && h.Kept:
		return closeObject, types.TypeString(h.Call.Fn.Signature().Recv().Type(), func(*types.Package) string { return "" })
	case !ok && h.Holder == nil && c.releasable(h):
		return keepIt, ""
	case !ok && c.collected(h):
		return closeEach, h.Holder.Name()
	case !ok && h.Closer >= 0:
		return callReturned, ""
	case !ok && h.Call.Fn != nil && testscope.TakesTB(h.Call.Fn.Signature()):
		return registerInside, h.Callee
	case !ok:
		return returnCloser, h.Callee
	case c.registrar(h.Call.At) != "" && c.failsInRow(h):
		return registerOpen, c.registrar(h.Call.At)
	case c.registrar(h.Call.At) != "":
		return register, c.registrar(h.Call.At)
	case h.Call.In.When != 0 && h.Call.In.When&testscope.After == 0 && h.Call.In.Decl == nil:
		return tearDown, "an AfterEach"
	case isMethod(h.In()) && counterparts[h.In().Obj.Name()] != "":
		return tearDown, counterparts[h.In().Obj.Name()]
	}
	return addCode, r.deferred()
}

// counterparts are the hooks of a suite that take down what others set up.
var counterparts = map[string]string{
	"SetupSuite": "TearDownSuite", "SetUpSuite": "TearDownSuite", "SetupTest": "TearDownTest", "SetUpTest": "TearDownTest",
	"BeforeTest": "AfterTest", "SetupSubTest": "TearDownSubTest",
}

// kept returns the remedy for a handle that a method keeps in a field.
func (c *check) kept(h *ownership.Handle) (remedy, string) {
	for _, field := range h.Fate.Fields {
		if _, idle := c.owners.Releases(field, h.In()); len(idle) > 0 {
			return callIt, dbapi.NameOf(idle[0].Obj).Short()
		}
	}
	return tearDown, c.counterpart(h)
}

// counterpart names the method that is to release what a method keeps in a field.
func (c *check) counterpart(h *ownership.Handle) string {
	in := h.In()
	switch name := counterparts[in.Obj.Name()]; {
	case name != "":
		return name
	case in.When != 0:
		return "TearDownTest"
	}
	return "a method of its own"
}
