package testscope

import (
	"go/ast"
	"go/types"
	"strings"

	"golang.org/x/tools/go/ast/inspector"

	"github.com/poollint/poollint/internal/dbapi"
)

// Running returns the innermost function around c that has a running test with the method
// at hand (gocheck's has no Cleanup), and the expression for that: the name of a parameter,
// s.T() in a suite; nil if there is none.
func Running(info *types.Info, c inspector.Cursor, method string) (around ast.Node, t string) {
	for fn := range c.Enclosing((*ast.FuncLit)(nil), (*ast.FuncDecl)(nil)) {
		switch n := fn.Node().(type) {
		case *ast.FuncLit:
			t = named(info, n.Type.Params, func(t types.Type) bool { return IsTB(t) && has(t, method) })
		case *ast.FuncDecl:
			t = named(info, n.Type.Params, func(t types.Type) bool { return IsTB(t) && has(t, method) })
			if suite := named(info, n.Recv, embedsSuite); t == "" && suite != "" {
				t = suite + ".T()"
			}
		}
		if t != "" {
			return fn.Node(), t
		}
	}
	return nil, ""
}

// Later reports whether what stands at c is deferred, or runs when the test is over.
func Later(info *types.Info, c inspector.Cursor) bool {
	for range c.Enclosing((*ast.DeferStmt)(nil)) {
		return true
	}
	return Late(info, c)
}

// Late reports whether what stands at c runs when the test is over.
func Late(info *types.Info, c inspector.Cursor) bool {
	for call := range c.Enclosing((*ast.CallExpr)(nil)) {
		if Argument(dbapi.Callee(info, call.Node().(*ast.CallExpr)))&After != 0 {
			return true
		}
	}
	return false
}

// named returns the name of the first of the parameters that has a name and such a type.
func named(info *types.Info, params *ast.FieldList, ok func(types.Type) bool) string {
	if params == nil {
		return ""
	}
	for _, field := range params.List {
		if len(field.Names) > 0 && field.Names[0].Name != "_" && ok(info.TypeOf(field.Type)) {
			return field.Names[0].Name
		}
	}
	return ""
}

// Registrar returns what registers a function at c that is to run when the test is over:
// t.Cleanup, s.T().Cleanup, DeferCleanup; "" if there is no such thing.
func Registrar(info *types.Info, c inspector.Cursor) string {
	if _, t := Running(info, c, "Cleanup"); t != "" {
		return t + ".Cleanup"
	}
	for lit := range c.Enclosing((*ast.FuncLit)(nil)) {
		node, ok := lit.Parent().Node().(*ast.CallExpr)
		if !ok {
			continue
		}
		fn := dbapi.Callee(info, node)
		switch {
		case fn == nil, fn.Pkg() == nil, fn.Pkg().Path() != "github.com/onsi/ginkgo/v2", Argument(fn) == 0, Argument(fn)&After != 0:
		case containers[strings.TrimLeft(fn.Name(), "FPX")]:
			return ""
		default:
			if sel, ok := ast.Unparen(node.Fun).(*ast.SelectorExpr); ok {
				return types.ExprString(sel.X) + ".DeferCleanup"
			}
			return "DeferCleanup"
		}
	}
	return ""
}

// containers are ginkgo's nodes that hold others, where nothing can be registered.
var containers = map[string]bool{"Describe": true, "Context": true, "When": true}

func has(t types.Type, method string) bool {
	obj, _, _ := types.LookupFieldOrMethod(t, true, nil, method)
	_, ok := obj.(*types.Func)
	return ok
}

func isGocheck(pkg *types.Package) bool { return pkg.Name() == "check" || pkg.Name() == "gocheck" }

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
	return isGocheck(named.Obj().Pkg())
}
