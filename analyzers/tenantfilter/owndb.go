package tenantfilter

import (
	"go/ast"

	"github.com/poollint/poollint/internal/config"
	"github.com/poollint/poollint/internal/dbapi"
	"github.com/poollint/poollint/internal/flow"
	"github.com/poollint/poollint/internal/sqltext"
	"github.com/poollint/poollint/internal/tenantname"
)

// ownDatabase returns the function of the module that gives the pool of a query for a tenant, as
// of a service with a database for each; empty if none does. A connection or a transaction may be one
// with a setting, to the database of all.
func (c *checker) ownDatabase(site *sqltext.Site) string {
	if site.Call == nil || site.Handle != dbapi.Pool && site.Handle != 0 {
		return ""
	}
	code := flow.Of(c.pass)
	handle := flow.Var(c.pass.TypesInfo, code.Call(site.Call).Receiver())
	if handle == nil {
		return ""
	}
	for _, s := range code.Into(handle) {
		src := s.Src
		if v := flow.Var(c.pass.TypesInfo, src); v != nil && len(code.Into(v)) == 1 { // execer = db
			src = code.Into(v)[0].Src
		}
		if by := c.givesForTenant(src); by != "" {
			return by
		}
	}
	return ""
}

// givesForTenant returns the name of the module's function that an expression calls with a tenant's id.
func (c *checker) givesForTenant(e ast.Expr) string {
	expr, ok := ast.Unparen(e).(*ast.CallExpr)
	if !ok {
		return ""
	}
	call := flow.Of(c.pass).Call(expr)
	if call == nil || call.Fn == nil || !config.Ours(c.pass, call.Fn.Pkg()) {
		return ""
	}
	for _, arg := range expr.Args {
		if name := flow.Name(arg); name != "" && tenantname.Identifies(name, nil) {
			return call.Fn.Name()
		}
	}
	return ""
}
