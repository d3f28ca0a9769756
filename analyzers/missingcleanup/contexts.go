package missingcleanup

import (
	"go/ast"
	"go/types"

	"golang.org/x/tools/go/ast/inspector"

	"github.com/poollint/poollint/internal/dbapi"
	"github.com/poollint/poollint/internal/testscope"
)

// contexts reports cleanup functions that use a database with the context of their test,
// which is cancelled just before they run.
func (c *check) contexts() {
	for _, f := range c.code.Funcs() {
		for _, call := range f.Calls {
			if call.Fn == nil || call.Fn.Name() != "Cleanup" || testscope.Argument(call.Fn)&testscope.After == 0 {
				continue
			}
			for inner := range call.At.Preorder((*ast.CallExpr)(nil)) {
				expr := inner.Node().(*ast.CallExpr)
				method := dbapi.Callee(c.pass.TypesInfo, expr)
				if method != nil && method.Name() == "Context" && ofTest(method) && c.queriesWith(call.At, inner, maxContexts) {
					c.found(expr, cancelledContext, c.lasting(expr)...)
				}
			}
		}
	}
}

// maxContexts bounds the contexts that are derived one from another.
const maxContexts = 4

// queriesWith reports whether the context at ctx, or one derived from it, goes to
// a call that works with a database. Variables are followed inside the cleanup
// function.
func (c *check) queriesWith(cleanup, ctx inspector.Cursor, depth int) bool {
	if depth == 0 {
		return false
	}
	switch around := ctx.Parent().Node().(type) {
	case *ast.CallExpr:
		fn := dbapi.Callee(c.pass.TypesInfo, around)
		switch {
		case fn == nil || fn.Pkg() == nil || dbapi.NameOf(fn) == "context.WithoutCancel": // lends its values alone
			return false
		case fn.Pkg().Path() == "context":
			return c.queriesWith(cleanup, ctx.Parent(), depth-1)
		}
		return c.worksWithHandle(around, fn)
	case *ast.AssignStmt:
		id, ok := around.Lhs[0].(*ast.Ident)
		if !ok || around.Rhs[0] != ctx.Node() {
			return false
		}
		for use := range c.code.MentionsIn(c.pass.TypesInfo.ObjectOf(id), cleanup.Node()) {
			if c.queriesWith(cleanup, use, depth-1) {
				return true
			}
		}
	}
	return false
}

// worksWithHandle reports whether the call's receiver, an argument or a result is
// a database handle, or holds one.
func (c *check) worksWithHandle(call *ast.CallExpr, fn *types.Func) bool {
	values := call.Args
	if sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr); ok {
		values = append([]ast.Expr{sel.X}, values...)
	}
	for _, v := range values {
		if t := c.pass.TypesInfo.TypeOf(v); t != nil && dbapi.Holds(t) {
			return true
		}
	}
	for result := range fn.Signature().Results().Variables() {
		if dbapi.Holds(result.Type()) {
			return true
		}
	}
	return false
}

// ofTest reports whether fn is a method of the running test.
func ofTest(fn *types.Func) bool {
	recv := fn.Signature().Recv()
	return recv != nil && (dbapi.TypeName(recv.Type()) == "testing.common" || testscope.IsTB(recv.Type()))
}
