package missingcleanup

import (
	"go/ast"
	"go/token"
	"go/types"
	"sort"

	"golang.org/x/tools/go/ast/inspector"

	"github.com/poollint/poollint/internal/ownership"
)

// skipped reports a handle whose only releases are plain statements of the
// function with a return above them.
func (c *check) skipped(h *ownership.Handle) {
	scope := functionAround(h.Call)
	first := token.NoPos
	for _, release := range h.Fate.Releases {
		if functionAround(release) != scope || deferred(release) {
			return // it runs on every path
		}
		if pos := release.Node().Pos(); !first.IsValid() || pos < first {
			first = pos
		}
	}
	body, ok := scopeCursor(h.Call)
	if !ok {
		return
	}
	returns := c.returnsOf(body)
	behind := sort.Search(len(returns), func(i int) bool { return returns[i].Node().Pos() >= h.Expr().End() })
	for _, ret := range returns[c.askedUntil(asked{body, h.Err}, returns, behind):] {
		if ret.Node().End() > first {
			return
		}
		if c.checksOpen(ret, h) || c.unreachable(ret) {
			continue
		}
		c.found(h.Expr(), skip{handleOf(h), c.line(ret.Node().Pos())}, c.cleanup(h)...)
		return
	}
}

// asked is a function body and an error variable.
type asked struct {
	body inspector.Cursor
	err  *types.Var
}

// A span is a range of indices, [from, to).
type span struct{ from, to int }

// askedUntil returns the index of the first return, at or after from, that is not directly
// in an if statement about the error. The returns before it are on the error path, and so
// need no release, for all handles above them.
func (c *check) askedUntil(a asked, returns []inspector.Cursor, from int) int {
	if known := c.asked[a]; known.from <= from && from < known.to {
		return known.to
	}
	to := from
	for to < len(returns) && c.asks(returns[to], a.err) {
		to++
	}
	c.asked[a] = span{from, to}
	return to
}

// asks reports whether the innermost if statement around a return tests the error.
func (c *check) asks(ret inspector.Cursor, err *types.Var) bool {
	for around := range ret.Enclosing((*ast.IfStmt)(nil)) {
		return err != nil && c.aboutOf(around)[err]
	}
	return false
}

// returnsOf returns the return statements of a function itself.
func (c *check) returnsOf(body inspector.Cursor) []inspector.Cursor {
	returns, known := c.returns[body]
	if !known {
		for ret := range body.Preorder((*ast.ReturnStmt)(nil)) {
			if functionAround(ret) == body.Node() {
				returns = append(returns, ret)
			}
		}
		c.returns[body] = returns
	}
	return returns
}

// unreachable reports whether the statement above the return ends the test.
func (c *check) unreachable(ret inspector.Cursor) bool {
	above, ok := ret.PrevSibling()
	return ok && c.ends(above) != ""
}

// functionAround returns the innermost function around c.
func functionAround(c inspector.Cursor) ast.Node {
	for fn := range c.Enclosing((*ast.FuncLit)(nil), (*ast.FuncDecl)(nil)) {
		return fn.Node()
	}
	return nil
}

func scopeCursor(c inspector.Cursor) (inspector.Cursor, bool) {
	for fn := range c.Enclosing((*ast.FuncLit)(nil), (*ast.FuncDecl)(nil)) {
		return fn, true
	}
	return inspector.Cursor{}, false
}

// deferred reports whether c is in a defer or go statement, or is a function value that is
// called elsewhere.
func deferred(c inspector.Cursor) bool {
	for stmt := range c.Enclosing((*ast.DeferStmt)(nil), (*ast.GoStmt)(nil), (*ast.BlockStmt)(nil)) {
		if _, ok := stmt.Node().(*ast.BlockStmt); !ok {
			return true
		}
		break
	}
	call, ok := c.Parent().Node().(*ast.CallExpr)
	_, isCall := c.Node().(*ast.CallExpr)
	return !isCall && (!ok || call.Fun != c.Node())
}

// checksOpen reports whether the return is in an if statement that tests the error of the
// call that obtains the handle, or whether the handle is nil.
func (c *check) checksOpen(ret inspector.Cursor, h *ownership.Handle) bool {
	for around := range ret.Enclosing((*ast.IfStmt)(nil)) {
		about := c.aboutOf(around)
		if about[h.Err] || about[h.Holder] && c.asksForNil(condition(around), h.Holder) {
			return true
		}
		if around.Node().Pos() < h.Expr().Pos() {
			break // the obtaining call stands in the same branch
		}
	}
	return false
}

// aboutOf returns the variables that the condition of an if statement mentions.
func (c *check) aboutOf(stmt inspector.Cursor) map[*types.Var]bool {
	about := c.about[stmt]
	if about == nil {
		about = map[*types.Var]bool{}
		for id := range condition(stmt).Preorder((*ast.Ident)(nil)) {
			if v, ok := c.pass.TypesInfo.Uses[id.Node().(*ast.Ident)].(*types.Var); ok {
				about[v] = true
			}
		}
		c.about[stmt] = about
	}
	return about
}

func condition(stmt inspector.Cursor) inspector.Cursor {
	cond, _ := stmt.FindNode(stmt.Node().(*ast.IfStmt).Cond)
	return cond
}

// asksForNil reports whether the condition compares the variable with nil.
func (c *check) asksForNil(cond inspector.Cursor, v *types.Var) bool {
	for cmp := range cond.Preorder((*ast.BinaryExpr)(nil)) {
		x, ok := cmp.Node().(*ast.BinaryExpr).X.(*ast.Ident)
		if ok && c.pass.TypesInfo.Uses[x] == v && c.pass.TypesInfo.Types[cmp.Node().(*ast.BinaryExpr).Y].IsNil() {
			return true
		}
	}
	return false
}
