// Package ownership finds out who has to release the handles that functions
// obtain: the function itself, its caller, or whoever it gives them to. Facts
// carry the answers to the packages that import it. What becomes of a value is
// flow's answer; which values are handles is known here.
//
// It is lenient: what it cannot follow counts as released by someone.
package ownership

import (
	"cmp"
	"go/ast"
	"go/types"
	"reflect"
	"slices"
	"sync"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ast/edge"
	"golang.org/x/tools/go/ast/inspector"

	"github.com/poollint/poollint/internal/config"
	"github.com/poollint/poollint/internal/dbapi"
	"github.com/poollint/poollint/internal/flow"
	"github.com/poollint/poollint/internal/lifecycle"
	"github.com/poollint/poollint/internal/testscope"
)

// Analyzer computes the facts; its result is a *Package.
var Analyzer = &analysis.Analyzer{
	Name:             "poollintownership",
	Doc:              "find out who has to release database handles",
	Run:              run,
	RunDespiteErrors: true,
	Requires:         []*analysis.Analyzer{config.Analyzer, flow.Analyzer, lifecycle.Analyzer},
	FactTypes:        []analysis.Fact{new(Func), new(Globals)},
	ResultType:       reflect.TypeFor[*Package](),
}

// A Package lists the handles that the functions of one package obtain.
type Package struct {
	Handles []*Handle // in source order
	Left    []Left    // in source order within a function

	code      *flow.Package
	info      *types.Info
	suites    func() []types.Type
	handovers func() []handover
	released  map[*types.Var][]inspector.Cursor // see releasing
}

// A Handle is something that a call hands out and that somebody has to release.
type Handle struct {
	Gift
	Call   *flow.Call
	From   []*flow.Func // the functions of the package that may hand it out
	Callee string       // what is called
	Direct bool         // that is in the catalogue
	Holder *types.Var   // the variable that takes the handle; nil if none does
	Err    *types.Var   // the variable that takes the call's error; nil if none does

	// Known says of variables whether they are zero where the handle has been obtained:
	// there was no error, and there is a handle.
	Known map[*types.Var]bool

	// Dropped says that the result that would release the handle is assigned to
	// the blank identifier or not at all.
	Dropped bool
	Fate    *Fate
	Given   string // Within, of the gift that the function makes of it
}

// Expr returns the call.
func (h *Handle) Expr() *ast.CallExpr { return h.Call.Expr }

// Closes reports whether the function around a call releases what that hands out, itself or
// when the test is over.
func (p *Package) Closes(call *ast.CallExpr) bool {
	return slices.ContainsFunc(p.Handles, func(h *Handle) bool { return h.Expr() == call && h.Fate.Released() })
}

// Giver returns the function to blame if who gets the handle loses it: the one that
// returns it, or else obtains it.
func (h *Handle) Giver() *flow.Func {
	if h.Fate.By != nil {
		return h.Fate.By
	}
	return h.Call.In
}

// In returns the declaration, or the initialisers, that the call stands in.
func (h *Handle) In() *flow.Func { return h.Call.In.Outer() }

type pkg struct {
	pass      *analysis.Pass
	code      *flow.Package
	catalogue *dbapi.Catalogue
	lifecycle *lifecycle.Package

	facts   map[*flow.Func]*Func
	handles map[*flow.Func][]*Handle
	inner   map[*flow.Func][]*Handle // that literals in a function obtain, and it returns
	fates   map[fateKey]*Fate
	globals map[*flow.Func]*Globals

	released func(field *types.Var) []inspector.Cursor // see Package.releasing
}

