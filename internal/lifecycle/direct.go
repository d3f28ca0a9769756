package lifecycle

import (
	"go/ast"
	"go/types"
	"slices"

	"github.com/poollint/poollint/internal/dbapi"
	"github.com/poollint/poollint/internal/flow"
	"github.com/poollint/poollint/internal/testscope"
)

// direct returns what a call of a catalogued opener opens; not ok if nothing
// that dials a server.
func (g *graph) direct(c *flow.Call, row *dbapi.Opener) (opened, bool) {
	args := c.Expr.Args
	if !row.Kind.Own() || len(row.Places) > 0 && len(args) > 0 && g.nowhere(args[0], row.Places) || slices.ContainsFunc(args, g.dry) || g.servedHere(c) {
		return opened{}, false
	}
	if 0 <= row.Driver && max(row.Driver, row.Source) < len(args) {
		g.spareBeside(args[row.Driver], args[row.Source])
	}
	t := g.trace()
	for _, i := range []int{row.Driver, row.Source} {
		switch {
		case i < 0 || len(args) == 0:
		case len(args) == 1 && isTuple(g.info.TypeOf(args[0])): // f(g()) with g returning several values
			t.Follow(args[0])
		case i == row.Source && g.oneOfServers(args, row):
		case i < len(args):
			if known := g.caseOf(c, args[i]); len(known) == 1 {
				t.Follow(known[0])
				continue
			}
			t.Follow(args[i])
			if g.ownFake(args[i]) {
				return opened{}, false
			}
		}
	}
	for _, arg := range args { // options
		if typ := g.info.TypeOf(arg); typ != nil {
			if _, option := typ.Underlying().(*types.Signature); option {
				t.Follow(arg)
			}
		}
	}
	origin := t.all() | t.held&dbapi.Unreachable
	if serversOnly(row) { // what it is given here is no file, whatever else it may be
		origin = origin&^dbapi.Memory | dbapi.Server
	}
	if origin&dbapi.Existing != 0 || noServer(row, origin) {
		return opened{}, false
	}
	o := Open{Opener: row.Name, Kind: row.Kind, Site: g.place(c.Expr), Address: origin&dbapi.Address != 0, Server: origin&dbapi.Server != 0}
	o.own(t.origin, t.held)
	for _, i := range []int{row.Driver, row.Source} {
		if o.Needs == "" && 0 <= i && i < len(args) {
			o.Needs, o.NeedsOf = g.chosen(args[i], c.In, maxHops)
		}
	}
	return opened{Open: o, vars: t.vars, by: t.by}, true
}

// oneOfServers reports whether an address is an element of a list where another list beside it
// chooses the driver of a server.
func (g *graph) oneOfServers(args []ast.Expr, row *dbapi.Opener) bool {
	if row.Driver < 0 || row.Driver >= len(args) || row.Source >= len(args) || isText(g.info, args[row.Driver]) {
		return false
	}
	_, element := ast.Unparen(args[row.Source]).(*ast.IndexExpr)
	return element && g.eitherOf(args[row.Driver])&(dbapi.Server|dbapi.Fake) == dbapi.Server
}

// nowhere reports whether a configuration has nothing in any of the fields that say where to dial.
func (g *graph) nowhere(e ast.Expr, places []string) bool {
	e = plain(g.info, e)
	if v := g.variable(e); v != nil && g.only(v) != nil {
		e = plain(g.info, g.only(v))
	}
	lit, ok := e.(*ast.CompositeLit)
	return ok && !slices.ContainsFunc(lit.Elts, func(e ast.Expr) bool {
		kv, named := e.(*ast.KeyValueExpr)
		if !named {
			return true
		}
		key, ok := kv.Key.(*ast.Ident)
		return ok && slices.Contains(places, key.Name) && !g.zero(kv.Value)
	})
}

// dry reports whether an argument is a configuration by which SQL is made and never run.
func (g *graph) dry(arg ast.Expr) bool {
	lit, ok := plain(g.info, arg).(*ast.CompositeLit)
	return ok && slices.ContainsFunc(lit.Elts, func(e ast.Expr) bool {
		kv, named := e.(*ast.KeyValueExpr)
		if !named {
			return false
		}
		key, ok := kv.Key.(*ast.Ident)
		value := g.info.Types[kv.Value].Value
		return ok && key.Name == "DryRun" && value != nil && value.String() == "true"
	})
}

// noServer reports whether a DSN of the given origin leads to no server. Where a
// database of its own is one alternative and a file another, a library that knows
// servers only takes the first.
func noServer(row *dbapi.Opener, origin dbapi.Origin) bool {
	return !(origin&dbapi.Private != 0 && serversOnly(row)) && origin.NoServer()
}

// serversOnly reports whether what an opener of a library opens is never a file.
func serversOnly(row *dbapi.Opener) bool { return row.Limit != nil && row.Limit.Setter == "" }

// caseOf returns the constants that e can only have where the call stands: those
// of the case of a switch over it.
func (g *graph) caseOf(c *flow.Call, e ast.Expr) []ast.Expr {
	v := g.variable(e)
	if v == nil {
		return nil
	}
	for clause := range c.At.Enclosing((*ast.CaseClause)(nil), (*ast.FuncLit)(nil)) {
		of, ok := clause.Node().(*ast.CaseClause)
		if !ok {
			break
		}
		if stmt, ok := clause.Parent().Parent().Node().(*ast.SwitchStmt); ok && stmt.Tag != nil && g.variable(stmt.Tag) == v {
			return of.List
		}
	}
	return nil
}

// ownFake reports whether a connector or dialector is the tests' own invention.
func (g *graph) ownFake(arg ast.Expr) bool {
	tv := g.info.Types[arg]
	if tv.Value != nil {
		return false
	}
	if tv.IsNil() {
		return true
	}
	if tv.Type == nil {
		return false
	}
	t := tv.Type
	t = flow.Pointee(t)
	named, ok := types.Unalias(t).(*types.Named)
	if !ok || named.Obj().Pkg() == nil {
		return false
	}
	if dbapi.IsDialector(t) {
		return !dbapi.DialsServer(t)
	}
	return named.Obj().Pkg() == g.pass.Pkg && !types.IsInterface(t) &&
		(testscope.InTestFile(g.pass.Fset.PositionFor(named.Obj().Pos(), false).Filename) || g.inventsConns(named, "Connect"))
}

// inventsConns reports whether a connector or driver of the package hands out connections of the package's
// own by the method, and asks nobody for one.
func (g *graph) inventsConns(of *types.Named, method string) bool {
	obj, _, _ := types.LookupFieldOrMethod(types.NewPointer(of), true, g.pass.Pkg, method)
	fn, ok := obj.(*types.Func)
	if !ok {
		return false
	}
	f := g.code.Func(fn)
	return f != nil && len(f.Returns) > 0 && !slices.ContainsFunc(g.results(f), func(e ast.Expr) bool {
		if addr, ok := ast.Unparen(e).(*ast.UnaryExpr); ok {
			e = addr.X
		}
		lit, made := ast.Unparen(e).(*ast.CompositeLit)
		return !isNil(g.info, e) && !(made && len(lit.Elts) == 0)
	})
}
