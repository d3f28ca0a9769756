package parallelpool

import (
	"go/ast"
	"go/types"
	"slices"

	"github.com/poollint/poollint/internal/dbapi"
	"github.com/poollint/poollint/internal/finding"
	"github.com/poollint/poollint/internal/flow"
	"github.com/poollint/poollint/internal/testscope"
)

// held reports connections and transactions that a test holds while its parallel subtests
// take more from the same pool, or share the one. With a small limit they deadlock.
func (c *checker) held(report *finding.Reporter) {
	for _, f := range c.code.Funcs() {
		if !f.File.Test {
			continue
		}
		for _, call := range f.Calls {
			if call.Fn == nil {
				continue
			}
			row := c.cat.Opener(call.Fn)
			if row == nil || row.Kind != dbapi.Acquired && row.Kind != dbapi.Tx {
				continue
			}
			if use := c.subtests(call, flow.Var(c.info, argument(call.Expr, row.Over))); use != nothing {
				report.Report(finding.At(call.Expr, held{dbapi.NameOf(call.Fn), row.Kind, use}))
			}
		}
	}
}

// subtests returns what parallel subtests that start after a call do with the handle that
// it obtains, or with its pool: nothing, too, if the handle is released before.
func (c *checker) subtests(borrow *flow.Call, pool *types.Var) use {
	ways := c.code.Ways(borrow.In)
	handle := c.takes(borrow)
	if ways == nil || handle == nil || pool == nil {
		return nothing
	}
	found, deferred := nothing, false
	ways.Out(flow.Query{From: borrow.At, Stops: func(n ast.Node) bool {
		if _, ok := n.(*ast.DeferStmt); ok {
			deferred = deferred || c.code.MentionedIn(handle, n)
			return false
		}
		for _, call := range borrow.In.CallsIn(n) {
			if c.releases(call, handle) {
				return true
			}
			if found == nothing {
				found = c.useIn(call, deferred, handle, pool)
			}
		}
		return found != nothing
	}})
	return found
}

// takes returns the variable or field that takes the first result of a call.
func (c *checker) takes(call *flow.Call) *types.Var {
	for _, s := range c.code.From(call.Expr) {
		if s.Result == 0 && s.To != nil && !s.Elem {
			return s.To
		}
	}
	return nil
}

// useIn says what the parallel subtests that a call starts do with a handle and its pool.
// They start when the function around them has returned, and its defers have run; those
// of a group run before the group's Run returns.
func (c *checker) useIn(call *flow.Call, deferred bool, handle, pool *types.Var) use {
	for _, sub := range c.subtest(call) {
		group := !c.parallel.CallsParallel(sub)
		switch {
		case group && !c.startsParallel(sub), !group && deferred:
		case c.code.MentionedIn(handle, sub.Body()):
			return share
		case c.code.MentionedIn(pool, sub.Body()):
			return compete
		}
	}
	return nothing
}

// subtest returns what t.Run runs; nothing if the call is none.
func (c *checker) subtest(call *flow.Call) []*flow.Func {
	args := call.Expr.Args
	if testscope.Argument(call.Fn)&testscope.PerTest == 0 || len(args) == 0 {
		return nil
	}
	return c.code.FuncsOf(args[len(args)-1])
}

// startsParallel reports whether a function starts parallel subtests, in a literal as well.
func (c *checker) startsParallel(f *flow.Func) bool {
	return slices.ContainsFunc(f.Lits, c.startsParallel) || slices.ContainsFunc(f.Calls, func(call *flow.Call) bool {
		return slices.ContainsFunc(c.subtest(call), c.parallel.CallsParallel)
	})
}

// releases reports whether a call gives the handle back.
func (c *checker) releases(call *flow.Call, handle *types.Var) bool {
	recv := call.Receiver()
	return recv != nil && flow.Var(c.info, recv) == handle && (dbapi.ReleaseOf(call.Fn) != nil || dbapi.SoundsClosing(call.Fn.Name()))
}
