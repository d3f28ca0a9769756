package missingcleanup

import (
	"go/ast"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ast/inspector"

	"github.com/poollint/poollint/internal/flow"
	"github.com/poollint/poollint/internal/ownership"
	"github.com/poollint/poollint/internal/testlib"
)

// leftBehind reports whether a loop, or what tries a function again, comes to obtain the
// next handle while nobody has let go of this one.
func (c *check) leftBehind(h *ownership.Handle) bool {
	ways := c.code.Ways(h.Call.In)
	if ways == nil || h.Fate.Listed || slices.ContainsFunc(h.Fate.Holders, func(v *types.Var) bool { return !alone(v.Type()) }) {
		return false
	}
	ends := map[ast.Node]bool{}
	for _, end := range h.Fate.Ends {
		if n := ways.Node(end); n != nil {
			ends[n] = true
		}
		if n := head(end, h.Call.At); n != nil {
			ends[n] = true
		}
	}
	obtained, again := ways.Node(h.Call.At), false
	if ends[obtained] {
		return false
	}
	tried := c.triedAgain(h.Call.In)
	ways.Out(flow.Query{From: h.Call.At, Known: h.Known, Stops: func(n ast.Node) bool {
		ret, returns := n.(*ast.ReturnStmt)
		again = again || n == obtained || returns && tried && !ends[n] && c.mayFail(ret, h)
		return again || returns || ends[n]
	}})
	return again
}

// alone reports whether a variable of the type holds one handle: a list of them keeps them all.
func alone(t types.Type) bool {
	switch t.Underlying().(type) {
	case *types.Pointer, *types.Interface:
		return true
	}
	return false
}

// triedAgain reports whether the function is given to what calls it until it succeeds.
func (c *check) triedAgain(f *flow.Func) bool {
	if f.Lit != nil {
		return c.tries(f.Cursor)
	}
	return slices.ContainsFunc(f.Uses, func(u flow.Use) bool { return c.tries(u.At) })
}

func (c *check) tries(at inspector.Cursor) bool {
	expr, ok := at.Parent().Node().(*ast.CallExpr)
	if !ok || expr.Fun == at.Node() {
		return false
	}
	call := c.code.Call(expr)
	return call != nil && call.Fn != nil && call.Fn.Pkg() != nil && testlib.TriesAgain(call.Fn.Pkg().Path(), call.Fn.Name())
}

// mayFail reports whether a function that has obtained the handle may ask for another try by
// a return statement.
func (c *check) mayFail(ret *ast.ReturnStmt, h *ownership.Handle) bool {
	return slices.ContainsFunc(ret.Results, func(e ast.Expr) bool {
		tv := c.pass.TypesInfo.Types[e]
		v := flow.Var(c.pass.TypesInfo, e)
		succeeds := tv.IsNil() || tv.Value != nil && tv.Value.String() == "true" || v != nil && v == h.Err && c.takesOnce(h.Call.In, v)
		return !succeeds && (flow.IsError(tv.Type) || types.Identical(tv.Type, types.Typ[types.Bool]) || tv.Value != nil)
	})
}

// takesOnce reports whether a variable takes one value in a function.
func (c *check) takesOnce(f *flow.Func, v *types.Var) bool {
	n := 0
	for _, s := range c.code.Into(v) {
		if s.In == f {
			n++
		}
	}
	return n == 1
}
