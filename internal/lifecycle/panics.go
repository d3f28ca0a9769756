package lifecycle

import (
	"go/ast"
	"go/token"
	"slices"
	"strings"

	"golang.org/x/tools/go/ast/edge"

	"github.com/poollint/poollint/internal/flow"
)

// panics reports whether the test expects the call to panic: an assertion takes the literal around
// it, or what it hands out is dropped where a panic is welcome.
func (g *graph) panics(c *flow.Call) bool {
	dropped := dropsResults(c)
	for f := c.In; f != nil; f = f.Parent {
		if f.Lit != nil && g.assertedPanic(f) || dropped && g.panicWelcome(f) {
			return true
		}
	}
	return false
}

// assertedPanic reports whether a literal is given, itself or in a variable, to an assertion that
// it panics.
func (g *graph) assertedPanic(f *flow.Func) bool {
	if call, ok := f.Cursor.Parent().Node().(*ast.CallExpr); ok {
		return assertsPanic(call)
	}
	for _, s := range g.code.From(f.Lit) {
		if s.To != nil && slices.ContainsFunc(g.code.Passed(s.To), func(a flow.Argument) bool { return assertsPanic(a.Call.Expr) }) {
			return true
		}
	}
	return false
}

// assertsPanic reports whether a call asserts that what it is given panics.
func assertsPanic(call *ast.CallExpr) bool {
	name := ""
	switch fun := ast.Unparen(call.Fun).(type) {
	case *ast.Ident:
		name = fun.Name
	case *ast.SelectorExpr:
		name = fun.Sel.Name
	}
	return strings.HasPrefix(name, "Panics") || name == "PanicMatches" || name == "Panic"
}

// dropsResults reports whether a call hands out something that nobody takes.
func dropsResults(c *flow.Call) bool {
	if c.Fn == nil || c.Fn.Signature().Results().Len() == 0 || flow.IsError(c.Fn.Signature().Results().At(0).Type()) {
		return false
	}
	switch stmt := c.At.Parent().Node().(type) {
	case *ast.ExprStmt:
		return true
	case *ast.AssignStmt:
		for _, left := range stmt.Lhs {
			if id, ok := left.(*ast.Ident); !ok || id.Name != "_" {
				return false
			}
		}
		return true
	}
	return false
}

// panicWelcome reports whether a function recovers from panics and does not fail the test then: what
// it defers, or what the function does that calls it.
func (g *graph) panicWelcome(f *flow.Func) bool {
	if f.Lit != nil && f.Cursor.ParentEdgeKind() == edge.CallExpr_Args {
		if call := g.code.Call(f.Cursor.Parent().Node().(*ast.CallExpr)); call != nil {
			for _, target := range call.Targets() {
				if g.deferredWelcome(target) {
					return true
				}
			}
		}
	}
	return g.deferredWelcome(f)
}

func (g *graph) deferredWelcome(f *flow.Func) bool {
	for _, call := range f.Calls {
		if call.At.ParentEdgeKind() != edge.DeferStmt_Call {
			continue
		}
		for _, target := range call.Targets() {
			if g.recovers(target) && !g.failsOnPanic(target) {
				return true
			}
		}
	}
	return false
}

// recovers reports whether a function calls recover itself.
func (g *graph) recovers(f *flow.Func) (found bool) {
	ast.Inspect(f.Body(), func(n ast.Node) bool {
		if call, ok := n.(*ast.CallExpr); ok {
			found = found || g.code.Recovered(call)
		}
		return !found
	})
	return found
}

// failsOnPanic reports whether a function fails the test on each way, if it recovers from a panic.
func (g *graph) failsOnPanic(f *flow.Func) bool {
	ways := g.code.Ways(f)
	if ways == nil {
		return true
	}
	panicked := outcome{is: g.code.Recovered}
	return !ways.Escapes(flow.Query{
		From: f.Cursor,
		Holds: func(cond ast.Expr) (yes, known bool) {
			cmp, ok := ast.Unparen(cond).(*ast.BinaryExpr)
			if !ok || !g.code.Recovered(cmp.X) || !isNil(g.info, cmp.Y) {
				return false, false
			}
			return cmp.Op == token.NEQ, true
		},
		Stops: func(n ast.Node) bool { return g.failsAt(n, panicked) },
	})
}
