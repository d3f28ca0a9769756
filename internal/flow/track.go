package flow

import (
	"go/ast"
	"go/token"
	"go/types"
	"regexp"
	"slices"

	"golang.org/x/tools/go/ast/edge"
	"golang.org/x/tools/go/ast/inspector"

	"github.com/poollint/poollint/internal/dbapi"
	"github.com/poollint/poollint/internal/testscope"
)

// maxWork bounds the expressions that are climbed through in a package, from mentions of
// variables to what is done with them, and the statements on the ways that are asked for.
// What is beyond counts as kept.
const maxWork = 1 << 22

// Cut reports whether something was not followed to its end, as it takes too many steps.
func (p *Package) Cut() bool {
	return p.code().work.Load() > maxWork || p.code().looks.Load() > maxWork
}

// step reports whether one more step may be taken.
func (c *code) step() bool { return c.work.Add(1) <= maxWork }

// A face is what an expression has of the value that is followed.
type face uint8

const (
	itself  face = iota
	closer       // a function that closes it
	settler      // a function that ends a transaction that it holds
	caller       // a function that calls it
	giver        // a function whose first result it is; giver+1: whose second, and so on
)

// A tracker follows one value through the function in which it comes to life.
type tracker struct {
	*code
	in    *Func
	from  inspector.Cursor // where the value comes from
	fate  *Fate
	queue []alias

	function bool     // the value is a function, rather than something that may hold one
	lent     []string // the methods that give the value back, if it is lent; see lends

	as    types.Type // what the expression at hand is asserted to be; nil if nothing
	field string     // the field of that, or of its elements, in which the value is; empty if it is the value, or that is not known

	seen     map[alias]bool
	asserted map[alias]types.Type
	climbs   map[climbed]bool // of literals

	mentions func(*types.Var) []inspector.Cursor
	unnamed  map[*types.Var]bool // named results that are another value where the function returns them by name
}

// does returns what happens to the value where a function is called that is a face of it.
func (f face) does() SinkKind {
	switch f {
	case closer:
		return Closed
	case settler:
		return Settled
	}
	return Called
}

// by returns the face that a function has of the value which does that to it.
func (k SinkKind) by() face {
	switch k {
	case Closed:
		return closer
	case Settled:
		return settler
	}
	return caller
}

// maxGiven is the highest number of a literal's result that is followed.
const maxGiven = 100

// An alias is a variable with a face of the value, in a field of what it holds, if known.
type alias struct {
	v     *types.Var
	face  face
	field string
}

type climbed struct {
	lit   *Func
	face  face
	field string
}

func (c *code) track(f *Func, from inspector.Cursor) *tracker {
	return &tracker{
		code: c, in: f, from: from, fate: new(Fate), seen: map[alias]bool{}, asserted: map[alias]types.Type{}, climbs: map[climbed]bool{},
		mentions: func(v *types.Var) []inspector.Cursor { return c.mentions[v] },
	}
}

// trackIn tracks a value that the function around c has from its beginning.
func (c *code) trackIn(at inspector.Cursor) *tracker {
	if f := c.around(at); f != nil {
		return c.track(f, f.Cursor)
	}
	return c.track(nil, at)
}

// alias notes that a variable holds the value.
func (t *tracker) alias(v *types.Var, f face) {
	if a := (alias{v, f, t.field}); !t.seen[a] {
		t.seen[a], t.asserted[a] = true, t.as
		t.queue = append(t.queue, a)
	}
}

// run follows the value through all variables that hold it.
func (t *tracker) run() *Fate {
	for len(t.queue) > 0 {
		a := t.queue[0]
		t.queue = t.queue[1:]
		if a.face == itself && !slices.Contains(t.fate.Holders, a.v) {
			t.fate.Holders = append(t.fate.Holders, a.v)
		}
		t.field = a.field
		if by, ok := t.results[a.v]; ok && !t.unnamed[a.v] {
			t.returned(by.Of.Cursor, by.I, a.face)
		}
		for _, at := range t.mentions(a.v) {
			t.as, t.field = t.asserted[a], a.field
			if t.climb(at, 0, a.face) && a.face == itself {
				t.worksLater(at)
			}
		}
	}
	return t.fate
}

