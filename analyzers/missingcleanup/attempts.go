package missingcleanup

import (
	"go/ast"
	"go/types"
	"slices"

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
	tried := c.triedAgain(h.Call.In)
	ends := map[ast.Node]bool{}
	for _, end := range h.Fate.Ends {
		if _, kept := end.Node().(*ast.AssignStmt); kept && tried && len(h.Fate.Fields) > 0 {
			continue // the next try puts another one there
		}
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
	ways.Out(flow.Query{From: h.Call.At, Known: h.Known, Stops: func(n ast.Node) bool {
		ret, returns := n.(*ast.ReturnStmt)
		again = again || n == obtained || tried && !ends[n] && (returns && c.mayFail(ret, h) || c.asserts(n, h))
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

// triedAgain reports whether the function is given to what calls it until it succeeds: itself, in
// a variable, or by way of helpers.
func (c *check) triedAgain(f *flow.Func) bool {
	if c.tried == nil {
		c.tried = map[*flow.Func]bool{}
		for _, in := range c.code.Funcs() {
			for _, call := range in.Calls {
				if call.Fn == nil || call.Fn.Pkg() == nil || !testlib.TriesAgain(call.Fn.Pkg().Path(), call.Fn.Name()) {
					continue
				}
				for _, arg := range call.Expr.Args {
					for _, given := range c.code.FuncsGiven(arg) {
						c.tried[given] = true
					}
				}
			}
		}
	}
	return c.tried[f]
}

// mayFail reports whether a function that has obtained the handle may ask for another try by
// a return statement.
func (c *check) mayFail(ret *ast.ReturnStmt, h *ownership.Handle) bool {
	return slices.ContainsFunc(ret.Results, func(e ast.Expr) bool {
		tv := c.pass.TypesInfo.Types[e]
		succeeds := tv.IsNil() || tv.Value != nil && tv.Value.String() == "true" || c.saysObtained(e, h)
		return !succeeds && (flow.IsError(tv.Type) || types.Identical(tv.Type, types.Typ[types.Bool]) || tv.Value != nil)
	})
}

// saysObtained reports whether an expression tells of the error of obtaining the handle alone:
// err, err == nil.
func (c *check) saysObtained(e ast.Expr, h *ownership.Handle) bool {
	if cond, ok := ast.Unparen(e).(*ast.BinaryExpr); ok && c.pass.TypesInfo.Types[cond.Y].IsNil() {
		e = cond.X
	}
	v := flow.Var(c.pass.TypesInfo, e)
	return v != nil && v == h.Err && c.takesOnce(h.Call.In, v)
}

// asserts reports whether a statement may ask for another try of a function that returns
// nothing: it calls a method of the running try that the function takes, or hands that on, and looks at more than
// whether the handle was obtained.
func (c *check) asserts(n ast.Node, h *ownership.Handle) bool {
	stmt, ok := n.(*ast.ExprStmt)
	f := h.Call.In
	if !ok || f.Sig == nil || f.Sig.Params().Len() == 0 {
		return false
	}
	fails, obtained := false, false
	ast.Inspect(stmt, func(x ast.Node) bool {
		if id, ok := x.(*ast.Ident); ok {
			v := flow.Var(c.pass.TypesInfo, id)
			fails = fails || v != nil && v == f.Sig.Params().At(0)
			obtained = obtained || c.saysObtained(id, h)
		}
		return true
	})
	return fails && !obtained
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
