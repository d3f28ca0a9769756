package lifecycle

import (
	"go/ast"
	"go/token"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/tools/go/ast/edge"
	"golang.org/x/tools/go/ast/inspector"

	"github.com/poollint/poollint/internal/flow"
)

// panics reports whether the test expects the call to panic: an assertion takes the literal around
// it, or what it hands out is dropped where a panic is welcome, but for its error where one is demanded.
func (g *graph) panics(c *flow.Call) bool {
	expects := g.welcomesPanic
	switch handle, err := g.dropsResults(c); {
	case !handle:
		expects = func(*flow.Func) bool { return false }
	case !err:
		expects = g.demandsPanic
	}
	for f := c.In; f != nil; f = f.Parent {
		if f.Lit != nil && g.assertedPanic(f) || g.panicExpected(f, expects) {
			return true
		}
	}
	return false
}

// assertedPanic reports whether a literal is given, itself or in a variable, to an assertion that
// it panics.
func (g *graph) assertedPanic(f *flow.Func) bool {
	if _, ok := f.Cursor.Parent().Node().(*ast.CallExpr); ok {
		return assertsPanic(f.Cursor.Parent())
	}
	for _, s := range g.code.From(f.Lit) {
		if s.To != nil && slices.ContainsFunc(g.code.Passed(s.To), func(a flow.Argument) bool { return assertsPanic(a.Call.At) }) {
			return true
		}
	}
	return false
}

// panicNames are assertions that what they are given panics, and matchers for that.
var panicNames = regexp.MustCompile(`^(?:Panics\w*|Panic|PanicWith|PanicMatches|ShouldPanic(?:With)?)$`)

// assertsPanic reports whether a call asserts that what it is given panics: by its name or a matcher,
// as PanicMatches, ShouldPanic, and in Expect(f).To(PanicWith(…)).
func assertsPanic(at inspector.Cursor) bool {
	call := at.Node().(*ast.CallExpr)
	if expectsPanic(call.Fun) || slices.ContainsFunc(call.Args, expectsPanic) {
		return true
	}
	to, ok := at.Parent().Node().(*ast.SelectorExpr)
	if !ok || strings.Contains(to.Sel.Name, "Not") {
		return false
	}
	call, ok = at.Parent().Parent().Node().(*ast.CallExpr)
	return ok && slices.ContainsFunc(call.Args, expectsPanic)
}

// expectsPanic reports whether e, or what it calls, has the name of what expects a panic.
func expectsPanic(e ast.Expr) bool {
	if call, ok := ast.Unparen(e).(*ast.CallExpr); ok {
		e = call.Fun
	}
	switch e := ast.Unparen(e).(type) {
	case *ast.Ident:
		return panicNames.MatchString(e.Name)
	case *ast.SelectorExpr:
		return panicNames.MatchString(e.Sel.Name)
	}
	return false
}

// dropsResults reports whether a call hands out something that nobody takes, and whether it has no
// error that somebody takes.
func (g *graph) dropsResults(c *flow.Call) (handle, err bool) {
	if c.Fn == nil || c.Fn.Signature().Results().Len() == 0 || flow.IsError(c.Fn.Signature().Results().At(0).Type()) {
		return false, false
	}
	switch stmt := c.At.Parent().Node().(type) {
	case *ast.ExprStmt:
		return true, true
	case *ast.AssignStmt:
		err = true
		for _, left := range stmt.Lhs {
			switch v := g.variable(left); {
			case v == nil || v.Name() == "_":
			case flow.IsError(v.Type()):
				err = false
			default:
				return false, false
			}
		}
		return true, err
	}
	return false, false
}

// panicExpected reports whether a panic in a function meets a deferred function that expects one: of
// the function, or of the one that calls it.
func (g *graph) panicExpected(f *flow.Func, expects func(*flow.Func) bool) bool {
	if f.Lit != nil && f.Cursor.ParentEdgeKind() == edge.CallExpr_Args {
		if call := g.code.Call(f.Cursor.Parent().Node().(*ast.CallExpr)); call != nil {
			for _, target := range call.Targets() {
				if deferred(target, expects) {
					return true
				}
			}
		}
	}
	return deferred(f, expects)
}

// deferred reports whether something is true of a function that f defers.
func deferred(f *flow.Func, is func(*flow.Func) bool) bool {
	return slices.ContainsFunc(f.Defers, func(call *flow.Call) bool { return slices.ContainsFunc(call.Targets(), is) })
}

// welcomesPanic reports whether a function recovers from panics and does not fail the test then.
func (g *graph) welcomesPanic(f *flow.Func) bool { return g.recovers(f) && !g.failsAfter(f, true) }

// demandsPanic reports whether a function recovers from panics and fails the test where there is none.
func (g *graph) demandsPanic(f *flow.Func) bool {
	return g.welcomesPanic(f) && g.failsAfter(f, false)
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

// failsAfter reports whether a function fails the test on each way, if it recovers from a panic, or if
// there was none.
func (g *graph) failsAfter(f *flow.Func, panic bool) bool {
	ways := g.code.Ways(f)
	if ways == nil {
		return true
	}
	o := outcome{err: !panic, is: g.code.Recovered}
	return !ways.Escapes(flow.Query{
		From: f.Cursor,
		Holds: func(cond ast.Expr) (yes, known bool) {
			cmp, ok := ast.Unparen(cond).(*ast.BinaryExpr)
			if !ok || !g.code.Recovered(cmp.X) || !isNil(g.info, cmp.Y) {
				return false, false
			}
			return (cmp.Op == token.NEQ) == panic, true
		},
		Stops: func(n ast.Node) bool { return g.failsAt(n, o) },
	})
}