func (t *tracker) sink(s Sink) {
	s.As = t.as
	t.fate.Sinks = append(t.fate.Sinks, s)
}

// climb says what becomes of an expression, or of one of the results of a call. It goes
// from the expression to what is done with the one around it. It reports whether somebody
// only works with it.
func (t *tracker) climb(c inspector.Cursor, result int, f face) (worked bool) {
	for {
		if !t.step() {
			t.sink(Sink{Kind: Kept, At: c, Global: true})
			return false
		}
		parent := c.Parent()
		kind, i := c.ParentEdge()
		switch kind {
		case edge.ParenExpr_X:
			c = parent
			continue // with the same result
		case edge.TypeAssertExpr_X:
			if to := parent.Node().(*ast.TypeAssertExpr).Type; to != nil {
				t.as = t.info.TypeOf(to)
			}
		case edge.CompositeLit_Elts:
			t.field = t.fieldAt(parent.Node().(*ast.CompositeLit), i)
		case edge.StarExpr_X, edge.KeyValueExpr_Value,
			edge.IndexExpr_X, edge.IndexListExpr_X, edge.SliceExpr_X:
		case edge.UnaryExpr_X:
			if parent.Node().(*ast.UnaryExpr).Op != token.AND {
				return true
			}
		case edge.SelectorExpr_X:
			sel := parent.Node().(*ast.SelectorExpr)
			if t.beside(sel) {
				return true
			}
			if t.firstOf(sel) != "" {
				t.field = ""
			}
			if method, ok := t.info.Uses[sel.Sel].(*types.Func); ok {
				return t.method(parent, method, f)
			}
			if field := t.info.Uses[sel.Sel]; field == nil || !mayHold(field.Type()) || testscope.IsTB(field.Type()) || f == itself && t.cancels(sel) {
				return true
			}
		case edge.CallExpr_Fun:
			if f >= giver {
				result, f, c = int(f-giver), itself, parent
				continue
			}
			if f == itself && !t.function && !t.mayClose(c.Node().(ast.Expr)) {
				t.sink(Sink{Kind: Asked, At: parent})
				return t.filled(c.Node().(ast.Expr), parent.Node().(*ast.CallExpr))
			}
			t.called(parent, f)
			return false
		case edge.CallExpr_Args:
			if call := parent.Node().(*ast.CallExpr); !t.info.Types[call.Fun].IsType() {
				return t.argument(parent, i, result, f)
			}
		case edge.ReturnStmt_Results:
			t.returned(parent, max(i, result), f)
			return false
		case edge.AssignStmt_Rhs:
			assign := parent.Node().(*ast.AssignStmt)
			if parent.ParentEdgeKind() == edge.TypeSwitchStmt_Assign {
				return t.cases(parent.Parent(), f)
			}
			return t.put(parent, assign.Lhs[min(max(i, result), len(assign.Lhs)-1)], f)
		case edge.ValueSpec_Values:
			names := parent.Node().(*ast.ValueSpec).Names
			return t.put(parent, names[min(max(i, result), len(names)-1)], f)
		case edge.RangeStmt_X:
			value := parent.Node().(*ast.RangeStmt).Value
			return value == nil || t.put(parent, value, f)
		case edge.SendStmt_Value:
			t.sink(Sink{Kind: Kept, At: parent})
			return false
		default:
			return true
		}
		c, result = parent, 0
	}
}

// filled says that what an option is called with has what that has. It reports whether there is none.
func (t *tracker) filled(option ast.Expr, call *ast.CallExpr) (none bool) {
	if _, ok := option.(*ast.Ident); !ok || len(call.Args) != 1 {
		return true
	}
	v := Root(t.info, call.Args[0])
	if v == nil || !t.local(v) || Pointee(t.info.TypeOf(call.Args[0])) == t.info.TypeOf(call.Args[0]) {
		return true
	}
	t.alias(v, itself)
	return false
}

