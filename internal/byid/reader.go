package byid

import (
	"cmp"
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"

	"github.com/poollint/poollint/internal/config"
	"github.com/poollint/poollint/internal/flow"
)

type reader struct {
	*Package
	pass   *analysis.Pass
	info   *types.Info
	code   *flow.Package
	config *config.Config

	events map[*ast.CallExpr][]event // of the queries of the package
	loads  map[*flow.Func][]event    // those directly in a function
	rows   map[*flow.Func][]event    // what returns the row of an id there
	deeds  map[*flow.Func]*Deeds
	steps  map[at]Step

	far   map[*flow.Call][]event // see distant
	calls map[*flow.Func]int     // those with some, by the function around

	questions map[*flow.Call][]event // see asked

	requests    map[string]*types.Var // see carried
	names       map[*types.Var]string // the same, by what stands for it
	middlewares map[*types.Func]middleware

	tenants map[string]bool     // the tenant columns, normalized
	owners  map[*types.Var]bool // hold what a query returns that selects nothing but the tenant
	climbs  int                 // see maxClimbs
	looks   int                 // what is left of maxLooks
	work    int                 // what is left of maxWork
}

// at is one change that is asked for at a place.
type at struct {
	pos    token.Pos
	change string
}

// Compare orders steps as in source.
func Compare(a, b Step) int {
	return cmp.Or(cmp.Compare(a.Pos, b.Pos), strings.Compare(a.Change, b.Change))
}

// An event is a call that makes a deed: that of a query, or of a function with deeds.
type event struct {
	Deed
	call *flow.Call
	ids  []source // what the id may be written as; none if the rows are found otherwise

	within         []source // of a query that loads anybody's row, what the parent's key in its condition may be written as
	inTx           bool     // of a query, it is run in a transaction
	owner, columns int      // of a query that loads anybody's row, which column is the tenant, or -1, of how many
}

// summarize finds what a function does for its callers, and the steps in it and its literals.
func (r *reader) summarize(f *flow.Func) (changed bool) {
	if f.File.Test || f.Parent != nil {
		return false
	}
	all := withLiterals(f, nil)
	changes := map[*flow.Func][]event{}
	for _, g := range all {
		r.loads[g], r.rows[g] = nil, nil
		for _, call := range g.Calls {
			for _, e := range r.eventsOf(call) {
				if e.Own && (e.Change == "" || e.Gives) {
					r.rows[g] = append(r.rows[g], e)
				}
				if e.Change == "" {
					r.loads[g] = append(r.loads[g], e)
				} else {
					changes[g] = append(changes[g], e)
				}
			}
		}
	}
	changed = r.handsOnCarried(f)
	delete(r.middlewares, f.Obj)
	for _, g := range all {
		r.lets(g)
		for _, e := range changes[g] {
			changed = r.change(g, e) || changed
		}
		for _, ref := range g.Refs { // whoever calls it is out of sight
			for _, d := range r.deedsOf(ref.Of) {
				if d.Change != "" {
					r.step(g, Step{Pos: ref.At.Node().Pos(), Change: d.Change})
				}
			}
		}
	}
	for _, e := range r.loads[f] {
		changed = r.vouches(f, e) || changed
		changed = r.searches(f, e) || changed
	}
	return r.handsOut(f) || changed
}

// withLiterals adds a function and the literals in it, at any depth.
func withLiterals(f *flow.Func, all []*flow.Func) []*flow.Func {
	all = append(all, f)
	for _, lit := range f.Lits {
		all = withLiterals(lit, all)
	}
	return all
}

// change notes a change, and reports whether callers are newly known to ask for it.
func (r *reader) change(f *flow.Func, e event) (changed bool) {
	s := Step{Pos: e.call.Expr.Pos(), Call: e.call.Expr, Change: e.Change, Methods: e.Methods}
	e.ids = append(e.ids[:len(e.ids):len(e.ids)], r.foundBy(f, e)...)
	by, loaded := r.loaded(f, e)
	if !loaded && r.takesBack(f, e) {
		by.Query, loaded = Returned, true
	}
	if !loaded && r.undoes(f, e) {
		by.Query, loaded = Later, true
	}
	if !loaded {
		by, s.Holder, loaded = r.comesFrom(e)
	}
	if s.Loaded, s.Load, s.Asked = loaded, by.Query, by.Asks; !loaded {
		s.Holder = cmp.Or(s.Holder, r.holder(e))
	}
	if !s.Loaded && s.Holder == "" {
		if outer := f.Outer(); outer.Obj != nil {
			if i := slices.IndexFunc(e.ids, func(id source) bool { return r.isParam(id, outer) }); i >= 0 {
				s.On = outer.Obj.FullName() + " " + e.Change
				changed = r.add(outer, r.given(e, i, outer, s.On))
			}
			if s.Carried = r.carriedIn(e.ids); len(s.Carried) > 0 {
				s.Func, s.Tables = outer.Obj.FullName(), e.Tables
			}
		}
	}
	r.step(f, s)
	return changed
}

func (r *reader) isParam(id source, f *flow.Func) bool {
	p, ok := r.code.Param(id.root)
	return ok && p.Of == f
}

// given returns the deed of a function that has the id of an event from its callers, as the
// source i; -1 if it has not.
func (r *reader) given(e event, i int, f *flow.Func, change string) Deed {
	d := e.Deed
	d.Query, d.Change, d.Param, d.Fields = cmp.Or(e.Query, f.Obj.Name()), change, -1, nil
	d.Nil, d.Mute, d.Any, d.Counts, d.Gives = false, false, false, false, e.Gives && f.Sig.Results().Len() > 1
	if i >= 0 {
		p, _ := r.code.Param(e.ids[i].root)
		d.Param, d.Fields = p.I, e.ids[i].path
	}
	return d
}