func run(pass *analysis.Pass) (any, error) {
	result := &Package{code: flow.Of(pass), info: pass.TypesInfo, released: map[*types.Var][]inspector.Cursor{}}
	result.suites, result.handovers = sync.OnceValue(result.findSuites), sync.OnceValue(result.findHandovers)
	life := pass.ResultOf[lifecycle.Analyzer].(*lifecycle.Package)
	if !life.Reaches() {
		return result, nil
	}
	p := &pkg{
		pass: pass, code: result.code, lifecycle: life,
		catalogue: dbapi.NewCatalogue(config.Of(pass).API.Openers),
		facts:     map[*flow.Func]*Func{}, handles: map[*flow.Func][]*Handle{}, inner: map[*flow.Func][]*Handle{}, fates: map[fateKey]*Fate{},
		globals: map[*flow.Func]*Globals{},
	}
	p.released = result.releasing
	p.code.BottomUp(p.summarize)
	p.followGlobals()
	result.Left = p.left()
	for _, f := range p.code.Funcs() {
		if fact := p.globals[f]; f.Obj != nil && len(fact.Puts)+len(fact.Lets)+len(fact.Hands) > 0 {
			pass.ExportObjectFact(f.Obj, fact)
		}
		if fact := p.facts[f]; f.Obj != nil && len(fact.Gives) > 0 {
			pass.ExportObjectFact(f.Obj, fact)
		}
		result.Handles = append(result.Handles, p.handles[f]...)
	}
	slices.SortStableFunc(result.Handles, func(a, b *Handle) int { return cmp.Compare(a.Expr().Pos(), b.Expr().Pos()) })
	return result, nil
}

// summarize finds out what the calls in a function hand out, and what it hands out itself.
func (p *pkg) summarize(f *flow.Func) (changed bool) {
	var handles []*Handle
	fact := new(Func)
	for _, call := range f.Calls {
		for _, gift := range p.gifts(call) {
			if !gift.Kind.Own() && p.mocked(call) || gift.Kept && p.tornDown(call) {
				continue
			}
			h := p.handle(call, gift)
			if h.Field == "" {
				h.Field = p.forgotten(h)
			}
			handles = append(handles, h)
			switch by := h.Fate.By; by {
			case nil:
				if p.puts(f, h) {
					fact.give(Gift{Result: -1, Kept: true, Listed: h.Fate.Listed, Closer: -1, Opener: h.Opener, Kind: h.Kind})
				}
			case f:
				if h.Fate.Lasting && p.puts(f, h) {
					fact.give(Gift{Result: h.Fate.result(), Kept: true, Listed: h.Fate.Listed, Closer: -1, Opener: h.Opener, Kind: h.Kind})
				}
				if !p.lifecycle.Guarded(call.Expr) { // else all callers get the same
					fact.pass(h, p.production(f))
				}
			default:
				p.inner[by] = append(p.inner[by], h)
			}
		}
	}
	dialed := p.dialed(f)
	handles = append(handles, dialed...)
	for _, h := range slices.Concat(p.inner[f], dialed) {
		fact.pass(h, p.production(f))
	}
	all := fact.Gives
	fact.Gives = slices.DeleteFunc(slices.Clone(all), func(g Gift) bool { // which of them it is, only the way there says
		return g.Kept && g.Result >= 0 && slices.ContainsFunc(all, func(other Gift) bool { return !other.Kept && other.Result == g.Result })
	})
	slices.SortStableFunc(fact.Gives, func(a, b Gift) int { return cmp.Compare(a.rank(), b.rank()) })
	before := p.facts[f]
	p.facts[f], p.handles[f] = fact, handles
	return before == nil || len(before.Gives) != len(fact.Gives)
}

// production reports whether a function is no test code: its callers are to be told what it hides.
func (p *pkg) production(f *flow.Func) bool {
	decl := f.Outer().Decl
	return decl != nil && !p.lifecycle.IsTest(decl)
}

