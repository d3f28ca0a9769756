package missingcleanup

import (
	"go/ast"

	"golang.org/x/tools/go/ast/inspector"

	"github.com/poollint/poollint/internal/dbapi"
	"github.com/poollint/poollint/internal/testscope"
)

// contexts reports cleanup functions that work with the context of their test,
// which is cancelled just before they run.
func (c *check) contexts(in *inspector.Inspector) {
	info := c.pass.TypesInfo
	for call := range in.Root().Preorder((*ast.CallExpr)(nil)) {
		fn := dbapi.Callee(info, call.Node().(*ast.CallExpr))
		if fn == nil || fn.Name() != "Cleanup" || testscope.Argument(fn)&testscope.After == 0 {
			continue
		}
		for inner := range call.Preorder((*ast.CallExpr)(nil)) {
			expr := inner.Node().(*ast.CallExpr)
			method := dbapi.Callee(info, expr)
			if method == nil || method.Name() != "Context" || method.Signature().Recv() == nil ||
				!testscope.IsTB(method.Signature().Recv().Type()) || len(expr.Args) > 0 {
				continue
			}
			c.found(expr, "the test's context is cancelled before cleanup functions run; use context.Background() with a timeout")
		}
	}
}
