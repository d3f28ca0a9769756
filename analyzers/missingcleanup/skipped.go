package missingcleanup

import (
	"go/ast"
	"go/types"

	"golang.org/x/tools/go/ast/inspector"

	"github.com/poollint/poollint/internal/flow"
	"github.com/poollint/poollint/internal/ownership"
)

// skipped reports a handle that the function releases, but not on every way to its end.
func (c *check) skipped(h *ownership.Handle) {
	f := h.Call.In
	ways := c.code.Ways(f)
	if ways == nil || h.Holder != nil && c.declaredOutside(h.Holder, f) {
		return // it is released by whoever else has the variable
	}
	ends := map[ast.Node]bool{}
	for _, end := range h.Fate.Ends {
		n := ways.Node(end)
		if n == nil || !c.code.Around(end).Within(f) || n.Pos() < h.Expr().Pos() {
			return // a deferred call above releases whatever there is
		}
		ends[n] = true
		if n := head(end, h.Call.At); n != nil {
			ends[n] = true
		}
	}
	if ends[ways.Node(h.Call.At)] {
		return
	}
	ret := ways.Out(flow.Query{From: h.Call.At, Stops: func(n ast.Node) bool { return ends[n] || c.overwrites(n, h.Holder) }, Known: h.Known, Holds: c.held(h)})
	if ret == nil {
		return
	}
	s := skip{Handle: handleOf(h), How: c.how(h)}
	if body := f.Body().(*ast.BlockStmt); ret.Pos() != body.Rbrace {
		s.Line = c.line(ret.Pos())
	}
	c.found(h.Expr(), s, c.cleanup(h)...)
}

// head returns where the outermost loop, or question for a type, around c begins, if what is
// obtained elsewhere is released there: a loop runs at least once, and the type is known; nil
// if there is none.
func head(c, obtained inspector.Cursor) ast.Node {
	var head ast.Node
	for around := range c.Enclosing((*ast.ForStmt)(nil), (*ast.RangeStmt)(nil), (*ast.TypeSwitchStmt)(nil), (*ast.IfStmt)(nil), (*ast.FuncDecl)(nil), (*ast.FuncLit)(nil)) {
		switch n := around.Node().(type) {
		case *ast.TypeSwitchStmt:
			if !around.Contains(obtained) {
				head = n.Assign
			}
		case *ast.IfStmt:
			if assign, ok := n.Init.(*ast.AssignStmt); ok && len(assign.Rhs) == 1 && !around.Contains(obtained) {
				if _, ok := ast.Unparen(assign.Rhs[0]).(*ast.TypeAssertExpr); ok {
					head = assign
				}
			}
		case *ast.ForStmt:
			if around.Contains(obtained) {
				return head
			}
			head = n.Cond
		case *ast.RangeStmt:
			if around.Contains(obtained) && obtained.Node().Pos() >= n.Body.Pos() {
				return head
			}
			head = n.X
		default:
			return head
		}
	}
	return head
}

// declaredOutside reports whether a variable belongs to a function around f.
func (c *check) declaredOutside(v *types.Var, f *flow.Func) bool {
	return v.Pos() < f.Cursor.Node().Pos() || v.Pos() >= f.Cursor.Node().End()
}

// overwrites reports whether a statement gives the variable that holds the handle another one.
func (c *check) overwrites(n ast.Node, v *types.Var) bool {
	assign, ok := n.(*ast.AssignStmt)
	if !ok || v == nil {
		return false
	}
	for _, l := range assign.Lhs {
		if id, ok := l.(*ast.Ident); ok && c.pass.TypesInfo.ObjectOf(id) == v {
			return true
		}
	}
	return false
}

// how says in what way a handle is to be released that is not on all ways.
func (c *check) how(h *ownership.Handle) string {
	registrar := c.registrar(h.Call.At)
	switch {
	case h.Fate.Returned != 0 || h.Fate.Kept:
		return "there, too"
	case registrar != "":
		return "with " + registrar + " or defer"
	}
	return "with defer"
}