// pass notes the result that a handle is handed out with: one that can close it, or hides it.
func (f *Func) pass(h *Handle, hides bool) {
	if h.Fate.Ended() && h.Field == "" || h.Fate.Lasting {
		return
	}
	gift := Gift{Result: -1, Closer: -1, Opener: h.Opener, Kind: h.Kind, Supplies: h.Fate.Supplies, Field: h.Field}
	for i := range h.Fate.Returned.All {
		t := h.Fate.By.Sig.Results().At(i).Type()
		switch {
		case !Closable(t) || !h.Kind.Own() && !dbapi.Handle(t) && !ends(t):
			gift.Supplies.Remove(i)
			continue // a row that holds its connection gives it back by itself
		case gift.Result < 0:
			gift.Result = i
		case dbapi.Handle(t) && !dbapi.Handle(h.Fate.By.Sig.Results().At(gift.Result).Type()):
			gift.Also.Add(gift.Result)
			gift.Result = i
		default:
			gift.Also.Add(i)
		}
	}
	gift.Within = h.Fate.in(gift.Result)
	h.Given = gift.Within
	for i := range h.Fate.Closers.All {
		gift.Closer = i
	}
	if hides && gift.Result < 0 && h.Kind.Own() && !h.Fate.Kept {
		gift.Result = h.Fate.result() // an interface that cannot close it: nobody can
	}
	if gift.Result >= 0 || gift.Closer >= 0 && !h.Fate.Kept {
		f.give(gift)
	}
}

// puts reports whether a method leaves a handle in its receiver. What hooks keep is the suite's.
func (p *pkg) puts(f *flow.Func, h *Handle) bool {
	return h.Fate.Put && !h.Fate.Released() && f.When == 0 && h.Kind.Own() && isPointer(f.Sig.Recv().Type()) &&
		!slices.ContainsFunc(h.Fate.Fields, func(field *types.Var) bool { return p.closesBehind(h.Call, field) })
}

// tornDown reports whether a method of a suite calls one of the suite, or of a base, that keeps what it opens
// there, and a hook of the suite closes what that has.
func (p *pkg) tornDown(call *flow.Call) bool {
	sig := call.In.Outer().Sig
	return sig != nil && sig.Recv() != nil && flow.Root(p.pass.TypesInfo, call.Receiver()) == sig.Recv() && p.code.ClosesInHook(sig.Recv().Type())
}

// closesBehind reports whether the function around a call closes behind it what a field holds.
func (p *pkg) closesBehind(call *flow.Call, field *types.Var) bool {
	return slices.ContainsFunc(p.code.Mentions(field), func(m inspector.Cursor) bool {
		return m.Node().Pos() > call.Expr.End() && m.ParentEdgeKind() == edge.SelectorExpr_Sel &&
			p.code.Around(m).Within(call.In) && len(p.code.FateOf(m.Parent()).Ended()) > 0
	})
}

func isPointer(t types.Type) bool {
	_, ok := t.Underlying().(*types.Pointer)
	return ok
}

func (f *Func) give(gift Gift) {
	if !slices.ContainsFunc(f.Gives, func(g Gift) bool {
		return g.Result == gift.Result && g.Within == gift.Within && g.Kept == gift.Kept && g.Closer == gift.Closer && g.Field == gift.Field
	}) {
		f.Gives = append(f.Gives, gift)
	}
}

// gifts returns what a call hands out.
func (p *pkg) gifts(call *flow.Call) []Gift {
	fn := call.Fn
	if fn == nil {
		all := new(Func)
		for _, f := range call.Targets() {
			if f.When&testscope.Once != 0 {
				continue // all callers get the same
			}
			for _, gift := range p.given(f) {
				all.give(gift)
			}
		}
		return all.Gives
	}
	row := p.catalogue.Opener(fn)
	switch {
	case row == nil && p.lifecycle.Spares(call.Expr, fn):
		return nil
	case row == nil && p.code.Func(fn) != nil:
		return p.given(p.code.Func(fn))
	case row == nil:
		fact := new(Func)
		p.pass.ImportObjectFact(fn, fact)
		return fact.Gives
	case row.Kind == dbapi.Wrapper, row.Kind.Own() && !p.lifecycle.Dials(call.Expr):
		return nil
	}
	return []Gift{{Closer: -1, Opener: row.Name, Kind: row.Kind}}
}

