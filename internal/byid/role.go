package byid

import (
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"

	"github.com/poollint/poollint/internal/flow"
)

// A role may let who has it into all tenants. Of such a one a program asks nothing more, but
// of all others whose the row is.

// everywhere are words of roles that hold in all tenants.
var everywhere = []string{"admin", "platform", "superadmin", "superuser", "sysadmin"}

// passes reports whether a row of another tenant, for which the query is, gets through a test of
// ways: for anybody, or but for those whose role lets them. A role alone is no comparison of tenants.
func (r *reader) passes(q flow.Query, rows map[*types.Var]bool, through func(flow.Query) bool) bool {
	compared, ordinary := q, q
	if !through(q) {
		return false
	}
	ordinary.Holds = func(cond ast.Expr) (yes, known bool) { return r.ordinary(rows, cond) }
	compared.Holds = func(cond ast.Expr) (yes, known bool) {
		if yes, known = q.Holds(cond); known {
			return yes, true
		}
		return ordinary.Holds(cond)
	}
	return !through(ordinary) || through(compared)
}

// ordinary says if a condition about the role of who asks holds for somebody without one that lets
// into all tenants: !caller.IsAdmin, role != RoleAdmin. What a row says of itself is no such condition.
func (r *reader) ordinary(rows map[*types.Var]bool, cond ast.Expr) (yes, known bool) {
	switch e := ast.Unparen(cond).(type) {
	case *ast.BinaryExpr:
		is := e.Op == token.EQL || e.Op == token.NEQ
		return e.Op == token.NEQ, is && (r.isRole(rows, e.X, e.Y) || r.isRole(rows, e.Y, e.X))
	case *ast.Ident, *ast.SelectorExpr:
		return false, has(nameOf(e), everywhere) && !r.isOf(rows, e)
	case *ast.CallExpr:
		asked := has(nameOf(e), everywhere)
		for _, arg := range e.Args {
			if r.isOf(rows, arg) {
				return false, false
			}
			asked = asked || r.isEverywhere(arg)
		}
		return false, asked
	}
	return false, false
}

// isRole reports whether a value may be the role of who asks, and another a constant that holds everywhere.
func (r *reader) isRole(rows map[*types.Var]bool, e, role ast.Expr) bool {
	return r.isEverywhere(role) && r.varies(e) && !r.isOf(rows, e)
}

// isEverywhere reports whether a constant is a role that holds in all tenants, by its name or its text.
func (r *reader) isEverywhere(e ast.Expr) bool {
	value := r.info.Types[e].Value
	return value != nil && (has(nameOf(e), everywhere) || value.Kind() == constant.String && has(constant.StringVal(value), everywhere))
}
