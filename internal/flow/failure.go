package flow

import (
	"go/ast"
	"go/token"

	"golang.org/x/tools/go/ast/edge"
	"golang.org/x/tools/go/ast/inspector"
)

// onError reports whether c, in the function around it, is reached only where an error is
// met behind the place that the value comes from.
func (t *tracker) onError(c inspector.Cursor) bool {
	for ; c.Valid() && c.Node() != nil && t.byNode[c.Node()] == nil; c = c.Parent() {
		if c.Contains(t.from) {
			return false
		}
		switch c.ParentEdgeKind() {
		case edge.IfStmt_Body:
			if t.compares(c.Parent().Node().(*ast.IfStmt).Cond, token.NEQ) {
				return true
			}
		case edge.IfStmt_Else:
			if t.compares(c.Parent().Node().(*ast.IfStmt).Cond, token.EQL) {
				return true
			}
		case edge.CaseClause_Body:
			clause := c.Parent().Node().(*ast.CaseClause)
			if len(clause.List) == 1 && t.compares(clause.List[0], token.NEQ) {
				return true
			}
		}
	}
	return false
}

// compares reports whether a condition compares an error with nil.
func (c *code) compares(cond ast.Expr, op token.Token) bool {
	e, ok := ast.Unparen(cond).(*ast.BinaryExpr)
	switch {
	case !ok:
		return false
	case e.Op == token.LAND || e.Op == token.LOR:
		return c.compares(e.X, op) || c.compares(e.Y, op)
	}
	t := c.info.TypeOf(e.X)
	return e.Op == op && t != nil && IsError(t) && c.info.Types[e.Y].IsNil()
}
