package missingcleanup

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/analysis"
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
			c.found(stmt.Node(), untimely{Handle: handleOf(h), When: afterLoop})
		case c.parallelSubtests(stmt, h):
			c.found(stmt.Node(), untimely{Handle: handleOf(h), When: beforeSubtests}, c.instead(stmt)...)
		case later.IsValid():
			c.found(stmt.Node(), untimely{handleOf(h), beforeCleanup, c.line(later)})
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
	scope, ok := scopeCursor(stmt)
	return ok && slices.ContainsFunc(h.Fate.Holders, func(v *types.Var) bool { return c.inParallel(scope)[v] })
}

// inParallel returns the variables that parallel subtests of a function mention.
func (c *check) inParallel(scope inspector.Cursor) map[*types.Var]bool {
	mentioned := c.parallel[scope]
	if mentioned != nil {
		return mentioned
	}
	mentioned = map[*types.Var]bool{}
	c.parallel[scope] = mentioned
	for lit := range scope.Preorder((*ast.FuncLit)(nil)) {
		run, ok := lit.Parent().Node().(*ast.CallExpr)
		if !ok || functionAround(lit.Parent()) != scope.Node() || !isRun(c.pass.TypesInfo, run) || !isParallel(c.pass.TypesInfo, lit) {
			continue
		}
		for id := range lit.Preorder((*ast.Ident)(nil)) {
			if v, ok := c.pass.TypesInfo.Uses[id.Node().(*ast.Ident)].(*types.Var); ok {
				mentioned[v] = true
			}
		}
	}
	return mentioned
}

func isRun(info *types.Info, call *ast.CallExpr) bool {
	fn := dbapi.Callee(info, call)
	return fn != nil && fn.Name() == "Run" && ofTest(fn)
}

// isParallel reports whether the subtest itself calls Parallel.
func isParallel(info *types.Info, lit inspector.Cursor) bool {
	for c := range lit.Preorder((*ast.CallExpr)(nil)) {
		fn := dbapi.Callee(info, c.Node().(*ast.CallExpr))
		if fn != nil && fn.Name() == "Parallel" && ofTest(fn) && functionAround(c) == lit.Node() {
			return true
		}
	}
	return false
}

func mentions(info *types.Info, in inspector.Cursor, vars []*types.Var) bool {
	for c := range in.Preorder((*ast.Ident)(nil)) {
		for _, v := range vars {
			if info.Uses[c.Node().(*ast.Ident)] == v {
				return true
			}
		}
	}
	return false
}

// usedLater returns where a cleanup function that works with the handle is
// registered in the deferring function.
func (c *check) usedLater(stmt inspector.Cursor, h *ownership.Handle) token.Pos {
	for _, later := range h.Fate.Later {
		if functionAround(later) == functionAround(stmt) {
			return later.Node().Pos()
		}
	}
	return token.NoPos
}

// instead makes a t.Cleanup call of a defer statement.
func (c *check) instead(stmt inspector.Cursor) []analysis.SuggestedFix {
	t := c.runningTest(stmt)
	if t == "" {
		return nil
	}
	deferStmt := stmt.Node().(*ast.DeferStmt)
	call := deferStmt.Call
	if lit, ok := call.Fun.(*ast.FuncLit); ok && len(call.Args) == 0 {
		return []analysis.SuggestedFix{{Message: "use " + t + ".Cleanup", TextEdits: []analysis.TextEdit{
			{Pos: deferStmt.Pos(), End: call.Pos(), NewText: []byte(t + ".Cleanup(")},
			{Pos: lit.End(), End: call.End(), NewText: []byte(")")},
		}}}
	}
	if len(call.Args) > 0 {
		return nil // defer evaluates them now, a literal would later
	}
	return []analysis.SuggestedFix{{Message: "use " + t + ".Cleanup", TextEdits: []analysis.TextEdit{
		{Pos: deferStmt.Pos(), End: call.Pos(), NewText: []byte(t + ".Cleanup(func() { ")},
		{Pos: call.End(), End: call.End(), NewText: []byte(" })")},
	}}}
}
