package lifecycle

import (
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"maps"
	"slices"

	"github.com/poollint/poollint/internal/dbapi"
	"github.com/poollint/poollint/internal/testscope"
)

// A summary is a Func with what only the package itself needs.
type summary struct {
	Func
	opens []opened
}

// opened is an Open with the variables that decide on its database.
type opened struct {
	Open
	vars map[*types.Var]bool
}

// maxOpens bounds what is remembered of one function.
const maxOpens = 32

// lookup returns what fn does, and whether anything is known of it.
func (g *graph) lookup(fn *types.Func) (*Func, bool) {
	fn = fn.Origin()
	if fn.Pkg() == nil || g.libraries[fn.Pkg().Path()] {
		return new(Func), false // the catalogue speaks for it
	}
	if n := g.byFunc[fn]; n != nil {
		return &g.summary(n).Func, true
	}
	imported := new(Func)
	return imported, g.pass.ImportObjectFact(fn, imported)
}

// summary computes, once, what a node does. A recursive call counts as nothing.
func (g *graph) summary(n *node) *summary {
	if s := g.sums[n]; s != nil {
		return s
	}
	if g.summing[n] {
		return new(summary)
	}
	g.summing[n] = true
	s := new(summary)
	g.collect(n, s)
	for i, o := range s.opens {
		s.opens[i].Params = (&tracer{vars: o.vars}).params(n.sig)
		s.Opens = append(s.Opens, s.opens[i].Open)
	}
	if n.sig != nil && n.sig.Results().Len() > 0 {
		t := g.trace(results(g.info, n)...)
		s.Result, s.Flows = t.origin, t.params(n.sig)
	}
	delete(g.summing, n)
	g.sums[n] = s
	return s
}

// collect adds what one run of the node opens and makes, literals that run as a
// part of it included.
func (g *graph) collect(n *node, s *summary) {
	if n.makes {
		s.Private = true
	}
	for _, c := range n.calls {
		once := g.guarded(c)
		if !once && g.makesDatabase(c) {
			s.Private = true
		}
		for _, o := range g.opens(c) {
			if o.Closed || len(s.opens) >= maxOpens || !n.isTest() && !g.handsOut(c) {
				continue
			}
			o.Once = o.Once || once
			s.opens = append(s.opens, o)
		}
	}
	for _, lit := range n.inner {
		if lit.detach || lit.when&testscope.After != 0 {
			continue
		}
		inner := g.summary(lit)
		once := lit.when&testscope.Once != 0
		s.Private = s.Private || inner.Private && !once
		for _, o := range inner.opens {
			if len(s.opens) < maxOpens {
				o.Once = o.Once || once
				s.opens = append(s.opens, o)
			}
		}
	}
}

// makesDatabase reports whether the call makes a database, schema or container.
func (g *graph) makesDatabase(c *call) bool {
	if c.fn == nil {
		return slices.ContainsFunc(g.targets(c), func(n *node) bool { return g.summary(n).Private })
	}
	if dbapi.OriginOf(c.fn)&dbapi.Private != 0 {
		return true
	}
	f, ok := g.lookup(c.fn)
	return ok && f.Private
}

// opens returns what the call opens, as its caller sees it.
func (g *graph) opens(c *call) []opened {
	if all, ok := g.openeds[c]; ok {
		return all
	}
	all := g.opensOf(c)
	if len(g.summing) == 0 { // else a recursion may have been cut
		g.openeds[c] = all
	}
	return all
}

func (g *graph) opensOf(c *call) []opened {
	var all []opened
	if c.fn != nil {
		if row := g.cat.Opener(c.fn); row != nil {
			if o, ok := g.direct(c, row); ok {
				all = append(all, o)
			}
		} else if n := g.byFunc[c.fn.Origin()]; n != nil {
			all = g.through(c, c.fn.Signature(), g.summary(n).opens)
		} else if f, ok := g.lookup(c.fn); ok {
			var from []opened
			for _, o := range f.Opens {
				from = append(from, opened{Open: o})
			}
			all = g.through(c, c.fn.Signature(), from)
		}
	} else {
		for _, n := range g.targets(c) {
			all = append(all, g.through(c, n.sig, g.summary(n).opens)...)
		}
	}
	if len(all) == 0 {
		return nil
	}
	test, closed := c.in.isTest(), g.closedInside(c)
	for i := range all {
		if all[i].At == "" && test {
			all[i].At = g.place(c.expr)
		}
		all[i].Closed = closed
		if all[i].If == "" {
			all[i].If = g.optional(c, all[i].vars)
		}
		all[i].Private = all[i].Private || g.privateHere(c, all[i].vars)
	}
	return all
}

// direct returns what a call of a catalogued opener opens; not ok if nothing
// that dials a server.
func (g *graph) direct(c *call, row *dbapi.Opener) (opened, bool) {
	if !row.Kind.Own() {
		return opened{}, false
	}
	args := c.expr.Args
	t := g.trace()
	for _, i := range []int{row.Driver, row.Source} {
		switch {
		case i < 0 || len(args) == 0:
		case len(args) == 1 && isTuple(g.info.TypeOf(args[0])): // f(g()) with g returning several values
			t.expr(args[0])
		case i < len(args):
			if known := g.caseOf(c, args[i]); len(known) == 1 {
				t.expr(known[0])
				continue
			}
			t.expr(args[i])
			if g.ownFake(args[i]) {
				return opened{}, false
			}
		}
	}
	if t.origin&dbapi.Existing != 0 || noServer(row, t.origin) {
		return opened{}, false
	}
	o := Open{Opener: row.Name, Kind: row.Kind, Site: g.place(c.expr)}
	o.Private = t.origin&(dbapi.Private|dbapi.Unique) != 0
	return opened{Open: o, vars: t.vars}, true
}

