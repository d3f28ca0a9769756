package tenantuse

import (
	"go/ast"
	"go/types"
	"slices"

	"github.com/poollint/poollint/internal/dbapi"
	"github.com/poollint/poollint/internal/flow"
)

// writing are the methods of requests that make or change something.
var writing = []string{"POST", "PUT", "PATCH"}

// header notes the tenant that a header of a request names for which the server is to write:
// r.Header.Set("X-Tenant-ID", "acme"). It reports whether the call sets a header.
func (f *Finder) header(call *ast.CallExpr, fn *types.Func) bool {
	if name := dbapi.NameOf(fn); name != "(net/http.Header).Set" && name != "(net/http.Header).Add" {
		return false
	}
	if request := flow.Root(f.info, call.Fun); request != nil && len(call.Args) == 2 && f.writes(request) {
		f.named(flow.Text(f.info, call.Args[0]), nil, call.Args[1])
	}
	return true
}

// writes reports whether a variable is given a request that makes or changes something.
func (f *Finder) writes(request *types.Var) bool {
	return slices.ContainsFunc(f.code.Into(request), func(s *flow.Store) bool {
		made, ok := ast.Unparen(s.Src).(*ast.CallExpr)
		return ok && slices.ContainsFunc(made.Args, func(arg ast.Expr) bool { return slices.Contains(writing, flow.Text(f.info, arg)) })
	})
}
