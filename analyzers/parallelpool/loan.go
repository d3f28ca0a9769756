package parallelpool

import (
	"go/ast"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ast/edge"
	"golang.org/x/tools/go/ast/inspector"

	"github.com/poollint/poollint/internal/dbapi"
	"github.com/poollint/poollint/internal/flow"
	"github.com/poollint/poollint/internal/lifecycle"
	"github.com/poollint/poollint/internal/testlib"
	"github.com/poollint/poollint/internal/testscope"
)

// A loan is a connection that a call borrows from a pool, by itself, by a transaction or by
// rows.
type loan struct {
	kind    dbapi.Kind
	result  int
	pool    types.Object    // the variable, or the function that hands it out; nil if it is not known
	opened  lifecycle.Place // where another package, which keeps the pool to itself, opens it; "" if none does
	closers flow.Params     // results that are functions which give it back
	places  []*types.Var    // fields, and variables of functions around, that the call leaves it in
}

// none is the result of what a helper keeps until the test is over, or leaves in a place.
const none = -1

// loans returns what a call borrows: by the catalogue, or as a function of the package hands
// it out.
func (c *checker) loans(call *flow.Call, depth int) (all []loan) {
	if depth == 0 {
		return nil
	}
	if call.Fn != nil {
		if row := c.cat.Opener(call.Fn); row != nil {
			if row.Kind == dbapi.Acquired || row.Kind == dbapi.Tx {
				all = append(all, loan{kind: row.Kind, pool: c.poolOf(argument(call.Expr, row.Over))})
			}
			return all
		}
		if row := c.queries.Of(call.Fn); row != nil {
			if row.Handle == dbapi.Pool && dbapi.ReadsRows(call.Fn) {
				all = append(all, loan{kind: dbapi.Rows, pool: c.poolOf(argument(call.Expr, dbapi.Receiver))})
			}
			return all
		}
	}
	if len(call.Targets()) != 1 {
		return c.lentElsewhere(call)
	}
	f := call.Targets()[0]
	for _, l := range c.lentBy(f, depth) {
		if v, _ := l.pool.(*types.Var); v != nil {
			if param, ok := c.code.Param(v); ok && param.Of == f {
				l.pool = nil
				for _, arg := range call.Args(f.Sig, param.I) {
					l.pool = c.poolOf(arg)
				}
			}
		}
		all = append(all, l)
	}
	return all
}

// lentElsewhere returns the transactions and borrowed connections that a function of another of
// the user's packages hands out: those of a pool that it is given, or of the one that it opens once.
func (c *checker) lentElsewhere(call *flow.Call) (all []loan) {
	if call.Fn == nil || call.Fn.Pkg() == c.pass.Pkg || c.code.Deeds(call.Fn) == nil {
		return nil
	}
	borrowed := func(t types.Type) bool { return dbapi.KindOf(t) == dbapi.Tx || dbapi.KindOf(t) == dbapi.Acquired }
	from := loan{opened: openedOnce(c.pkg.Func(call.Fn))}
	for _, arg := range call.Expr.Args {
		switch t := c.info.TypeOf(arg); {
		case t == nil:
		case borrowed(t):
			return nil // it hands on what it is given
		case dbapi.Handle(t):
			from.pool = c.poolOf(arg)
		}
	}
	results := call.Fn.Signature().Results()
	for i := range results.Len() {
		if t := results.At(i).Type(); borrowed(t) {
			from.kind, from.result = dbapi.KindOf(t), i
			all = append(all, from)
		}
	}
	return all
}

// openedOnce returns where a function opens the pool that all its callers share; "" if it opens
// none, or more.
func openedOnce(f *lifecycle.Func) lifecycle.Place {
	if len(f.Opens) != 1 || !opensOnce(f) {
		return ""
	}
	return f.Opens[0].At
}

// poolOf returns what names a pool: its variable, or the function that hands out the shared one,
// as db() and testdb.Pool() do.
func (c *checker) poolOf(e ast.Expr) types.Object {
	call, ok := ast.Unparen(e).(*ast.CallExpr)
	if !ok {
		if v := flow.Var(c.info, e); v != nil {
			return v
		}
		return nil
	}
	if v := flow.Var(c.info, call.Fun); v != nil && flow.Global(v) {
		return v
	}
	if fn := dbapi.Callee(c.info, call); fn != nil && fn.Signature().Recv() == nil && c.shared(call) {
		return fn
	}
	return nil
}

// lentBy returns what a function leaves to its callers of what calls in it borrow.
func (c *checker) lentBy(f *flow.Func, depth int) (loans []loan) {
	loans, known := c.lent[f]
	if known {
		return loans
	}
	c.lent[f] = nil // of those that call one another
	for _, inner := range f.Calls {
		for _, l := range c.loans(inner, depth-1) {
			if l, ok := c.lends(f, inner, l); ok {
				loans = append(loans, l)
			}
		}
	}
	c.lent[f] = loans
	return loans
}

