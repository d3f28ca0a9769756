package missingcleanup

import (
	"go/ast"
	"slices"

	"golang.org/x/tools/go/ast/inspector"

	"github.com/poollint/poollint/internal/dbapi"
	"github.com/poollint/poollint/internal/flow"
	"github.com/poollint/poollint/internal/ownership"
)

// rollsBack are the packages whose transactions end when the context is cancelled that they began
// with; those of pgx keep their connection.
var rollsBack = map[string]bool{"database/sql": true, "github.com/jmoiron/sqlx": true}

// expires reports whether a handle is a transaction that ends by its context, when the test or the
// function that begins it does.
func (c *check) expires(h *ownership.Handle) bool {
	return h.Kind == dbapi.Tx && rollsBack[h.Opener.Package()] && slices.ContainsFunc(h.Expr().Args, func(arg ast.Expr) bool {
		if !isContext(c.pass.TypesInfo.TypeOf(arg)) {
			return false
		}
		v := flow.Var(c.pass.TypesInfo, arg)
		if v == nil {
			return c.expiring(arg)
		}
		stores, _ := c.reaching(v, arg.Pos())
		return len(stores) > 0 && !slices.ContainsFunc(stores, func(s *flow.Store) bool { return !c.expiring(s.Src) })
	})
}

// expiring reports whether an expression is the context of the running test, or one whose cancel
// function is deferred or registered.
func (c *check) expiring(e ast.Expr) bool {
	expr, ok := ast.Unparen(e).(*ast.CallExpr)
	if !ok {
		return false
	}
	if fn := dbapi.Callee(c.pass.TypesInfo, expr); fn != nil && fn.Name() == "Context" && ofTest(fn) {
		return true
	}
	return slices.ContainsFunc(c.code.From(expr), func(s *flow.Store) bool {
		return s.To != nil && isCancel(s.To.Type()) && slices.ContainsFunc(c.code.Mentions(s.To), func(m inspector.Cursor) bool {
			return c.endingAround(m) != nil
		})
	})
}
