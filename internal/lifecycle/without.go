package lifecycle

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ast/inspector"

	"github.com/poollint/poollint/internal/flow"
)

// without returns the parameters of a function that callers have to leave out, as nil or an empty list,
// for a place in it to be reached: if db == nil { place }, if len(dbs) > 0 { return } before it.
func (g *graph) without(at inspector.Cursor, in *flow.Func) (all flow.Params) {
	for c := range g.code.Conditions(at) {
		all |= g.leftOut(c.Expr, c.Saying(token.EQL), in)
	}
	return all
}

// leftOut returns the parameters that are nil or empty lists where a condition holds that compares
// them with ==, or where one fails that does so with != or >.
func (g *graph) leftOut(cond ast.Expr, op token.Token, in *flow.Func) (all flow.Params) {
	e, ok := ast.Unparen(cond).(*ast.BinaryExpr)
	if !ok {
		return 0
	}
	if joins := map[token.Token]token.Token{token.EQL: token.LAND, token.NEQ: token.LOR}; e.Op == joins[op] {
		return g.leftOut(e.X, op, in) | g.leftOut(e.Y, op, in)
	}
	if e.Op != op && !(op == token.NEQ && e.Op == token.GTR) || !flow.IsZero(g.info, e.Y) {
		return 0
	}
	x := ast.Unparen(e.X)
	if call, ok := x.(*ast.CallExpr); ok && len(call.Args) == 1 { // len(dbs)
		x = call.Args[0]
	}
	v := g.variable(x)
	param, ok := g.code.Param(v)
	if !ok || param.Of != in || !nilable(v.Type()) || slices.ContainsFunc(g.code.Into(v), func(s *flow.Store) bool {
		return s.Dst != nil && s.Dst.Pos() < e.Pos()
	}) {
		return 0
	}
	all.Add(param.I)
	return all
}

func nilable(t types.Type) bool {
	switch t.Underlying().(type) {
	case *types.Pointer, *types.Interface, *types.Slice, *types.Signature:
		return true
	}
	return false
}

// fills reports whether a call gives one of the parameters that have to be left out. Those of the function
// around it that it hands on have to be in their place.
func (g *graph) fills(c *flow.Call, sig *types.Signature, without flow.Params) (mine flow.Params, filled bool) {
	for i := range without.All {
		for _, arg := range c.Args(sig, i) {
			switch param, ok := g.code.Param(g.variable(arg)); {
			case ok && param.Of == c.In:
				mine.Add(param.I)
			case !isNil(g.info, arg):
				return 0, true
			}
		}
	}
	return mine, false
}