// put says what it means that dst takes the value.
func (t *tracker) put(at inspector.Cursor, dst ast.Expr, f face) (worked bool) {
	kept := Sink{Kind: Kept, At: at, Global: true}
	switch dst := ast.Unparen(dst).(type) {
	case *ast.Ident:
		v := Var(t.info, dst)
		switch {
		case dst.Name == "_":
			return true
		case v != nil && !Global(v):
			t.alias(v, f)
			return false
		}
		kept.Place = v
	case *ast.SelectorExpr:
		kept.Place = Var(t.info, dst)
	}
	root := Root(t.info, dst)
	kept.Root = root
	t.fate.Listed = t.fate.Listed || f == itself && t.listed(dst)
	field := t.fieldOf(dst)
	switch {
	case root != nil && (t.seen[alias{root, f, ""}] || t.seen[alias{root, f, field}]):
		t.fate.Mixed = true
		return true // a part of it goes back to it
	case root != nil && t.local(root), root != nil && t.holds(root, f):
		t.field = field
		t.alias(root, f)
		return false
	}
	t.field = ""
	param, ok := t.params[root]
	switch {
	case ok && param.Of == t.in:
		kept.Into = &param
		t.returnedFrom(dst, f)
	case ok && f == itself && param.Of.Detached && param.Of.Within(t.in): // an option, which has the value until it is called
		t.lit(param.Of, itself)
		return false
	}
	t.sink(kept)
	return false
}

// returnedFrom says that the function returns what it has stored at a place of a parameter.
func (t *tracker) returnedFrom(dst ast.Expr, f face) {
	place := types.ExprString(dst)
	for _, ret := range t.in.Returns {
		for i, e := range ret.Results {
			if at, ok := t.in.At(ret); ok && ret.Pos() > dst.End() && types.ExprString(ast.Unparen(e)) == place {
				t.returned(at, i, f)
			}
		}
	}
}

// listed reports whether what is stored at a place is one of several there: it is a list or map, or in
// one.
func (t *tracker) listed(dst ast.Expr) bool {
	for e := ast.Unparen(dst); ; {
		switch underlying(t.info.TypeOf(e)).(type) {
		case *types.Slice, *types.Array, *types.Map:
			return true
		}
		switch x := e.(type) {
		case *ast.SelectorExpr:
			e = ast.Unparen(x.X)
		case *ast.IndexExpr:
			e = ast.Unparen(x.X)
		default:
			return false
		}
	}
}

// cases says that the variables of a type switch hold the value.
func (t *tracker) cases(at inspector.Cursor, f face) (worked bool) {
	as := t.as
	for _, clause := range at.Node().(*ast.TypeSwitchStmt).Body.List {
		if v, ok := t.info.Implicits[clause].(*types.Var); ok {
			if t.as = as; len(clause.(*ast.CaseClause).List) == 1 {
				t.as = v.Type()
			}
			t.alias(v, f)
		}
	}
	return false
}

// returned says that a return statement gives the value to the callers.
func (t *tracker) returned(at inspector.Cursor, result int, f face) {
	by := t.around(at)
	switch {
	case by != nil && by != t.in && by.Within(t.in) && f == itself && result <= maxGiven:
		t.lit(by, giver+face(result))
	case by == nil || !t.in.Within(by) || f > giver:
		t.sink(Sink{Kind: Kept, At: at, Global: f != itself})
	case f == itself:
		t.sink(Sink{Kind: Returned, At: at, Result: result, By: by, Field: t.field})
	case f == giver:
		t.sink(Sink{Kind: Supplied, At: at, Result: result, By: by})
	default:
		t.sink(Sink{Kind: Undone, At: at, Result: result, By: by})
	}
}

// mayClose reports whether a function that is called may close what it is a part of: it sounds
// like that, or takes no more than a context or a test, and returns no more than an error. Hooks,
// clocks and factories do not.
func (t *tracker) mayClose(fun ast.Expr) bool {
	sig, ok := underlying(t.info.TypeOf(fun)).(*types.Signature)
	if sel, field := fun.(*ast.SelectorExpr); !ok || field && dbapi.SoundsClosing(sel.Sel.Name) {
		return true
	}
	for v := range sig.Params().Variables() {
		if !testscope.IsTB(v.Type()) && dbapi.TypeName(v.Type()) != "context.Context" {
			return false
		}
	}
	return sig.Results().Len() == 0 || sig.Results().Len() == 1 && IsError(sig.Results().At(0).Type())
}

