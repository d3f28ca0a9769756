package lifecycle

import (
	"go/ast"
	"go/constant"
	"go/types"

	"github.com/poollint/poollint/internal/dbapi"
)

// blank reports whether the arguments that decide on the database are empty
// configurations, as tests of what happens without one have them.
func (g *graph) blank(c *call, sig *types.Signature, params Params) bool {
	some := false
	for i, arg := range c.expr.Args {
		if !params.Has(min(i, sig.Params().Len()-1)) {
			continue
		}
		if !g.zero(arg) {
			return false
		}
		some = true
	}
	return some
}

// zero reports whether e is nil, an empty string, a composite literal without
// elements, its address, or a variable that holds nothing else.
func (g *graph) zero(e ast.Expr) bool {
	if tv := g.info.Types[e]; tv.IsNil() || tv.Value != nil {
		return tv.Value == nil || tv.Value.Kind() == constant.String && constantText(tv.Value) == ""
	}
	switch e := ast.Unparen(e).(type) {
	case *ast.UnaryExpr:
		return g.zero(e.X)
	case *ast.CompositeLit:
		return len(e.Elts) == 0
	case *ast.Ident:
		v := g.variable(e)
		if v == nil || g.lasting(v) || len(g.sources[v]) != 1 {
			return false
		}
		s := g.sources[v][0]
		_, variable := ast.Unparen(s.expr).(*ast.Ident)
		return !variable && s.key == "" && g.zero(s.expr)
	}
	return false
}

// handsOut reports whether what the call opens leaves the function: in its
// results, or in a field or package variable. A function of production code
// that keeps its connection to itself is no constructor.
func (g *graph) handsOut(c *call) bool {
	held := g.held[c.expr]
	if held != nil && g.lasting(held) {
		return true
	}
	for n := c.in; n != nil; n = n.parent {
		t := g.handed[n]
		if t == nil {
			t = g.trace(n.returns()...)
			g.handed[n] = t
		}
		if t.calls[c.expr] || held != nil && t.vars[held] {
			return true
		}
	}
	t := g.tableOf(c.in.outer())
	return t.kept[c.expr] || len(t.keepers[held]) > 0
}

func contains(outer, inner ast.Node) bool {
	return outer.Pos() <= inner.Pos() && inner.End() <= outer.End()
}

// privateHere reports whether, where the call stands, a database is made that
// the values in vars lead to: by a statement of the same test code, by a call
// before that starts a server, or by one that shares a variable with the DSN, or
// that takes and gives nothing.
func (g *graph) privateHere(c *call, vars map[*types.Var]bool) bool {
	for n := c.in; n != nil; n = n.parent {
		if n.makes && n.isTest() {
			return true
		}
		for _, other := range n.makers() {
			if other == c {
				continue
			}
			if n.isTest() && other.fn != nil && dbapi.OriginOf(other.fn)&dbapi.Private != 0 && other.expr.Pos() < c.expr.Pos() {
				return true // the DSN may go through a configuration or the environment
			}
			shares, takes := false, false
			for _, arg := range other.expr.Args {
				ast.Inspect(arg, func(x ast.Node) bool {
					if id, ok := x.(*ast.Ident); ok {
						if v, ok := g.info.Uses[id].(*types.Var); ok && !opaque(v.Type()) {
							takes = true
							shares = shares || vars[v] && !v.IsField()
						}
					}
					return true
				})
			}
			if shares || !takes && other.expr.Pos() < c.expr.Pos() && g.givesNothing(other) {
				return true
			}
		}
	}
	return false
}

// givesNothing reports whether the call returns no more than an error.
func (g *graph) givesNothing(c *call) bool {
	switch t := g.info.TypeOf(c.expr).(type) {
	case *types.Tuple:
		return t.Len() == 0
	case *types.Named:
		return isError(t)
	}
	return true
}

func isTuple(t types.Type) bool {
	_, ok := t.(*types.Tuple)
	return ok
}

func isError(t types.Type) bool { return types.Identical(t, types.Universe.Lookup("error").Type()) }
