package lifecycle

import (
	"go/ast"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ast/inspector"

	"github.com/poollint/poollint/internal/flow"
)

// A method may open by way of a function that a field of its receiver holds. A test that puts
// another function there opens what that opens, if anything.

// behind returns the field of the receiver of the method around it that holds what a call calls.
func (g *graph) behind(c *flow.Call) string {
	sel, ok := ast.Unparen(c.Expr.Fun).(*ast.SelectorExpr)
	if !ok || c.Fn != nil || !g.isReceiver(g.variable(sel.X)) {
		return ""
	}
	return sel.Sel.Name
}

// onReceiver reports whether a call is of a method on the receiver of the method around it.
func (g *graph) onReceiver(c *flow.Call) bool {
	recv := c.Receiver()
	return recv != nil && g.isReceiver(g.variable(recv))
}

// replaced reports whether test code has put a function that opens nothing into a field of what a
// method is called on.
func (g *graph) replaced(c *flow.Call, field string) bool {
	recv := c.Receiver()
	return recv != nil && g.isTest(c.In) && g.replacedIn(recv, field, c.Expr, maxHops)
}

// replacedIn reports whether a field of e takes such a function on each way to a place.
func (g *graph) replacedIn(e ast.Expr, field string, to ast.Node, hops int) bool {
	e = ast.Unparen(e)
	if addr, ok := e.(*ast.UnaryExpr); ok {
		e = ast.Unparen(addr.X)
	}
	if lit, ok := e.(*ast.CompositeLit); ok {
		return g.withoutOpener(lit, field)
	}
	if call, ok := e.(*ast.CallExpr); ok {
		return hops > 0 && g.returnsReplaced(call, field, hops-1)
	}
	v := g.variable(e)
	if v == nil || !g.code.Local(v) {
		return false
	}
	replaced := false
	for _, s := range g.code.Into(v) {
		if s.To == nil || !s.To.IsField() || s.Key != field || s.Elem || !isFieldOf(s.Dst, v, g.info) {
			continue
		}
		if g.opensBy(s.Src) {
			return false
		}
		at, ok := s.In.At(s.Dst)
		replaced = replaced || ok && precedes(at, to)
	}
	if replaced {
		return true
	}
	only := g.only(v)
	return only != nil && hops > 0 && g.replacedIn(only, field, to, hops-1)
}

// isFieldOf reports whether e is a field of a variable itself, not of what it holds.
func isFieldOf(e ast.Expr, v *types.Var, info *types.Info) bool {
	sel, ok := ast.Unparen(e).(*ast.SelectorExpr)
	return ok && flow.Var(info, sel.X) == v
}

// precedes reports whether the statement around a place runs before another whenever that does: it
// stands before it in a block around it.
func precedes(at inspector.Cursor, to ast.Node) bool {
	for ; at.Node() != nil; at = at.Parent() {
		if _, ok := at.Node().(ast.Stmt); ok {
			return at.Node().End() <= to.Pos() && contains(at.Parent().Node(), to)
		}
	}
	return false
}

// withoutOpener reports whether a literal leaves out a field, or puts there what opens nothing.
func (g *graph) withoutOpener(lit *ast.CompositeLit, field string) bool {
	for _, e := range lit.Elts {
		kv, named := e.(*ast.KeyValueExpr)
		if !named {
			return false
		}
		if key, ok := kv.Key.(*ast.Ident); ok && key.Name == field {
			return !g.opensBy(kv.Value)
		}
	}
	return true
}

// returnsReplaced reports whether a function of the test code returns what has such a field.
func (g *graph) returnsReplaced(call *ast.CallExpr, field string, hops int) bool {
	c := g.code.Call(call)
	if c == nil {
		return false
	}
	f := g.code.Func(c.Fn)
	if f == nil || !g.isTest(f) || len(f.Returns) == 0 {
		return false
	}
	return !slices.ContainsFunc(f.Returns, func(r *ast.ReturnStmt) bool {
		return len(r.Results) == 0 || !g.replacedIn(r.Results[0], field, r, hops)
	})
}

// opensBy reports whether a function value may open something.
func (g *graph) opensBy(e ast.Expr) bool {
	id, _ := ast.Unparen(e).(*ast.Ident)
	if sel, ok := ast.Unparen(e).(*ast.SelectorExpr); ok {
		id = sel.Sel
	}
	if fn, ok := g.info.Uses[id].(*types.Func); ok && g.code.Func(fn) == nil { // of another package
		return g.cat.Opener(fn) != nil || len(g.funcOf(fn).Opens) > 0
	}
	return slices.ContainsFunc(g.code.FuncsGiven(e), func(f *flow.Func) bool { return len(g.summary(f).opens) > 0 })
}
