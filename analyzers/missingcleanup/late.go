package missingcleanup

import (
	"go/ast"
	"go/types"
	"iter"
	"slices"
	"sort"
	"strings"

	"golang.org/x/tools/go/ast/inspector"

	"github.com/poollint/poollint/internal/dbapi"
	"github.com/poollint/poollint/internal/finding"
	"github.com/poollint/poollint/internal/flow"
	"github.com/poollint/poollint/internal/ownership"
	"github.com/poollint/poollint/internal/testlib"
)

// late reports a release that is registered after a statement that can end the test, or, of what is
// borrowed from a pool that goes on, not registered at all. If that ends it, nobody releases the handle.
func (c *check) late(h *ownership.Handle) {
	obtain, ok := statementAround(h.Call.At)
	if !ok || len(h.Fate.Releases) != 1 {
		return
	}
	register, ok := sibling(h.Fate.Releases[0], obtain)
	if !ok || !registers(register) && h.Kind.Own() {
		return
	}
	enders := c.endersOf(obtain.Parent())
	behind := sort.Search(len(enders), func(i int) bool { return enders[i].Node().Pos() >= obtain.Node().End() })
	for _, stmt := range enders[behind:] {
		if stmt.Node().Pos() >= register.Node().Pos() {
			return
		}
		if c.onWay(stmt, obtain, register, h) || c.wantsHandle(stmt, h) || c.letsGo(stmt, h) {
			continue
		}
		if !registers(register) { // it blocks the tests behind the one that fails, no more
			f := finding.At(h.Expr(), late{handleOf(h), c.ends(stmt), c.line(stmt.Node().Pos()), c.how(h)})
			f.Severity = finding.Info
			c.report.Report(f)
			return
		}
		c.found(register.Node(), late{handleOf(h), c.ends(stmt), c.line(stmt.Node().Pos()), ""}, c.moved(obtain, register, h)...)
		return
	}
}

// endersOf returns the statements of a block that can end the test.
func (c *check) endersOf(block inspector.Cursor) []inspector.Cursor {
	enders, known := c.enders[block]
	if !known {
		for stmt := range block.Children() {
			if c.ends(stmt) != "" {
				enders = append(enders, stmt)
			}
		}
		c.enders[block] = enders
	}
	return enders
}

// onWay reports whether a statement only deals with the error of obtaining the handle, or of
// what is made of it and its release needs: db, err := gorm.DB().
func (c *check) onWay(stmt, obtain, register inspector.Cursor, h *ownership.Handle) bool {
	for id := range stmt.Preorder((*ast.Ident)(nil)) {
		v, ok := c.pass.TypesInfo.Uses[id.Node().(*ast.Ident)].(*types.Var)
		if !ok || !flow.IsError(v.Type()) || !c.checks(stmt, v) {
			continue
		}
		var last *flow.Store
		for _, s := range c.code.Into(v) {
			if s.Src.Pos() >= obtain.Node().Pos() && s.Src.End() <= stmt.Node().Pos() {
				last = s
			}
		}
		switch {
		case last == nil:
		case ast.Unparen(last.Src) == h.Expr() || c.obtainedAgain(h, last):
			return true
		default:
			return slices.ContainsFunc(c.code.From(last.Src), func(s *flow.Store) bool {
				return s.To != nil && s.To != h.Holder && slices.Contains(h.Fate.Holders, s.To) && c.code.MentionedIn(s.To, register.Node())
			})
		}
	}
	return false
}

// obtainedAgain reports whether an error is that of another try, whose result takes the place of the
// handle and is made of nothing that the handle is.
func (c *check) obtainedAgain(h *ownership.Handle, err *flow.Store) bool {
	return h.Holder != nil && !c.code.MentionedIn(h.Holder, err.Src) &&
		slices.ContainsFunc(c.code.From(err.Src), func(s *flow.Store) bool { return s.To == h.Holder })
}

// sibling returns the statement around c that stands in the same block as stmt.
func sibling(c, stmt inspector.Cursor) (inspector.Cursor, bool) {
	for c != c.Inspector().Root() {
		if c.Parent() == stmt.Parent() {
			return c, true
		}
		c = c.Parent()
	}
	return inspector.Cursor{}, false
}

// registers reports whether the statement defers a call or registers a cleanup function.
func registers(stmt inspector.Cursor) bool {
	switch n := stmt.Node().(type) {
	case *ast.DeferStmt:
		return true
	case *ast.ExprStmt:
		call, ok := n.X.(*ast.CallExpr)
		if !ok {
			return false
		}
		sel, ok := call.Fun.(*ast.SelectorExpr)
		return ok && sel.Sel.Name == "Cleanup"
	}
	return false
}

// letsGo reports whether a statement releases the handle wherever it ends the test.
func (c *check) letsGo(stmt inspector.Cursor, h *ownership.Handle) bool {
	for call := range c.endingCalls(stmt) {
		if !slices.ContainsFunc(h.Fate.OnError, func(release inspector.Cursor) bool { return precedes(release, call) }) {
			return false
		}
	}
	return true
}

// precedes reports whether one comes before the other wherever that is reached: the innermost block
// around it is around the other too.
func precedes(one, other inspector.Cursor) bool {
	for !isBlock(one.Parent()) {
		one = one.Parent()
	}
	below, ok := sibling(other, one)
	return ok && one.Node().End() <= below.Node().Pos()
}

// isBlock reports whether a node holds statements that follow each other.
func isBlock(c inspector.Cursor) bool {
	switch c.Node().(type) {
	case *ast.BlockStmt, *ast.CaseClause, *ast.CommClause, nil:
		return true
	}
	return false
}

// ends returns the name of the function by whose call the statement can end the test; ""
// if there is none.
func (c *check) ends(stmt inspector.Cursor) string {
	for _, name := range c.endingCalls(stmt) {
		return name
	}
	return ""
}

// endingCalls returns the calls by which a statement can end the test, with the names of their functions.
func (c *check) endingCalls(stmt inspector.Cursor) iter.Seq2[inspector.Cursor, string] {
	return func(yield func(inspector.Cursor, string) bool) {
		for call := range stmt.Preorder((*ast.CallExpr)(nil), (*ast.FuncLit)(nil)) {
			expr, ok := call.Node().(*ast.CallExpr)
			if !ok || c.code.Around(call) != c.code.Around(stmt) {
				continue
			}
			if name := c.endsBy(expr); name != "" && !yield(call, name) {
				return
			}
		}
	}
}

// endsBy returns the name of the function that a call ends the test by; "" if it does not.
func (c *check) endsBy(call *ast.CallExpr) string {
	fn := dbapi.Callee(c.pass.TypesInfo, call)
	switch {
	case fn == nil || fn.Pkg() == nil:
	case ofTest(fn) && (strings.HasPrefix(fn.Name(), "Fatal") || fn.Name() == "FailNow"):
		return fn.Name()
	case testlib.Ends(fn.Pkg().Path()):
		return fn.Pkg().Name() + "." + fn.Name()
	}
	return ""
}
