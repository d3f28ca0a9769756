package lifecycle

import (
	"go/ast"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ast/inspector"

	"github.com/poollint/poollint/internal/dbapi"
	"github.com/poollint/poollint/internal/flow"
	"github.com/poollint/poollint/internal/sqlast"
	"github.com/poollint/poollint/internal/testscope"
)

// closedInside reports whether the function around the call releases what the
// call opens before it ends, and hands it to nobody: an admin or probe connection. What ends
// the process with it, does.
func (g *graph) closedInside(c *flow.Call) bool {
	if g.endsProcess(c.In) {
		return true
	}
	in := g.within(c)
	closes, deferred, later, leaves, handed := false, false, false, false, false
	for _, s := range g.code.Fate(c, 0).Sinks {
		switch s.Kind {
		case flow.Closed:
			closes = closes || !s.OnError && !g.putOff(s.At) && g.runsIn(s.At, in)
			deferred = deferred || !s.OnError && isDeferred(s.At) && g.runsIn(s.At, in)
			later = later || !s.OnError && in.When == 0 && in.Obj != nil && g.idleLater(c, in)
		case flow.Undone:
			return false
		case flow.Kept:
			again := g.closesAgain(c, s.Place)
			closes, leaves = closes || again, leaves || !again
		case flow.Returned, flow.Supplied:
			leaves = true
		case flow.HandedOn:
			if call, ok := s.At.Node().(*ast.CallExpr); ok && dbapi.Callee(g.info, call) == nil {
				return false // to a callback: whoever runs there uses it
			}
			handed = true
		}
	}
	// What leaves with a handle that is closed by then does not use it.
	return closes && (!leaves || deferred) || later && !leaves && !handed
}

// administers reports whether the function around the call makes or drops databases with what it
// opens, or a helper a schema, sees to it that it is closed, by a function that it returns perhaps,
// and gives it to nobody.
func (g *graph) administers(c *flow.Call) bool {
	if !g.asAdministrator(c) && !g.makesSchema(c) {
		return false
	}
	closes := false
	for _, s := range g.code.Fate(c, 0).Sinks {
		if s.Kind != flow.Closed && s.Kind != flow.Undone {
			return false
		}
		closes = closes || !s.OnError
	}
	return closes
}

// asAdministrator reports whether the function around the call seems to make or drop databases with
// what that opens. One that makes a database for itself by other means does not: it opens that. Who
// changes roles may log in as one.
func (g *graph) asAdministrator(c *flow.Call) bool {
	does, v := g.effectsOf(c.In), g.holder(c)
	if !does.makes || v == nil {
		return does.administer
	}
	return slices.ContainsFunc(c.In.Texts, func(text *ast.BasicLit) bool {
		return sqlast.Administers(text.Value) && (!sqlast.AdministersDatabase(text.Value) || g.runsWith(c.In, text, v))
	})
}

// makesSchema reports whether a helper makes a schema with what the call opens.
func (g *graph) makesSchema(c *flow.Call) bool {
	v := g.holder(c)
	return v != nil && helps(c.In) && slices.ContainsFunc(c.In.Texts, func(text *ast.BasicLit) bool {
		return sqlast.MakesDatabase(text.Value) && g.runsWith(c.In, text, v)
	})
}

// runsWith reports whether a function may give a text to what a variable holds: it does not give it
// to calls that have nothing of the variable.
func (g *graph) runsWith(f *flow.Func, text *ast.BasicLit, v *types.Var) bool {
	at, ok := f.At(text)
	given := false
	for ; ok && at != f.Cursor; at = at.Parent() {
		switch n := at.Node().(type) {
		case *ast.CallExpr:
			if g.code.MentionedIn(v, n) {
				return true
			}
			given = true
		case ast.Stmt:
			return !given
		}
	}
	return true
}

// idleLater reports whether what runs later does nothing with what the call hands out but close
// it: the rest of the test has no use for it.
func (g *graph) idleLater(c *flow.Call, in *flow.Func) bool {
	v := g.holder(c)
	if v == nil {
		return false
	}
	for at := range g.code.MentionsIn(v, in.Body()) {
		if f := g.code.Around(at); f != in && !g.closesNow(at, f) {
			return false
		}
	}
	return true
}

// within returns the function that the variable belongs to that holds what the call hands out:
// that around the literal, if one assigns it.
func (g *graph) within(c *flow.Call) *flow.Func {
	in, v := c.In, g.holder(c)
	for v != nil && in.Lit != nil && in.When == 0 && in.Parent != nil && !(in.Lit.Pos() <= v.Pos() && v.Pos() < in.Lit.End()) && !flow.Global(v) {
		in = in.Parent
	}
	return in
}

// endsProcess reports whether a function, other than one that runs tests, ends the process in
// any case.
func (g *graph) endsProcess(f *flow.Func) bool {
	o := f.Outer()
	return o.Obj != nil && o.When == 0 && g.code.Deeds(o.Obj).Exits
}

// EndsProcess reports whether a function, other than one that runs tests, ends the process in
// any case.
func (p *Package) EndsProcess(f *flow.Func) bool { return p.graph != nil && p.graph.endsProcess(f) }

// isDeferred reports whether what happens at c is put off to the end of the function.
func isDeferred(c inspector.Cursor) bool {
	for ; c.Node() != nil; c = c.Parent() {
		if _, ok := c.Node().(*ast.DeferStmt); ok {
			return true
		}
	}
	return false
}

// closesAgain reports whether what a package variable takes from the call, the same function
// closes behind it.
func (g *graph) closesAgain(c *flow.Call, v *types.Var) bool {
	return v != nil && flow.Global(v) && slices.ContainsFunc(c.In.Calls, func(d *flow.Call) bool {
		return d.Expr.Pos() > c.Expr.Pos() && d.Fn != nil && dbapi.ReleaseOf(d.Fn) != nil && g.variable(d.Receiver()) == v
	})
}

// putOff reports whether what happens at c is registered for the end of the test.
func (g *graph) putOff(c inspector.Cursor) bool {
	call, ok := c.Node().(*ast.CallExpr)
	return ok && testscope.Argument(dbapi.Callee(g.info, call))&testscope.After != 0
}

// runsIn reports whether what stands at c runs while f does: not in another function, nor in
// what is registered for the end of the test.
func (g *graph) runsIn(c inspector.Cursor, f *flow.Func) bool {
	for in := g.code.Around(c); in != f; in = in.Parent {
		if in == nil || in.When&testscope.After != 0 {
			return false
		}
	}
	return true
}

// names reports whether e is one of vars, or a field of one.
func (g *graph) names(e ast.Expr, vars values) bool {
	v := g.root(e)
	return v != nil && vars.has(v)
}

// mentioned returns the variables that stand in e, other than as the receiver of a
// call.
func (g *graph) mentioned(e ast.Expr) []*types.Var {
	var all []*types.Var
	receivers := map[*ast.Ident]bool{}
	ast.Inspect(e, func(x ast.Node) bool {
		switch x := x.(type) {
		case *ast.FuncLit:
			return false
		case *ast.CallExpr:
			if sel, ok := ast.Unparen(x.Fun).(*ast.SelectorExpr); ok {
				receivers[flow.RootName(g.info, sel.X)] = true
			}
		case *ast.Ident:
			if v, ok := g.info.Uses[x].(*types.Var); ok && !receivers[x] {
				all = append(all, v)
			}
		}
		return true
	})
	return all
}