// step notes a step. Of a change by several ids, the one that tells most of what limits it
// counts.
func (r *reader) step(f *flow.Func, s Step) {
	at := at{s.Pos, s.Change}
	if known, ok := r.steps[at]; ok && known.tells() > s.tells() {
		return
	}
	if obj := f.Outer().Obj; obj != nil {
		s.In, s.Exported = obj.Name(), obj.Exported()
	}
	r.steps[at] = s
}

// tells orders steps by what is known of the row.
func (s Step) tells() int {
	switch {
	case s.Loaded:
		return 3
	case s.Holder != "":
		return 2
	case s.On != "":
		return 1
	}
	return 0
}

// vouches notes that a function has loaded a row for its tenant, by an id that its callers
// give, wherever it ends without an error; it reports whether that is new.
func (r *reader) vouches(f *flow.Func, e event) bool {
	if f.Obj == nil || r.code.Ways(f) == nil {
		return false
	}
	i := slices.IndexFunc(e.ids, func(id source) bool { return r.isParam(id, f) })
	if stmt := r.code.Ways(f).Node(e.call.At); r.mayBeEmpty(e, stmt) {
		if _, told := r.told(f, e, stmt); told == stmt && !r.emptyFails(f, e, stmt) {
			i = -1 // what is given may have found nothing
		}
	}
	if e.Counts && i < 0 {
		return false
	}
	d := r.given(e, i, f, "")
	switch {
	case e.Asks && i < 0: // of what, nobody who calls it knows
		return false
	case r.onEveryWay(f, false, e):
	case r.onEveryWay(f, true, e):
		d.Nil, d.Mute = true, isMute(f.Sig)
	case e.Any || e.Made || e.Asks || len(e.Tables) == 0:
		return false
	default: // by what is given, or else by something else
		d.Param, d.Fields = -1, nil
		alike := r.alike(f, e)
		if d.Nil = !r.onEveryWay(f, false, alike...); d.Nil && !r.onEveryWay(f, true, alike...) {
			return false
		}
		d.Mute = d.Nil && isMute(f.Sig)
	}
	d.Any = e.Any && !r.compares(f, e)
	return r.add(f, d)
}

// searches notes the ids that a function searches for among the rows that it has loaded for a
// tenant: it ends with an error, or with nothing, where none has the id.
func (r *reader) searches(f *flow.Func, e event) (changed bool) {
	ways := r.code.Ways(f)
	if f.Obj == nil || ways == nil || e.Any || e.Made || e.Asks || len(e.Key) == 0 {
		return false
	}
	stmt, end := ways.Node(e.call.At), r.ends(f)
	if stmt == nil || isReturn(stmt) {
		return false
	}
	for _, orNone := range []bool{false, true} {
		if !r.onEveryWay(f, orNone, e) {
			continue
		}
		for i := range f.Sig.Params().Len() {
			v := f.Sig.Params().At(i)
			if !mayBeID(v.Type()) {
				continue
			}
			m := &membership{reader: r, in: f, load: e, rows: r.rowsOf(f, e, stmt), id: source{root: v}, ways: ways, from: e.call.At}
			q := m.missing()
			q.Stops = func(n ast.Node) bool {
				ret, ok := n.(*ast.ReturnStmt)
				return ok && (!isMute(f.Sig) && r.fails(ret, nil, stmt, end) || orNone && m.endsWithout(ret))
			}
			if ways.Out(q) == nil {
				d := Deed{Query: cmp.Or(e.Query, f.Obj.Name()), Tables: e.Tables, Key: e.Key, Nil: orNone, Mute: orNone && isMute(f.Sig), Param: i + 1}
				changed = r.add(f, d) || changed
			}
		}
	}
	return changed
}

func (r *reader) add(f *flow.Func, d Deed) (changed bool) {
	all := r.deeds[f]
	if all == nil {
		all = new(Deeds)
		r.deeds[f] = all
	}
	same := func(o Deed) bool {
		return o.Change == d.Change && o.Param == d.Param && o.Any == d.Any && slices.Equal(o.Fields, d.Fields) && slices.Equal(o.Tables, d.Tables)
	}
	if len(all.All) >= maxDeeds || slices.ContainsFunc(all.All, same) {
		return false
	}
	all.All = append(all.All, d)
	return true
}

// deedsOf returns what a function does with rows, of this package or another.
func (r *reader) deedsOf(fn *types.Func) []Deed {
	if d := r.allDeeds(fn); d != nil {
		return d.All
	}
	return nil
}

// allDeeds returns what a function does, nil if nothing is known.
func (r *reader) allDeeds(fn *types.Func) *Deeds {
	if f := r.code.Func(fn); f != nil {
		return r.deeds[f]
	}
	d := new(Deeds)
	if fn.Pkg() == nil || fn.Pkg() == r.pass.Pkg || !r.pass.ImportObjectFact(fn, d) {
		return nil
	}
	return d
}

// eventsOf returns the deeds of a call.
func (r *reader) eventsOf(call *flow.Call) []event {
	all := r.events[call.Expr]
	for _, fn := range call.Methods() {
		for _, d := range r.deedsOf(fn) {
			e := event{Deed: d, call: call}
			if d.Param >= 0 {
				for _, arg := range call.Args(fn.Signature(), d.Param) {
					e.ids = append(e.ids, r.sourcesOf(arg, d.Fields)...)
				}
			}
			all = append(all[:len(all):len(all)], e)
		}
	}
	asked, known := r.questions[call]
	if !known {
		asked = r.asked(call)
		r.questions[call] = asked
	}
	return slices.Concat(all, r.distant(call), asked)
}