// called says that the call at c calls the value, or what it holds.
func (t *tracker) called(c inspector.Cursor, f face) {
	if f >= giver { // whoever calls it has the value
		t.sink(Sink{Kind: Kept, At: c, Global: true})
		return
	}
	t.end(f.does(), c)
}

// end says that the value is closed, settled or called, at c. What stands in a literal happens
// when that is called.
func (t *tracker) end(kind SinkKind, c inspector.Cursor) {
	lit, onError := t.around(c), t.onError(c, t.from.Node().Pos())
	if onError || lit == t.in || lit == nil || !lit.Within(t.in) {
		t.sink(Sink{Kind: kind, At: c, OnError: onError})
		return
	}
	t.field = ""
	t.lit(lit, kind.by())
}

// lit says what becomes of a literal that does something with the value.
func (t *tracker) lit(lit *Func, f face) {
	if of := (climbed{lit, f, t.field}); !t.climbs[of] {
		t.climbs[of] = true
		t.climb(lit.Cursor, 0, f)
	}
}

// method says what selecting a method of the value means.
func (t *tracker) method(sel inspector.Cursor, method *types.Func, f face) (worked bool) {
	field := t.field
	t.field = "" // of what the method is, or returns
	call := parens(sel)
	called := call.ParentEdgeKind() == edge.CallExpr_Fun
	if called {
		call = call.Parent()
	}
	end := func(kind SinkKind) bool {
		if called {
			t.end(kind, call)
		} else {
			t.climb(sel, 0, kind.by()) // a method value
		}
		return false
	}
	if r := dbapi.ReleaseOf(method); r != nil && r.Arg == dbapi.Receiver {
		if dbapi.EndsTransaction(method) {
			return end(Settled)
		}
		return end(Closed)
	}
	for _, fn := range append(t.implementations(method), method.Origin()) {
		t.gives(t.byObj[fn], Receiver, f)
	}
	recv := method.Signature().Recv().Type()
	if row := catalogue.Opener(method); row != nil {
		if called && row.Kind == dbapi.Wrapper && row.Over == dbapi.Receiver && !row.LeavesOpen {
			return t.climb(call, 0, f)
		}
		return true
	}
	if called && f == itself && dbapi.Chains(method) && types.Identical(resultOf(t.info.TypeOf(call.Node().(ast.Expr)), 0), recv) {
		return t.climb(call, 0, f)
	}
	if dbapi.Handle(recv) {
		return true // a library's own methods work with the handle
	}
	deeds := t.methodDeeds(method)
	if deeds != nil && deeds.Spared(Receiver, field) {
		deeds = deeds.without(Receiver)
	}
	switch {
	case serves(method):
		return false
	case dbapi.SoundsClosing(method.Name()) && (deeds == nil || types.IsInterface(recv) && !deeds.Settles.Has(Receiver)):
		return end(Closed) // it cannot be asked
	case deeds == nil:
		return true
	case deeds.Closes.Has(Receiver):
		return end(Closed)
	case f >= giver && called:
		return t.apply(call, method, deeds, Receiver, f)
	case deeds.Calls.Has(Receiver) && f == closer:
		return end(Closed) // it calls what closes it
	case deeds.Calls.Has(Receiver), deeds.Asks.Has(Receiver) && f != itself:
		return end(Called)
	case deeds.Settles.Has(Receiver) && !called:
		return end(Settled)
	case !called:
		return true
	}
	return t.apply(call, method, deeds, Receiver, f)
}

