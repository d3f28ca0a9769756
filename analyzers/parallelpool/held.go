package parallelpool

import (
	"go/ast"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ast/inspector"

	"github.com/poollint/poollint/internal/dbapi"
	"github.com/poollint/poollint/internal/finding"
	"github.com/poollint/poollint/internal/flow"
	"github.com/poollint/poollint/internal/parallel"
	"github.com/poollint/poollint/internal/testscope"
)

// A loan is a connection or transaction that a call borrows from a pool.
type loan struct {
	kind    dbapi.Kind
	result  int
	pool    *types.Var  // nil if it is not known
	closers flow.Params // results that are functions which give it back
}

// held reports connections and transactions that a test holds while its parallel subtests
// take more from the same pool, or share the one. With a small limit they deadlock.
func (c *checker) held(report *finding.Reporter) {
	for _, f := range c.code.Funcs() {
		if !f.File.Test {
			continue
		}
		for _, call := range f.Calls {
			for _, l := range c.loans(call, maxSources) {
				if use := c.subtests(call, l); use != nothing {
					report.Report(finding.At(call.Expr, held{dbapi.NameOf(call.Fn), l.kind, use}))
					break
				}
			}
		}
	}
}

// loans returns what a call borrows: by the catalogue, or as a helper of the package hands
// it out.
func (c *checker) loans(call *flow.Call, depth int) (all []loan) {
	if call.Fn == nil || depth == 0 {
		return nil
	}
	if row := c.cat.Opener(call.Fn); row != nil {
		if row.Kind == dbapi.Acquired || row.Kind == dbapi.Tx {
			all = append(all, loan{kind: row.Kind, pool: flow.Var(c.info, argument(call.Expr, row.Over))})
		}
		return all
	}
	f := c.code.Func(call.Fn)
	if f == nil {
		return nil
	}
	loans, known := c.lent[f]
	if !known {
		c.lent[f] = nil // of those that call one another
		for _, inner := range f.Calls {
			for _, l := range c.loans(inner, depth-1) {
				if result, closers, ok := c.lends(f, inner, l); ok {
					loans = append(loans, loan{l.kind, result, l.pool, closers})
				}
			}
		}
		c.lent[f] = loans
	}
	for _, l := range loans {
		if param, ok := c.code.Param(l.pool); l.pool != nil && ok && param.Of == f {
			l.pool = nil
			for _, arg := range call.Args(f.Sig, param.I) {
				l.pool = flow.Var(c.info, arg)
			}
			if param.I == flow.Receiver {
				l.pool = flow.Var(c.info, call.Receiver())
			}
		}
		all = append(all, l)
	}
	return all
}

// none is the result of what a helper keeps until the test is over.
const none = -1

// lends reports whether a helper leaves to its caller what a call in it borrows: by a result,
// beside others that give it back, or none, as it gives it back when the test is over.
func (c *checker) lends(f *flow.Func, borrow *flow.Call, l loan) (result int, closers flow.Params, ok bool) {
	if l.result == none {
		return none, 0, true
	}
	fate := c.code.Fate(borrow, l.result)
	for _, sink := range fate.Sinks {
		switch {
		case sink.By != f:
		case sink.Kind == flow.Undone:
			closers.Add(sink.Result)
		case sink.Kind == flow.Returned && !ok:
			result, ok = sink.Result, true
		}
	}
	if ok {
		return result, closers, true
	}
	ended := fate.Ended()
	return none, 0, len(ended) > 0 && !slices.ContainsFunc(ended, func(end inspector.Cursor) bool { return !testscope.Late(c.info, end) })
}

// subtests returns what parallel subtests that start after a call do with the handle that
// it obtains, or with its pool: nothing, too, if the handle is released before.
func (c *checker) subtests(borrow *flow.Call, l loan) use {
	ways := c.code.Ways(borrow.In)
	handle := c.takes(borrow, l.result)
	if ways == nil || handle == nil && l.pool == nil {
		return nothing
	}
	ends, pools := c.ends(borrow, l), c.faces(l.pool)
	found, deferred := nothing, false
	ways.Out(flow.Query{From: borrow.At, Stops: func(n ast.Node) bool {
		if _, ok := n.(*ast.DeferStmt); ok {
			deferred = deferred || handle != nil && c.code.MentionedIn(handle, n) || contains(n, c.ended(borrow, l))
			return false
		}
		if contains(n, ends) {
			return true
		}
		for _, call := range borrow.In.CallsIn(n) {
			if found == nothing {
				found = c.useIn(call, deferred, handle, pools)
			}
		}
		return found != nothing
	}})
	return found
}

// ends returns where the function around a call gives back what it borrows, there and then.
func (c *checker) ends(borrow *flow.Call, l loan) []inspector.Cursor {
	if l.result == none {
		return nil
	}
	return slices.DeleteFunc(c.ended(borrow, l), func(end inspector.Cursor) bool {
		return c.code.Around(end) != borrow.In || testscope.Later(c.info, end)
	})
}