// mocked reports whether the call borrows from a handle that the function around it has from
// a mock or an in-memory database. What parameters and package variables hold is for each
// caller to say.
func (p *pkg) mocked(call *flow.Call) bool {
	return slices.ContainsFunc(append([]ast.Expr{call.Receiver()}, call.Expr.Args...), func(e ast.Expr) bool {
		v := flow.Root(p.pass.TypesInfo, e)
		if v == nil || flow.Global(v) || !dbapi.Handle(p.pass.TypesInfo.TypeOf(e)) {
			return false
		}
		_, param := p.code.Param(v)
		return !param && p.lifecycle.Fake(e)
	})
}

// given returns what a function of the package hands out, as far as that is known yet.
func (p *pkg) given(f *flow.Func) []Gift {
	if fact := p.facts[f]; fact != nil {
		return fact.Gives
	}
	return nil
}

// handle finds out what becomes of what a call hands out.
func (p *pkg) handle(call *flow.Call, gift Gift) *Handle {
	h := &Handle{Gift: gift, Call: call, From: call.Targets(), Callee: callee(call), Direct: call.Fn != nil && p.catalogue.Opener(call.Fn) != nil}
	if sig, ok := p.pass.TypesInfo.TypeOf(call.Expr.Fun).Underlying().(*types.Signature); ok {
		if last := sig.Results().Len() - 1; last >= 0 && flow.IsError(sig.Results().At(last).Type()) {
			h.Err = p.taker(call, last)
		}
	}
	h.Known = p.code.Known(call)
	for _, v := range running(call.In) {
		h.Known[v] = false
	}
	if gift.Kept {
		h.Holder, h.Fate = flow.Root(p.pass.TypesInfo, call.Receiver()), p.fate(p.code.FateOfReceiver(call), gift.Kind.Own())
		if gift.Result >= 0 {
			h.Fate = h.Fate.with(p.code.Fate(call, gift.Result), gift.Kind.Own())
			h.Fate.Kept = h.Fate.Kept || h.Holder == nil || p.filled(h.Holder)
		}
		if gift.Listed && !h.Fate.Listed {
			fate := *h.Fate
			fate.Listed, h.Fate = true, &fate
		}
		return h
	}
	h.Holder = p.taker(call, gift.Result)
	h.Fate = p.fate(p.fateOf(call, gift, gift.Result), gift.Kind.Own())
	for i := range gift.Also.All {
		h.Fate = h.Fate.with(p.fateOf(call, gift, i), gift.Kind.Own())
	}
	if h.Holder == nil {
		h.Holder = p.through(call, h)
	}
	if h.Fate.Released() && h.Fate.By == call.In && p.passes(h) {
		h.Fate = h.Fate.with(new(flow.Fate), gift.Kind.Own())
		h.Fate.Passed = true
	}
	if gift.Closer < 0 || h.Fate.Released() {
		return h
	}
	if h.Dropped = p.drops(call, gift.Closer); !h.Dropped {
		h.Fate = h.Fate.with(p.code.FateOfCloser(call, gift.Closer), gift.Kind.Own())
	}
	return h
}

// running returns the parameters of functions around f that are the running test: a helper that
// may be given none is judged for the tests that give it theirs.
func running(f *flow.Func) (all []*types.Var) {
	for ; f != nil && f.Sig != nil; f = f.Parent {
		for v := range f.Sig.Params().Variables() {
			if testscope.IsTB(v.Type()) {
				all = append(all, v)
			}
		}
	}
	return all
}