// noServer reports whether a DSN of the given origin leads to no server. Where a
// database of its own is one alternative and a file another, a library that knows
// servers only takes the first.
func noServer(row *dbapi.Opener, origin dbapi.Origin) bool {
	if origin&dbapi.Private != 0 && row.Limit != nil && row.Limit.Setter == "" {
		return false
	}
	return origin&(dbapi.Fake|dbapi.Unreachable) != 0
}

// caseOf returns the constants that e can only have where the call stands: those
// of the case of a switch over it.
func (g *graph) caseOf(c *call, e ast.Expr) []ast.Expr {
	v := g.variable(e)
	if v == nil {
		return nil
	}
	var texts []ast.Expr
	ast.Inspect(c.in.body, func(x ast.Node) bool {
		stmt, ok := x.(*ast.SwitchStmt)
		if !ok || stmt.Tag == nil || g.variable(stmt.Tag) != v {
			return true
		}
		for _, clause := range stmt.Body.List {
			if clause.Pos() <= c.expr.Pos() && c.expr.Pos() < clause.End() {
				texts = clause.(*ast.CaseClause).List
			}
		}
		return true
	})
	return texts
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
	if p, ok := t.Underlying().(*types.Pointer); ok {
		t = p.Elem()
	}
	named, ok := types.Unalias(t).(*types.Named)
	if !ok || named.Obj().Pkg() == nil {
		return false
	}
	if dbapi.IsDialector(t) {
		return !dbapi.DialsServer(t)
	}
	return named.Obj().Pkg() == g.pass.Pkg && !types.IsInterface(t) &&
		testscope.InTestFile(g.pass.Fset.Position(named.Obj().Pos()).Filename)
}

// through returns what the call opens by way of a function with the signature
// that opens from.
func (g *graph) through(c *call, sig *types.Signature, from []opened) []opened {
	if sig == nil { // a literal that does not type-check
		return nil
	}
	var all []opened
	for _, o := range from {
		t := g.trace()
		for i, arg := range c.expr.Args {
			if o.Params.Has(min(i, sig.Params().Len()-1)) {
				t.expr(arg)
			}
		}
		if noServer(g.cat.OpenerNamed(o.Opener), t.origin) || o.Params != 0 && g.blank(c, sig, o.Params) {
			continue
		}
		o.Private = o.Private || t.origin&(dbapi.Private|dbapi.Unique) != 0
		o.Params = 0
		if t.keys[o.If] {
			o.If = ""
		}
		vars := maps.Clone(o.vars) // what a closure captures
		if vars == nil {
			vars = map[*types.Var]bool{}
		}
		maps.Copy(vars, t.vars)
		o.vars = vars
		all = append(all, o)
	}
	return all
}

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
		t := g.trace(results(g.info, n)...)
		if t.calls[c.expr] || held != nil && t.vars[held] {
			return true
		}
	}
	for _, f := range g.flows[c.in.outer()] {
		if g.lasting(f.to) && (contains(f.expr, c.expr) || held != nil && g.mentions(f.expr, map[*types.Var]bool{held: true})) {
			return true
		}
	}
	return false
}

func contains(outer, inner ast.Node) bool {
	return outer.Pos() <= inner.Pos() && inner.End() <= outer.End()
}

// optional returns the field that an if statement around the call requires to be
// set, where that field leads to the database: if cfg.ReplicaDSN != "" { … }.
func (g *graph) optional(c *call, vars map[*types.Var]bool) string {
	field := ""
	ast.Inspect(c.in.body, func(x ast.Node) bool {
		stmt, ok := x.(*ast.IfStmt)
		if !ok || c.expr.Pos() < stmt.Body.Pos() || stmt.Body.End() <= c.expr.Pos() {
			return true
		}
		cond, ok := ast.Unparen(stmt.Cond).(*ast.BinaryExpr)
		if !ok || cond.Op != token.NEQ && cond.Op != token.GTR {
			return true
		}
		operand := cond.X
		if size, ok := operand.(*ast.CallExpr); ok && len(size.Args) == 1 { // len(cfg.Addrs) > 0
			operand = size.Args[0]
		}
		if sel, ok := ast.Unparen(operand).(*ast.SelectorExpr); ok && g.names(sel.X, vars) {
			field = sel.Sel.Name
		}
		return true
	})
	return field
}

// privateHere reports whether, where the call stands, a database is made that
// the values in vars lead to: by a statement of the same test code, or by a
// call that shares a variable with the DSN, or that takes and gives nothing.
func (g *graph) privateHere(c *call, vars map[*types.Var]bool) bool {
	for n := c.in; n != nil; n = n.parent {
		if n.makes && n.isTest() {
			return true
		}
		for _, other := range n.calls {
			if other == c || !g.makesDatabase(other) {
				continue
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

// funcOf returns what fn does, for the rules.
func (g *graph) funcOf(fn *types.Func) *Func {
	f, _ := g.lookup(fn)
	return f
}
