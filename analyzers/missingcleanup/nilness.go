package missingcleanup

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"
	"sync"

	"golang.org/x/tools/go/ast/inspector"

	"github.com/poollint/poollint/internal/dbapi"
	"github.com/poollint/poollint/internal/flow"
	"github.com/poollint/poollint/internal/ownership"
)

// wantsHandle reports whether a statement ends the test only if there is no handle, and so
// nothing to release: require.NotNil(t, db), if db == nil { … }. What came with it is as good.
func (c *check) wantsHandle(stmt inspector.Cursor, h *ownership.Handle) bool {
	is := c.released(h)
	wants := func(e ast.Expr) bool {
		id, ok := ast.Unparen(e).(*ast.Ident)
		if !ok {
			return is(e)
		}
		v := flow.Var(c.pass.TypesInfo, id)
		return v != nil && v == h.Holder || is(e) || slices.ContainsFunc(c.code.From(h.Expr()), func(s *flow.Store) bool {
			return s.To == v && v != nil && s.Whole(v) && !flow.IsError(v.Type())
		})
	}
	switch n := stmt.Node().(type) {
	case *ast.IfStmt:
		cond, _ := stmt.FindNode(n.Cond)
		for cmp := range cond.Preorder((*ast.BinaryExpr)(nil)) {
			if x := c.comparedWithNil(cmp.Node().(*ast.BinaryExpr)); n.Init == nil && x != nil && wants(x) {
				return true
			}
		}
	case *ast.ExprStmt:
		call, ok := n.X.(*ast.CallExpr)
		if !ok {
			return false
		}
		fn := dbapi.Callee(c.pass.TypesInfo, call)
		return fn != nil && strings.HasPrefix(fn.Name(), "NotNil") && slices.ContainsFunc(call.Args, wants)
	}
	return false
}

// held says of conditions that what is released is nil whether they hold where the handle has
// been obtained: if res.Conn != nil { res.Conn.Close() }.
func (c *check) held(h *ownership.Handle) func(cond ast.Expr) (yes, known bool) {
	is := c.released(h)
	return func(cond ast.Expr) (yes, known bool) {
		cmp, ok := ast.Unparen(cond).(*ast.BinaryExpr)
		if !ok {
			return false, false
		}
		x := c.comparedWithNil(cmp)
		return cmp.Op == token.NEQ, x != nil && is(x)
	}
}

// comparedWithNil returns what a comparison compares with nil; nil if it is none of these.
func (c *check) comparedWithNil(cmp *ast.BinaryExpr) ast.Expr {
	switch {
	case cmp.Op != token.EQL && cmp.Op != token.NEQ:
	case c.pass.TypesInfo.Types[cmp.Y].IsNil():
		return cmp.X
	case c.pass.TypesInfo.Types[cmp.X].IsNil():
		return cmp.Y
	}
	return nil
}

// released returns whether an expression is what the handle is released by, in a field of a
// variable that holds it, or in one that takes nothing else.
func (c *check) released(h *ownership.Handle) func(ast.Expr) bool {
	named := sync.OnceValue(func() map[string]bool {
		names := map[string]bool{}
		for _, at := range h.Fate.Releases {
			for x := range at.Preorder((*ast.SelectorExpr)(nil), (*ast.Ident)(nil)) {
				names[types.ExprString(x.Node().(ast.Expr))] = true
			}
		}
		return names
	})
	return func(e ast.Expr) bool {
		e = ast.Unparen(e)
		root := flow.Root(c.pass.TypesInfo, e)
		if root == nil || !slices.Contains(h.Fate.Holders, root) || !named()[types.ExprString(e)] {
			return false
		}
		_, name := e.(*ast.Ident)
		return !name || root != h.Holder && len(c.code.Into(root)) == 1
	}
}