// ended returns where the function around a call gives back what it borrows, at whatever time.
func (c *checker) ended(borrow *flow.Call, l loan) []inspector.Cursor {
	if l.result == none {
		return nil
	}
	all := slices.Clone(c.code.Fate(borrow, l.result).Ended())
	for result := range l.closers.All {
		all = append(all, c.code.FateOfCloser(borrow, result).Ended()...)
	}
	return all
}

func contains(n ast.Node, all []inspector.Cursor) bool {
	return slices.ContainsFunc(all, func(c inspector.Cursor) bool { return n.Pos() <= c.Node().Pos() && c.Node().End() <= n.End() })
}

// takes returns the variable or field that takes a result of a call.
func (c *checker) takes(call *flow.Call, result int) *types.Var {
	for _, s := range c.code.From(call.Expr) {
		if s.Result == result && s.To != nil && !s.Elem {
			return s.To
		}
	}
	return nil
}

// useIn says what the parallel subtests that a call starts do with a handle and its pool.
// They start when the function around them has returned, and its defers have run; those
// of a group run before the group's Run returns.
func (c *checker) useIn(call *flow.Call, deferred bool, handle *types.Var, pools []*types.Var) use {
	for _, sub := range c.subtest(call, maxSources) {
		group := !c.parallel.CallsParallel(sub)
		if group && !c.startsParallel(sub) || !group && deferred {
			continue
		}
		runs := []*flow.Func{sub}
		for _, arg := range call.Expr.Args {
			runs = append(runs, c.code.FuncsOf(arg)...) // by the helper that starts the subtests
		}
		for _, f := range runs {
			if u := c.usesOf(f, handle, pools); u != nothing {
				return u
			}
		}
	}
	return nothing
}

// usesOf says what a subtest does with a handle and its pool, in whatever it runs.
func (c *checker) usesOf(sub *flow.Func, handle *types.Var, pools []*types.Var) use {
	found, left := nothing, maxUses
	c.parallel.Walk(sub, &left, func(f *flow.Func, _ parallel.Where) {
		switch {
		case handle != nil && c.code.MentionedIn(handle, f.Body()):
			found = share
		case found == nothing && slices.ContainsFunc(pools, func(pool *types.Var) bool { return c.code.MentionedIn(pool, f.Body()) }):
			found = compete
		}
	})
	return found
}

// faces returns the variables and fields that hold a pool: that one, and those that come from
// where it comes from.
func (c *checker) faces(pool *types.Var) (all []*types.Var) {
	if pool == nil {
		return nil
	}
	if c.byOrigin == nil {
		c.byOrigin = map[*types.Var][]*types.Var{}
		for obj := range c.code.Mentioned() {
			if v, ok := obj.(*types.Var); ok && dbapi.Handle(v.Type()) {
				for _, o := range c.origins(v, maxSources) {
					c.byOrigin[o] = append(c.byOrigin[o], v)
				}
			}
		}
	}
	for _, o := range c.origins(pool, maxSources) {
		all = append(all, c.byOrigin[o]...)
	}
	return all
}

// origins returns the variables that a variable takes its value from, at the start.
func (c *checker) origins(v *types.Var, depth int) (all []*types.Var) {
	if depth > 0 {
		for _, s := range c.sources(v) {
			if from := flow.Var(c.info, s); from != nil && from != v {
				all = append(all, c.origins(from, depth-1)...)
			}
		}
	}
	if len(all) == 0 {
		all = []*types.Var{v}
	}
	return all
}

// maxUses bounds the calls that are looked at for what a subtest uses.
const maxUses = 1000

// subtest returns what t.Run runs in the running test of a call, which may be one of a
// helper that starts them.
func (c *checker) subtest(call *flow.Call, depth int) (all []*flow.Func) {
	args := call.Expr.Args
	if testscope.Argument(call.Fn)&testscope.PerTest != 0 {
		if len(args) > 0 {
			all = c.code.FuncsGiven(args[len(args)-1])
		}
		return all
	}
	if call.Fn == nil || depth == 0 || !testscope.TakesTB(call.Fn.Signature()) {
		return nil
	}
	for _, to := range call.Targets() {
		for _, inner := range to.Calls {
			all = append(all, c.subtest(inner, depth-1)...)
		}
	}
	return all
}

// startsParallel reports whether a function starts parallel subtests, in a literal as well.
func (c *checker) startsParallel(f *flow.Func) bool {
	return slices.ContainsFunc(f.Lits, c.startsParallel) || slices.ContainsFunc(f.Calls, func(call *flow.Call) bool {
		return slices.ContainsFunc(c.subtest(call, maxSources), c.parallel.CallsParallel)
	})
}