// apply says what becomes of what a call gives to a parameter.
func (t *tracker) apply(call inspector.Cursor, fn *types.Func, deeds *Deeds, i int, f face) (worked bool) {
	if t.excluded(call, fn, deeds, i) || deeds.Spared(i, t.field) {
		deeds = deeds.without(i)
	}
	t.field = "" // of what the call returns
	if deeds.Mixes.Has(i) && f == itself {
		t.mixed(t.calls[call.Node().(*ast.CallExpr)], fn, i)
	}
	worked = true
	switch {
	case f == giver && deeds.Loses.Has(i):
	case f == giver && deeds.Frees.Has(i), deeds.Ends(i) && f == itself && deeds.Closes.Has(i):
		t.end(Closed, call)
		worked = false
	case deeds.Ends(i), deeds.Asks.Has(i) && f != itself:
		t.called(call, f)
		worked = false
	}
	if deeds.Asks.Has(i) && f == itself {
		t.sink(Sink{Kind: Asked, At: call})
	}
	if deeds.Settles.Has(i) && f == itself {
		t.end(Settled, call)
		worked = false
	}
	if deeds.Keeps.Has(i) {
		t.sink(Sink{Kind: Kept, At: call, Global: f != itself})
		worked = false
	}
	for into, set := range deeds.Stores {
		if set.Has(i) {
			t.fate.Listed = t.fate.Listed || f == itself && deeds.Lists.Has(i)
			t.stored(call, fn, into, f)
			worked = false
		}
	}
	if deeds.HandsOn.Has(i) {
		t.sink(Sink{Kind: HandedOn, At: call})
	}
	if kind, ok := t.applied(call, fn, deeds, i); ok && f == itself {
		t.end(kind, call)
		worked = false
	}
	for r, set := range deeds.Returns {
		if set.Has(i) && !t.lends(fn, i, r) {
			worked = t.climb(call, r, f) && worked
		}
	}
	for r, set := range deeds.Undoes {
		if set.Has(i) {
			t.climb(call, r, closer)
			worked = false
		}
	}
	for r, set := range deeds.Supplies {
		if set.Has(i) {
			t.climb(call, r, giver)
			worked = false
		}
	}
	if worked && deeds.Later.Has(i) && f == itself {
		t.fate.Later = append(t.fate.Later, call)
		return false
	}
	return worked
}

// stored says that a call puts the value into what it gives to another parameter, which holds
// it then if it is made here.
func (t *tracker) stored(at inspector.Cursor, fn *types.Func, into int, f face) {
	kept := Sink{Kind: Kept, At: at, Global: f != itself}
	if call := t.calls[at.Node().(*ast.CallExpr)]; call != nil && fn != nil {
		for _, arg := range call.Args(fn.Signature(), into) {
			kept.Root = Root(t.info, arg)
			if root := kept.Root; root != nil && t.local(root) && t.madeFor(root, maxMakers, true) {
				t.alias(root, f)
				return
			}
			if param, ok := t.params[kept.Root]; ok && param.Of == t.in {
				kept.Into = &param
			}
		}
	}
	t.sink(kept)
}

// Made reports whether all that a variable of a function takes is made for it, by functions too: each run of
// the function has its own.
func (p *Package) Made(v *types.Var) bool { return p.Local(v) && p.code().madeFor(v, maxMakers, false) }

// Anew reports whether an expression in a function stands for a value that each run of the function makes, by
// functions of this package or another: nobody else has it.
func (p *Package) Anew(in *Func, e ast.Expr) bool { return p.code().makes(in, e, 0, maxMakers, false) }

// fresh reports whether an expression is a literal, or a new value without anything in it.
func (c *code) fresh(e ast.Expr) bool {
	switch e := ast.Unparen(e).(type) {
	case *ast.CompositeLit:
		return true
	case *ast.UnaryExpr:
		return e.Op == token.AND && c.fresh(e.X)
	case *ast.CallExpr:
		id, ok := ast.Unparen(e.Fun).(*ast.Ident)
		return ok && id.Name == "new" && c.info.Types[e.Fun].IsBuiltin()
	}
	return false
}

// maxMakers bounds the functions, one within the other, that make a value.
const maxMakers = 4

// madeFor reports whether all that a variable takes is made for it, by functions too, and
// none of those closes it if it is to stay open.
func (c *code) madeFor(v *types.Var, hops int, open bool) bool {
	for _, s := range c.into[v] {
		if s.Whole(v) && !c.makes(s.In, s.Src, s.Result, hops, open) {
			return false
		}
	}
	return true
}

