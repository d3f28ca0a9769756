package tenantfilter

import (
	"go/ast"
	"go/token"
	"slices"

	"github.com/poollint/poollint/internal/flow"
	"github.com/poollint/poollint/internal/sqltext"
)

// loaders are methods of mappers that fill a destination with rows.
var loaders = map[string]bool{"Find": true, "First": true, "Get": true, "GetContext": true, "Last": true, "Select": true, "SelectContext": true, "Take": true}

// isUnread reports whether the program reads nothing of the rows that a query loads: it loads
// them into a literal, or a variable that it mentions for nothing else.
func (c *checker) isUnread(site *sqltext.Site) bool {
	if site.Call == nil || !isLoader(site.Call) {
		return false
	}
	i := slices.IndexFunc(site.Call.Args, func(arg ast.Expr) bool { return addressed(arg) != nil })
	if i < 0 {
		return false
	}
	dest := addressed(site.Call.Args[i])
	if _, literal := dest.(*ast.CompositeLit); literal {
		return true
	}
	v, code := flow.Var(c.pass.TypesInfo, dest), flow.Of(c.pass)
	if v == nil || !code.Local(v) || code.Result(v) {
		return false
	}
	for _, at := range code.Mentions(v) {
		parent := at.Parent()
		call, _ := parent.Parent().Node().(*ast.CallExpr)
		if e, ok := parent.Node().(ast.Expr); !ok || addressed(e) == nil || call == nil || !isLoader(call) {
			return false
		}
	}
	return true
}

func isLoader(call *ast.CallExpr) bool {
	method, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr)
	return ok && loaders[method.Sel.Name]
}

// addressed returns what an expression takes the address of; nil if of nothing.
func addressed(e ast.Expr) ast.Expr {
	if e, ok := ast.Unparen(e).(*ast.UnaryExpr); ok && e.Op == token.AND {
		return ast.Unparen(e.X)
	}
	return nil
}
