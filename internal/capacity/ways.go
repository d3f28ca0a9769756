package capacity

import (
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ast/edge"
	"golang.org/x/tools/go/ast/inspector"

	"github.com/poollint/poollint/internal/flow"
)

// A way says when a number holds that code assigns, by the conditions around it.
type way struct {
	perhaps bool // code may pass by it on its way to use the variable
	given   bool // if the number is given, as in "if n > 0 { most = n }"
	missing bool // if another number is not, as in "if n == 0 { n = 40 }"
}

// wayTo returns the way to what stands at c, where a variable takes a number. A branch or a loop in
// which the variable is declared is no way past it, nor is one to code that has no number to give.
func (r *reader) wayTo(c inspector.Cursor, v *types.Var, number ast.Expr) (w way) {
	for ; c.Valid() && c.Node() != nil; c = c.Parent() {
		around := c.Parent()
		switch kind := c.ParentEdgeKind(); kind {
		case edge.FuncDecl_Body, edge.FuncLit_Body:
			return w
		case edge.IfStmt_Body, edge.IfStmt_Else:
			cond := around.Node().(*ast.IfStmt).Cond
			of, given := r.asksNumber(cond, kind == edge.IfStmt_Body)
			switch {
			case kind == edge.IfStmt_Body && r.asksNoError(cond):
				continue
			case given && types.ExprString(of) == types.ExprString(stripped(number)):
				w.given = true
				continue
			case of != nil && !given:
				w.missing = true
			}
		case edge.CaseClause_Body, edge.CommClause_Body, edge.ForStmt_Body, edge.RangeStmt_Body:
		default:
			continue
		}
		if n := around.Node(); v != nil && n.Pos() <= v.Pos() && v.Pos() < n.End() {
			return w
		}
		w.perhaps = true
		return w
	}
	return w
}

// after reports whether a number holds only where no other one is given, which others may be.
func (w way) after(others bool) bool { return !w.given && (others || w.missing) }

// asksNumber returns the number that a condition asks for, if it holds or does not, and whether it is
// given then; nil if the condition asks something else. None is zero, less, or nil.
func (r *reader) asksNumber(cond ast.Expr, holds bool) (of ast.Expr, given bool) {
	e, ok := ast.Unparen(cond).(*ast.BinaryExpr)
	if !ok {
		return nil, false
	}
	y := r.info.Types[e.Y]
	bound := int64(-1)
	switch {
	case y.IsNil() && isInteger(flow.Pointee(r.info.TypeOf(e.X))):
		bound = 0
	case y.Value != nil && isInteger(r.info.TypeOf(e.X)):
		bound, _ = constant.Int64Val(constant.ToInt(y.Value))
	}
	switch {
	case bound == 0 && (e.Op == token.EQL || e.Op == token.LEQ), bound == 1 && e.Op == token.LSS:
		return e.X, !holds
	case bound == 0 && (e.Op == token.NEQ || e.Op == token.GTR), bound == 1 && e.Op == token.GEQ:
		return e.X, holds
	}
	return nil, false
}

// stripped returns what a number is without conversions and dereferences.
func stripped(e ast.Expr) ast.Expr {
	for {
		switch x := ast.Unparen(e).(type) {
		case *ast.StarExpr:
			e = x.X
		case *ast.CallExpr:
			if len(x.Args) != 1 {
				return x
			}
			if id, ok := x.Fun.(*ast.Ident); !ok || types.Universe.Lookup(id.Name) == nil {
				return x
			}
			e = x.Args[0]
		default:
			return x
		}
	}
}

// asksNoError reports whether a condition is err == nil.
func (r *reader) asksNoError(cond ast.Expr) bool {
	e, ok := ast.Unparen(cond).(*ast.BinaryExpr)
	if !ok || e.Op != token.EQL || !r.info.Types[e.Y].IsNil() {
		return false
	}
	t := r.info.TypeOf(e.X)
	return t != nil && flow.IsError(t)
}
