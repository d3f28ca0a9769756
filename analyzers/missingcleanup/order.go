package missingcleanup

import (
	"cmp"
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ast/inspector"

	"github.com/poollint/poollint/internal/dbapi"
	"github.com/poollint/poollint/internal/flow"
	"github.com/poollint/poollint/internal/ownership"
)

// orderedHandles identifies handles with the same releases, which order judges once.
type orderedHandles struct {
	in     *flow.Func
	holder *types.Var
	opener dbapi.Name
	loop   bool
}

// order reports releases that run at the wrong time.
func (c *check) order(h *ownership.Handle) {
	same := orderedHandles{h.In(), h.Holder, h.Opener, flow.InLoop(h.Call.At)}
	if h.Holder != nil && h.Closer < 0 {
		if c.ordered[same] {
			return
		}
		c.ordered[same] = true
	}
	var spread *flow.Spread
	for _, release := range c.releases(h) {
		e := c.endingAround(release)
		if e == nil && c.early(h, release) {
			c.found(release.Node(), untimely{Handle: handleOf(h), When: beforeStarted})
		}
		if e == nil || e.at.Contains(h.Call.At) && e.in != h.Call.In {
			continue
		}
		if spread == nil {
			spread = c.code.Spread(c.code.Fate(h.Call, h.Result))
		}
		stmt := e.at
		if !e.deferred {
			if earlier := c.before(e, h, spread); earlier.IsValid() {
				c.found(stmt.Node(), untimely{Handle: handleOf(h), When: beforeEarlier, Line: c.line(earlier)})
			}
			continue
		}
		later := c.usedLater(e, h, spread)
		switch {
		case same.loop && flow.InLoop(stmt):
			c.found(stmt.Node(), untimely{Handle: handleOf(h), When: afterLoop}, c.inFunction(stmt)...)
		case c.parallelSubtests(e.in, spread):
			c.found(stmt.Node(), untimely{Handle: handleOf(h), When: beforeSubtests, Use: c.inTime(stmt)}, c.instead(stmt)...)
		case later.IsValid():
			c.found(stmt.Node(), untimely{handleOf(h), beforeCleanup, c.line(later), c.inTime(stmt)}, c.above(stmt, later, h)...)
		default:
			if earlier := c.before(e, h, spread); earlier.IsValid() {
				c.found(stmt.Node(), untimely{Handle: handleOf(h), When: beforeDeferred, Line: c.line(earlier)})
			}
		}
	}
}

// early reports whether the only release of a handle, in the function that obtains it, stands
// below parallel subtests that use it.
func (c *check) early(h *ownership.Handle, release inspector.Cursor) bool {
	return len(h.Fate.Releases) == 1 && c.code.Around(release) == h.Call.In && c.parallelSubtests(h.Call.In, c.code.Spread(c.code.Fate(h.Call, h.Result)))
}

// releases returns what releases a handle: in the function that obtains it, or, if that
// returns nothing but a function that does, in its callers.
func (c *check) releases(h *ownership.Handle) []inspector.Cursor {
	if h.Fate.Closers == 0 || h.Fate.Returned != 0 {
		return h.Fate.Releases
	}
	all := slices.Clip(h.Fate.Releases)
	for result := range h.Fate.Closers.All {
		for _, call := range h.Fate.By.Callers {
			all = append(all, c.code.FateOfCloser(call, result).Ended()...)
		}
	}
	return all
}

// endingAround returns what puts off the release: the defer statement, or the call that
// registers a cleanup function.
func (c *check) endingAround(release inspector.Cursor) *ending {
	for around := range release.Enclosing((*ast.DeferStmt)(nil), (*ast.CallExpr)(nil)) {
		if e := c.endings().at[around.Node()]; e != nil {
			return e
		}
	}
	return nil
}

// parallelSubtests reports whether parallel subtests that go on when the function is over
// use one of the variables.
func (c *check) parallelSubtests(f *flow.Func, spread *flow.Spread) bool {
	after := c.span(f).After
	if len(after) == 0 {
		return false
	}
	var subtests []inspector.Cursor
	for sub := range after {
		if sub.Lit != nil && sub.Outer() == f.Outer() {
			subtests = append(subtests, sub.Cursor)
		}
	}
	for v := range spread.Vars {
		for _, m := range c.code.Mentions(v) {
			for around := c.code.Around(m); around != nil; around = around.Parent {
				if after[around] && c.enters(spread.Vars, v, m, after, nil) && !c.another(spread, subtests, f.Outer(), c.rootOf(v, m)) {
					return true
				}
			}
		}
	}
	return false
}

// usedLater returns where a cleanup function that works with the handle is registered in
// the test of the deferring function: another than what releases it, which has done its work by then.
func (c *check) usedLater(e *ending, h *ownership.Handle, spread *flow.Spread) token.Pos {
	for _, later := range h.Fate.Later {
		if c.code.Around(later) == e.in && !e.runsIn(later) {
			return later.Node().Pos()
		}
	}
	own := c.span(e.in).Own
	return position(c.workedBy(spread, func(later *ending) bool { return !later.deferred && own[later.in] && !e.repeats(later) }))
}

// before returns where something is put off that works with the handle and runs after its
// release, since it was put off before.
func (c *check) before(e *ending, h *ownership.Handle, spread *flow.Spread) token.Pos {
	if !e.deferred {
		for _, later := range h.Fate.Later {
			if c.code.Around(later) == e.in && follows(e.at, later) {
				return later.Node().Pos()
			}
		}
	}
	return position(c.workedBy(spread, func(earlier *ending) bool {
		return earlier.in == e.in && earlier.deferred == e.deferred && follows(e.at, earlier.at) && c.sameTest(e, earlier)
	}))
}

// follows reports whether c stands behind something else, and not in another branch.
func follows(c, earlier inspector.Cursor) bool {
	return earlier.Node().Pos() < c.Node().Pos() && (block(earlier).Contains(c) || block(c).Contains(earlier))
}

// block returns the innermost list of statements around c.
func block(c inspector.Cursor) inspector.Cursor {
	for around := range c.Enclosing((*ast.BlockStmt)(nil), (*ast.CaseClause)(nil), (*ast.CommClause)(nil)) {
		return around
	}
	return c
}

// position returns where something is put off; token.NoPos for nil.
func position(e *ending) token.Pos {
	if e == nil {
		return token.NoPos
	}
	return e.at.Node().Pos()
}

// sameTest reports whether what is put off waits for the same function or test.
func (c *check) sameTest(a, b *ending) bool {
	return a.deferred || c.testOf(a.call) == c.testOf(b.call)
}

// testOf returns the variable that a method of the running test is called on; nil if it is
// none.
func (c *check) testOf(call *flow.Call) *types.Var {
	if recv := call.Receiver(); recv != nil {
		return flow.Root(c.pass.TypesInfo, recv)
	}
	return nil
}

// inTime names what runs a function after the test's subtests.
func (c *check) inTime(stmt inspector.Cursor) string { return cmp.Or(c.registrar(stmt), "Cleanup") }
