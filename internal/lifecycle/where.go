package lifecycle

import (
	"go/ast"
	"go/constant"
	"go/types"
	"slices"

	"github.com/poollint/poollint/internal/dbapi"
	"github.com/poollint/poollint/internal/flow"
)

// blank reports whether the arguments that decide on the database are empty
// configurations, as tests of what happens without one have them.
func (g *graph) blank(c *flow.Call, sig *types.Signature, params flow.Params) bool {
	some := false
	for i := range params.All {
		for _, arg := range c.Args(sig, i) {
			if !g.zero(arg) {
				return false
			}
			some = true
		}
	}
	return some
}

// zero reports whether e is nil, an empty string, a composite literal without
// elements, its address, or a variable that holds nothing else.
func (g *graph) zero(e ast.Expr) bool {
	if tv := g.info.Types[e]; tv.IsNil() || tv.Value != nil {
		return tv.Value == nil || tv.Value.Kind() == constant.String && flow.Text(g.info, e) == ""
	}
	switch e := ast.Unparen(e).(type) {
	case *ast.UnaryExpr:
		return g.zero(e.X)
	case *ast.CompositeLit:
		return len(e.Elts) == 0
	case *ast.Ident:
		v := g.variable(e)
		if v == nil || g.lasting(v) || len(g.sources(v)) != 1 {
			return false
		}
		s := g.sources(v)[0]
		_, variable := ast.Unparen(s.expr).(*ast.Ident)
		return !variable && s.key == "" && g.zero(s.expr)
	}
	return false
}

// handsOut reports whether what the call opens leaves the function: in its
// results, or in a field or package variable. A function of production code
// that keeps its connection to itself is no constructor, nor is one that dials the process
// that it has started.
func (g *graph) handsOut(c *flow.Call) bool {
	if startsBefore(c) {
		return false
	}
	held := g.holder(c)
	for _, o := range g.opened[c] {
		if o.Kept {
			return true
		}
		if o.on != nil {
			held = o.on
		}
	}
	if held != nil && (g.lasting(held) || g.isReceiver(held)) {
		return true
	}
	for n := c.In; n != nil; n = n.Parent {
		t := g.handed[n]
		if t == nil {
			t = g.trace(g.results(n)...)
			g.handed[n] = t
		}
		if t.calls[c.Expr] || held != nil && t.vars.has(held) {
			return true
		}
	}
	t := g.tableOf(c.In.Outer())
	return t.kept[c.Expr] || len(t.keepers[held]) > 0
}

// startsBefore reports whether the function starts a process before the call.
func startsBefore(c *flow.Call) bool {
	return slices.ContainsFunc(c.In.Calls, func(other *flow.Call) bool {
		return other.Fn != nil && dbapi.NameOf(other.Fn) == "(os/exec.Cmd).Start" && other.Expr.Pos() < c.Expr.Pos()
	})
}

func contains(outer, inner ast.Node) bool {
	return outer.Pos() <= inner.Pos() && inner.End() <= outer.End()
}

// privateHere returns what is made, where the call stands, that
// the values in vars lead to: by a statement of the same test code, by a call
// before that starts a server, or by one that shares a variable with the DSN, or a text with
// the call in its callback, or that takes and gives nothing. Where names that are given decide, by are the parameters that
// take them.
func (g *graph) privateHere(c *flow.Call, vars values) (made dbapi.Origin, by values) {
	for n := c.In; n != nil; n = n.Parent {
		if g.isTest(n) {
			if g.effectsOf(n).makes {
				return dbapi.Private, nil
			}
			by = union(by, g.effectsOf(n).by)
		}
		for _, other := range g.makersIn(n) {
			if other.Call == c {
				continue
			}
			if g.isTest(n) && other.Fn != nil && dbapi.OriginOf(other.Fn)&dbapi.Private != 0 && other.Expr.Pos() < c.Expr.Pos() {
				return other.made, nil // the DSN may go through a configuration or the environment
			}
			shares, takes := false, false
			for _, arg := range other.Expr.Args {
				ast.Inspect(arg, func(x ast.Node) bool {
					if id, ok := x.(*ast.Ident); ok {
						if v, ok := g.info.Uses[id].(*types.Var); ok && !opaque(v.Type()) {
							takes = true
							shares = shares || vars.has(v) && !v.IsField()
						}
					}
					return true
				})
			}
			if shares || g.withinCallback(c, other.Call) || !takes && other.Expr.Pos() < c.Expr.Pos() && g.givesNothing(other.Call) {
				if other.made != 0 {
					return other.made, nil
				}
				by = union(by, other.by)
			}
		}
	}
	return 0, by
}

// withinCallback reports whether a call stands in a literal that another is given, and is
// given the same text.
func (g *graph) withinCallback(c, other *flow.Call) bool {
	within, same := false, false
	for _, arg := range other.Expr.Args {
		if _, ok := ast.Unparen(arg).(*ast.FuncLit); ok {
			within = within || contains(arg, c.Expr)
		} else if text := flow.Text(g.info, arg); text != "" {
			same = same || slices.ContainsFunc(c.Expr.Args, func(e ast.Expr) bool { return flow.Text(g.info, e) == text })
		}
	}
	return within && same
}

// givesNothing reports whether the call returns no more than an error.
func (g *graph) givesNothing(c *flow.Call) bool {
	switch t := g.info.TypeOf(c.Expr).(type) {
	case *types.Tuple:
		return t.Len() == 0
	case *types.Named:
		return flow.IsError(t)
	}
	return true
}

func isTuple(t types.Type) bool {
	_, ok := t.(*types.Tuple)
	return ok
}
