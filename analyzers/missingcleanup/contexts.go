package missingcleanup

import (
	"go/ast"
	"go/types"

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
			if method == nil || method.Name() != "Context" || !ofTest(method) || c.detached(inner) {
				continue
			}
			c.found(expr, "the test's context is cancelled before cleanup functions run; use context.Background() with a timeout")
		}
	}
}

// detached reports whether the call's result only lends its values.
func (c *check) detached(call inspector.Cursor) bool {
	around, ok := call.Parent().Node().(*ast.CallExpr)
	if !ok {
		return false
	}
	fn := dbapi.Callee(c.pass.TypesInfo, around)
	return fn != nil && dbapi.NameOf(fn) == "context.WithoutCancel"
}

// ofTest reports whether fn is a method of the running test.
func ofTest(fn *types.Func) bool {
	recv := fn.Signature().Recv()
	return recv != nil && (dbapi.TypeName(recv.Type()) == "testing.common" || testscope.IsTB(recv.Type()))
}