// filled reports whether somebody puts values into what a variable holds, from which it may hand out
// one of those and open nothing.
func (p *pkg) filled(v *types.Var) bool {
	for _, s := range p.code.Into(v) {
		lit, ok := ast.Unparen(s.Src).(*ast.UnaryExpr)
		if ok && slices.ContainsFunc(flow.Parts(p.pass.TypesInfo, lit.X), func(e ast.Expr) bool { return len(flow.Parts(p.pass.TypesInfo, e)) > 0 }) {
			return true
		}
	}
	return slices.ContainsFunc(p.code.Mentions(v), func(m inspector.Cursor) bool {
		for kind := m.ParentEdgeKind(); kind == edge.SelectorExpr_X || kind == edge.IndexExpr_X; kind = m.ParentEdgeKind() {
			m = m.Parent()
		}
		return m.ParentEdgeKind() == edge.AssignStmt_Lhs && m.Node() != nil && !isIdent(m.Node())
	})
}

func isIdent(n ast.Node) bool {
	_, ok := n.(*ast.Ident)
	return ok
}

// fateOf returns what becomes of a handle that comes with a result of a call.
func (p *pkg) fateOf(call *flow.Call, gift Gift, result int) *flow.Fate {
	if gift.Supplies.Has(result) {
		return p.code.FateOfSupplied(call, result)
	}
	if result == gift.Result {
		return p.code.FateIn(call, result, gift.Within)
	}
	return p.code.Fate(call, result)
}

// passes reports whether there is a way on which the handle is returned and not released.
func (p *pkg) passes(h *Handle) bool {
	ways := p.code.Ways(h.Call.In)
	if ways == nil {
		return false
	}
	ends := map[ast.Node]bool{} // of ways, and whether the handle is released there
	for _, at := range h.Fate.Ends {
		if n := ways.Node(at); !ends[n] {
			ends[n] = slices.Contains(h.Fate.Releases, at) || slices.Contains(h.Fate.OnError, at)
		}
	}
	if ends[ways.Node(h.Call.At)] {
		return false
	}
	passes := false
	ways.Out(flow.Query{From: h.Call.At, Known: h.Known, Stops: func(n ast.Node) bool {
		released, end := ends[n]
		_, returns := n.(*ast.ReturnStmt)
		passes = passes || end && !released && returns
		return released || returns
	}})
	return passes
}

// drops reports whether nothing takes a result of a call.
func (p *pkg) drops(call *flow.Call, result int) bool {
	switch call.At.ParentEdgeKind() {
	case edge.ExprStmt_X, edge.DeferStmt_Call, edge.GoStmt_Call:
		return true
	case edge.AssignStmt_Rhs, edge.ValueSpec_Values:
	default:
		return false
	}
	return !slices.ContainsFunc(p.code.From(call.Expr), func(s *flow.Store) bool { return s.Result == result })
}

// callee returns what a call calls, for people.
func callee(call *flow.Call) string {
	if call.Fn != nil {
		return call.Fn.Name()
	}
	return cmp.Or(flow.Name(call.Expr.Fun), "the function")
}

// through returns the variable that takes a handle from a function which hands it on, such as
// must(open()).
func (p *pkg) through(call *flow.Call, h *Handle) *types.Var {
	t := p.pass.TypesInfo.TypeOf(call.Expr)
	if results, ok := t.(*types.Tuple); ok && h.Result >= 0 && h.Result < results.Len() {
		t = results.At(h.Result).Type()
	}
	if call.At.ParentEdgeKind() != edge.CallExpr_Args || len(h.Fate.Holders) == 0 {
		return nil
	}
	if v := h.Fate.Holders[0]; p.code.Local(v) && types.Identical(v.Type(), t) { // others have it of that one
		return v
	}
	return nil
}

// taker returns the variable of a function that takes a result of a call, or that the
// result becomes a part of.
func (p *pkg) taker(call *flow.Call, result int) *types.Var {
	for _, s := range p.code.From(call.Expr) {
		if s.Result == result && s.Root != nil && (p.code.Local(s.Root) || s.Whole(s.Root) && !flow.Global(s.Root)) {
			return s.Root
		}
	}
	return nil
}
