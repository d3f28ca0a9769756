package testscope

import (
	"go/ast"
	"go/types"

	"golang.org/x/tools/go/ast/inspector"

	"github.com/poollint/poollint/internal/dbapi"
)

// Running returns the innermost function around c that takes, by name, a running
// test with the method (gocheck's has no Cleanup), and that name; nil if there
// is none.
func Running(info *types.Info, c inspector.Cursor, method string) (around ast.Node, name string) {
	for fn := range c.Enclosing((*ast.FuncLit)(nil), (*ast.FuncDecl)(nil)) {
		var params *ast.FieldList
		switch fn := fn.Node().(type) {
		case *ast.FuncLit:
			params = fn.Type.Params
		case *ast.FuncDecl:
			params = fn.Type.Params
		}
		for _, field := range params.List {
			t := info.TypeOf(field.Type)
			if len(field.Names) > 0 && field.Names[0].Name != "_" && IsTB(t) && has(t, method) {
				return fn.Node(), field.Names[0].Name
			}
		}
	}
	return nil, ""
}

// Later reports whether the call around c is deferred, or runs when the test is over.
func Later(info *types.Info, c inspector.Cursor) bool {
	for around := range c.Enclosing((*ast.DeferStmt)(nil), (*ast.CallExpr)(nil)) {
		switch n := around.Node().(type) {
		case *ast.DeferStmt:
			return true
		case *ast.CallExpr:
			if Argument(dbapi.Callee(info, n))&After != 0 {
				return true
			}
		}
	}
	return false
}

func has(t types.Type, method string) bool {
	obj, _, _ := types.LookupFieldOrMethod(t, true, nil, method)
	_, ok := obj.(*types.Func)
	return ok
}

// isCheckC reports whether t is a pointer to the running test of gocheck or one of its forks.
func isCheckC(t types.Type) bool {
	p, ok := types.Unalias(t).(*types.Pointer)
	if !ok {
		return false
	}
	named, ok := types.Unalias(p.Elem()).(*types.Named)
	if !ok || named.Obj().Name() != "C" || named.Obj().Pkg() == nil {
		return false
	}
	pkg := named.Obj().Pkg().Name()
	return pkg == "check" || pkg == "gocheck"
}