// makes reports whether an expression in a function, or a result of a call, is a new value that
// nobody else has, and that nobody closes if it is to stay open. A function of another package says so by
// its name, unless it may register what closes the value.
func (c *code) makes(in *Func, e ast.Expr, result, hops int, open bool) bool {
	e = ast.Unparen(e)
	if addr, ok := e.(*ast.UnaryExpr); ok && addr.Op == token.AND {
		e = ast.Unparen(addr.X)
	}
	if c.fresh(e) {
		return true
	}
	if hops == 0 {
		return false
	}
	if v := Var(c.info, e); v != nil && c.local(v) {
		return c.madeFor(v, hops-1, open) && (!open || len(c.fateIn(in, v).Ended()) == 0)
	}
	if sel, ok := e.(*ast.SelectorExpr); ok { // a part of one
		e = ast.Unparen(sel.X)
	}
	expr, _ := e.(*ast.CallExpr)
	call := c.calls[expr]
	if call == nil || call.Fn == nil {
		return false
	}
	f := c.byObj[call.Fn]
	if f == nil {
		return makers.MatchString(call.Fn.Name()) && !(open && testscope.TakesTB(call.Fn.Signature()))
	}
	return len(f.Returns) > 0 && !slices.ContainsFunc(f.Returns, func(r *ast.ReturnStmt) bool {
		if len(r.Results) == 0 {
			return true
		}
		value := r.Results[min(result, len(r.Results)-1)]
		return !c.info.Types[value].IsNil() && !c.makes(f, value, result, hops-1, open)
	})
}

// makers match the names of functions that make a value.
var makers = regexp.MustCompile(`^(?:New|Make|Create|Must(?:New|Make|Create))`)

// argument says what passing the value to a call means.
func (t *tracker) argument(at inspector.Cursor, i, result int, f face) (worked bool) {
	call := t.calls[at.Node().(*ast.CallExpr)]
	if call == nil {
		return true
	}
	if t.info.Types[call.Expr.Fun].IsBuiltin() {
		id, _ := ast.Unparen(call.Expr.Fun).(*ast.Ident)
		return id == nil || id.Name != "append" || t.climb(at, 0, f)
	}
	for _, to := range t.mayRun(call) {
		t.gives(to, max(i, result)+1, f)
	}
	fns, deeds := call.names(), call.literalDeeds()
	if len(fns) == 0 && deeds == nil {
		if deeds = t.givenDeeds(call); deeds != nil {
			t.sink(t.appliedBy(call, i))
		}
	}
	if len(fns) == 0 && deeds == nil {
		return t.handedOn(t.appliedBy(call, i), f)
	}
	worked = true
	field := t.field
	for _, fn := range fns {
		param := t.paramOf(call, fn, max(i, result))
		t.gives(t.byObj[fn], param, f)
		t.field = field
		worked = t.given(call, fn, param, f) && worked
	}
	if t.field = field; deeds != nil {
		worked = t.apply(at, nil, deeds, max(i, result)+1, f) && worked
	}
	return worked
}

// gives notes that a function of the package takes the value as a parameter.
func (t *tracker) gives(to *Func, i int, f face) {
	if to == nil || to.Sig == nil || f != itself {
		return
	}
	if v := ParamOf(to.Sig, i); v != nil {
		t.fate.Given = append(t.fate.Given, v)
	}
}

// mayRun returns the literals that a call of a func value may run, also where that is a
// parameter.
func (c *code) mayRun(call *Call) []*Func {
	if call.Fn != nil {
		return nil
	}
	return c.search(call.Expr.Fun, true).found
}

// worksLater notes the mention of the value in a cleanup function.
func (t *tracker) worksLater(at inspector.Cursor) {
	for f := t.around(at); f != nil; f = f.Parent {
		if f.Lit != nil && f.When&testscope.After != 0 {
			t.fate.Later = append(t.fate.Later, parens(f.Cursor).Parent())
			return
		}
	}
}

// handedOn says that code that cannot be followed takes the value: it may call it.
func (t *tracker) handedOn(to Sink, f face) (worked bool) {
	t.sink(to)
	if f != itself {
		t.called(to.At, f)
	}
	return f == itself
}
