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

// order reports deferred releases that run at the wrong time.
func (c *check) order(h *ownership.Handle) {
	same := orderedHandles{h.In(), h.Holder, h.Opener, inLoop(h.Call.At)}
	if h.Holder != nil && h.Closer < 0 {
		if c.ordered[same] {
			return
		}
		c.ordered[same] = true
	}
	for _, release := range h.Fate.Releases {
		stmt, ok := deferAround(release)
		if !ok {
			continue
		}
		later := c.usedLater(stmt, h)
		switch {
		case same.loop && inLoop(stmt):
			c.found(stmt.Node(), untimely{Handle: handleOf(h), When: afterLoop}, c.inFunction(stmt)...)
		case c.parallelSubtests(stmt, h):
			c.found(stmt.Node(), untimely{Handle: handleOf(h), When: beforeSubtests, Use: c.inTime(stmt)}, c.instead(stmt)...)
		case later.IsValid():
			c.found(stmt.Node(), untimely{handleOf(h), beforeCleanup, c.line(later), c.inTime(stmt)}, c.above(stmt, later, h)...)
		}
	}
}

// deferAround returns the defer statement whose call makes the release.
func deferAround(release inspector.Cursor) (inspector.Cursor, bool) {
	for around := range release.Enclosing((*ast.DeferStmt)(nil)) {
		return around, true
	}
	return inspector.Cursor{}, false
}

// inLoop reports whether c stands in a loop of the function around it.
func inLoop(c inspector.Cursor) bool {
	for around := range c.Enclosing((*ast.ForStmt)(nil), (*ast.RangeStmt)(nil), (*ast.FuncLit)(nil), (*ast.FuncDecl)(nil)) {
		switch around.Node().(type) {
		case *ast.ForStmt, *ast.RangeStmt:
			return true
		}
		return false
	}
	return false
}

// parallelSubtests reports whether a parallel subtest of the deferring function uses the
// handle.
func (c *check) parallelSubtests(stmt inspector.Cursor, h *ownership.Handle) bool {
	scope := c.code.Around(stmt)
	return slices.ContainsFunc(h.Fate.Holders, func(v *types.Var) bool {
		return slices.ContainsFunc(c.code.Mentions(v), func(mention inspector.Cursor) bool {
			f := c.code.Around(mention)
			for f != nil && f.Parent != scope {
				f = f.Parent
			}
			return f != nil && c.parallel.CallsParallel(f) && c.isSubtest(f)
		})
	})
}

// isSubtest reports whether a literal is given to the Run method of a test.
func (c *check) isSubtest(lit *flow.Func) bool {
	call, ok := lit.Cursor.Parent().Node().(*ast.CallExpr)
	if !ok {
		return false
	}
	fn := dbapi.Callee(c.pass.TypesInfo, call)
	return fn != nil && fn.Name() == "Run" && ofTest(fn)
}

// usedLater returns where a cleanup function that works with the handle is
// registered in the deferring function.
func (c *check) usedLater(stmt inspector.Cursor, h *ownership.Handle) token.Pos {
	for _, later := range h.Fate.Later {
		if c.code.Around(later) == c.code.Around(stmt) {
			return later.Node().Pos()
		}
	}
	return token.NoPos
}

// inTime names what runs a function after the test's subtests.
func (c *check) inTime(stmt inspector.Cursor) string { return cmp.Or(c.registrar(stmt), "Cleanup") }