// lends reports whether a function leaves to its caller what a call in it borrows: by a result,
// beside others that give it back, in a place, or by none, as it gives it back when the test
// is over.
func (c *checker) lends(f *flow.Func, borrow *flow.Call, l loan) (lent loan, ok bool) {
	if l.result == none && len(l.places) == 0 {
		return l, true
	}
	inside := func(v *types.Var) bool { return f.Cursor.Node().Pos() <= v.Pos() && v.Pos() < f.Cursor.Node().End() }
	lent = loan{kind: l.kind, pool: l.pool, opened: l.opened, result: none}
	b := c.follow(borrow, l)
	for _, sink := range b.sinks {
		switch {
		case sink.By != f:
		case sink.Kind == flow.Undone:
			lent.closers.Add(sink.Result)
		case sink.Kind == flow.Returned && !ok:
			lent.result, ok = sink.Result, true
		}
	}
	for _, v := range b.holders {
		if v.IsField() || !ok && !inside(v) {
			lent.places = append(lent.places, v)
		}
	}
	if ok {
		return lent, true
	}
	if slices.ContainsFunc(b.ends, func(end inspector.Cursor) bool { return !testscope.Late(c.info, end) }) {
		return lent, false
	}
	return lent, len(b.ends)+len(lent.places) > 0
}

// A borrowing is what becomes of a loan in the function that takes it.
type borrowing struct {
	holders []*types.Var // variables and fields
	sinks   []flow.Sink
	ends    []inspector.Cursor // what gives it back, at whatever time
	there   []inspector.Cursor // those that do so there and then
}

// follow returns what becomes of what a call borrows in the function around it.
func (c *checker) follow(borrow *flow.Call, l loan) *borrowing {
	b := new(borrowing)
	add := func(fate *flow.Fate) {
		b.sinks = append(b.sinks, fate.Sinks...)
		b.holders = append(b.holders, fate.Holders...)
		b.ends = append(b.ends, fate.Ended()...)
	}
	if l.result != none {
		add(c.code.Fate(borrow, l.result))
	}
	for result := range l.closers.All {
		b.ends = append(b.ends, c.code.FateOfCloser(borrow, result).Ended()...)
	}
	places := slices.Clone(l.places)
	for _, sink := range b.sinks {
		if sink.Kind == flow.Kept && sink.Place != nil {
			places = append(places, sink.Place)
		}
	}
	around := slices.Clone(places)
	if l.result == none {
		if root := flow.Root(c.info, borrow.Receiver()); root != nil {
			around = append(around, root)
		}
	}
	for _, v := range around {
		for _, at := range c.code.Mentions(v) {
			if at.ParentEdgeKind() == edge.SelectorExpr_Sel {
				at = at.Parent()
			}
			if f := c.code.Around(at); f != nil && f.Within(borrow.In) {
				add(c.code.FateOf(at))
			}
		}
	}
	b.holders = append(append(b.holders, places...), c.fields(borrow.In, b.holders)...)
	if l.kind == dbapi.Rows {
		b.ends = append(b.ends, c.read(borrow.In, b.holders)...)
	}
	b.there = slices.DeleteFunc(slices.Clone(b.ends), func(end inspector.Cursor) bool {
		return c.code.Around(end) != borrow.In || testscope.Later(c.info, end)
	})
	return b
}

// fields returns the fields of structs that a function puts what variables hold into.
func (c *checker) fields(f *flow.Func, holders []*types.Var) (all []*types.Var) {
	for _, s := range f.Stores {
		if v := flow.Var(c.info, s.Src); v != nil && s.To != nil && s.To.IsField() && slices.Contains(holders, v) {
			all = append(all, s.To)
		}
	}
	return all
}

// read returns where a function reads rows to their end, which closes them: by a loop, or by
// giving them to who may.
func (c *checker) read(f *flow.Func, holders []*types.Var) (all []inspector.Cursor) {
	for _, v := range holders {
		for _, at := range c.code.Mentions(v) {
			for loop := range at.Enclosing((*ast.ForStmt)(nil)) {
				stmt := loop.Node().(*ast.ForStmt)
				if cond := stmt.Cond; cond != nil && cond.Pos() <= at.Node().Pos() && at.Node().End() <= cond.End() && !c.startsGroup(f, stmt.Body) {
					all = append(all, at)
				}
			}
		}
		for _, arg := range c.code.Passed(v) {
			if fn := arg.Call.Fn; arg.Call.In == f && (fn == nil || fn.Pkg() == nil || !testlib.Asserts(fn.Pkg().Path())) {
				all = append(all, arg.Call.At)
			}
		}
	}
	return all
}

// startsGroup reports whether a loop's body waits for parallel subtests: the rows that it goes
// through are open then.
func (c *checker) startsGroup(f *flow.Func, body *ast.BlockStmt) bool {
	return slices.ContainsFunc(f.CallsIn(body), func(call *flow.Call) bool {
		return slices.ContainsFunc(c.subtest(call, maxSources), func(sub *flow.Func) bool {
			return !c.parallel.CallsParallel(sub) && c.startsParallel(sub)
		})
	})
}

// nameOf returns what a call calls, for people.
func (c *checker) nameOf(call *flow.Call) dbapi.Name {
	if call.Fn != nil {
		return dbapi.NameOf(call.Fn)
	}
	return dbapi.Name(c.pass.Pkg.Path() + "." + flow.Var(c.info, call.Expr.Fun).Name())
}
