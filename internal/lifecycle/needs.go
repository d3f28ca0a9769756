package lifecycle

import (
	"go/ast"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ast/edge"

	"github.com/poollint/poollint/internal/flow"
)

// needs returns the field of a parameter of the function around the call that an if statement
// around the call wants not to be nil, and which parameter it is.
func (g *graph) needs(c *flow.Call) (field string, of int) {
	for at := c.At; at != c.In.Cursor; at = at.Parent() {
		if at.ParentEdgeKind() != edge.IfStmt_Body {
			continue
		}
		cond, ok := ast.Unparen(at.Parent().Node().(*ast.IfStmt).Cond).(*ast.BinaryExpr)
		if !ok || cond.Op != token.NEQ || !isNil(g.info, cond.Y) {
			continue
		}
		sel, ok := ast.Unparen(cond.X).(*ast.SelectorExpr)
		if !ok {
			continue
		}
		if param, ok := g.code.Param(g.variable(sel.X)); ok && param.Of == c.In {
			return sel.Sel.Name, param.I
		}
	}
	return "", 0
}

// lacks reports whether the call gives a configuration without the field that what it opens
// needs. Where it gives a parameter, that one's field is needed in its place; else nothing is.
func (g *graph) lacks(c *flow.Call, sig *types.Signature, o *Open) bool {
	field, args := o.Needs, c.Args(sig, o.NeedsOf)
	o.Needs = ""
	if len(args) != 1 {
		return false
	}
	if param, ok := g.code.Param(g.variable(args[0])); ok && param.Of == c.In {
		o.Needs, o.NeedsOf = field, param.I
		return false
	}
	return g.leavesOut(args[0], field, true)
}

// leavesOut reports whether all that e can be are literals of a struct that do not name the
// field, which nothing in the package is put into besides.
func (g *graph) leavesOut(e ast.Expr, field string, follow bool) bool {
	e = ast.Unparen(e)
	if addr, ok := e.(*ast.UnaryExpr); ok && addr.Op == token.AND {
		e = ast.Unparen(addr.X)
	}
	if lit, ok := e.(*ast.CompositeLit); ok {
		obj, _, _ := types.LookupFieldOrMethod(g.info.TypeOf(lit), true, g.pass.Pkg, field)
		v, ok := obj.(*types.Var)
		if !ok {
			return false
		}
		for _, elem := range lit.Elts {
			if _, named := elem.(*ast.KeyValueExpr); !named {
				return false
			}
		}
		return len(g.code.Into(v.Origin())) == 0 && !g.code.AddressTaken(v.Origin())
	}
	v := g.variable(e)
	if v == nil || !follow {
		return false
	}
	some := false
	for _, s := range g.code.Into(v) {
		if !s.Whole(v) {
			continue
		}
		if !g.leavesOut(s.Src, field, false) {
			return false
		}
		some = true
	}
	_, param := g.code.Param(v)
	return some && !param
}
