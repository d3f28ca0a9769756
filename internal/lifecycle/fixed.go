package lifecycle

import (
	"go/ast"
	"go/types"
	"regexp"
	"slices"

	"github.com/poollint/poollint/internal/config"
	"github.com/poollint/poollint/internal/dbapi"
	"github.com/poollint/poollint/internal/flow"
	"github.com/poollint/poollint/internal/sqlast"
	"github.com/poollint/poollint/internal/testscope"
)

// fixed reports whether e is the same text whenever the code runs, but for parameters of the
// functions around it, which it returns: their callers decide.
func (g *graph) fixed(e ast.Expr) (by values, is bool) {
	f := g.newFixing()
	return f.by, f.expr(e)
}

// fixedIn is fixed of a field of e, or of all of it if none is named.
func (g *graph) fixedIn(e ast.Expr, field flow.Path) (by values, is bool) {
	if field == "" {
		return g.fixed(e)
	}
	f := g.newFixing()
	return f.by, f.field(e, field)
}

type fixing struct {
	g      *graph
	by     values
	seen   map[*types.Var]bool
	fields map[part]bool       // seen as well
	funcs  map[*flow.Func]bool // and so are these

	replacing bool // it is asked of a value that goes into the environment
}

func (g *graph) newFixing() fixing {
	return fixing{g: g, by: values{}, seen: map[*types.Var]bool{}, fields: map[part]bool{}, funcs: map[*flow.Func]bool{}}
}

// part is a field of a variable.
type part struct {
	of    *types.Var
	field flow.Path
}

func (f *fixing) expr(e ast.Expr) bool {
	e = ast.Unparen(e)
	if f.g.info.Types[e].Value != nil {
		return true
	}
	all := func(exprs []ast.Expr) bool {
		return !slices.ContainsFunc(exprs, func(e ast.Expr) bool { return !f.expr(e) })
	}
	switch e := e.(type) {
	case *ast.BinaryExpr:
		return f.expr(e.X) && f.expr(e.Y)
	case *ast.CompositeLit: // pgx.Identifier{schema}
		return all(e.Elts)
	case *ast.Ident:
		v := f.g.variable(e)
		return v != nil && f.variable(v)
	case *ast.SelectorExpr:
		v := f.g.variable(e)
		return v != nil && v.IsField() && f.field(e.X, flow.Path(v.Name()))
	case *ast.IndexExpr:
		return f.expr(e.X) && f.expr(e.Index)
	case *ast.TypeAssertExpr:
		return f.expr(e.X)
	case *ast.CallExpr:
		if f.g.info.Types[e.Fun].IsType() {
			return all(e.Args)
		}
		fn := dbapi.Callee(f.g.info, e)
		if fn == nil || fn.Pkg() == nil || !spells[fn.Pkg().Path()] && !quotes.MatchString(fn.Name()) && !dbapi.IsEnvironment(fn) {
			return f.returned(e, (*fixing).expr)
		}
		if dbapi.IsEnvironment(fn) && f.replaced(e) {
			return false
		}
		sel, ok := ast.Unparen(e.Fun).(*ast.SelectorExpr)
		return all(e.Args) && (fn.Signature().Recv() == nil || ok && f.expr(sel.X))
	}
	return false
}

// replaced reports whether the package puts a value that is not fixed into the variable of the
// environment that a call reads.
func (f *fixing) replaced(read *ast.CallExpr) bool {
	if f.g.setenv == nil {
		f.g.setenv = []*flow.Call{}
		for _, n := range f.g.code.Funcs() {
			for _, c := range n.Calls {
				if c.Fn != nil && c.Fn.Name() == "Setenv" && len(c.Expr.Args) == 2 {
					f.g.setenv = append(f.g.setenv, c)
				}
			}
		}
	}
	if f.replacing || len(read.Args) != 1 {
		return false
	}
	inside := f.g.newFixing()
	inside.replacing = true // a value may be read from the environment too
	return slices.ContainsFunc(f.g.setenv, func(c *flow.Call) bool {
		key, want := f.g.info.Types[c.Expr.Args[0]].Value, f.g.info.Types[read.Args[0]].Value
		return (key == nil || want == nil || key.ExactString() == want.ExactString()) && !inside.expr(c.Expr.Args[1])
	})
}

// returned reports whether what a function of the module returns is fixed wherever its arguments are,
// such as a default in place of a variable of the environment. Of one of another package its fact
// tells whether it makes a name of its own.
func (f *fixing) returned(call *ast.CallExpr, is func(inside *fixing, result ast.Expr) bool) bool {
	fn := dbapi.Callee(f.g.info, call)
	if fn == nil || fn.Pkg() == nil || fn.Signature().Recv() != nil || slices.ContainsFunc(call.Args, func(e ast.Expr) bool { return !testscope.IsTB(f.g.info.TypeOf(e)) && !f.expr(e) }) {
		return false
	}
	callee := f.g.code.Func(fn)
	if callee == nil {
		return config.Ours(f.g.pass, fn.Pkg()) && f.g.funcOf(fn).Result&(dbapi.Private|dbapi.Unique) == 0
	}
	if f.funcs[callee] {
		return true
	}
	f.funcs[callee] = true
	inside := *f
	inside.by = values{} // its arguments are asked where it is called
	return len(callee.Returns) > 0 && !slices.ContainsFunc(callee.Returns, func(ret *ast.ReturnStmt) bool {
		return len(ret.Results) == 0 || !is(&inside, ret.Results[0])
	})
}

// spells are packages, and quotes the names of functions, that make a text of nothing but what
// they are given.
var (
	spells = map[string]bool{"fmt": true, "strings": true, "net/url": true}
	quotes = regexp.MustCompile(`(?i)quote|saniti[sz]e|escape`)
)

func (f *fixing) variable(v *types.Var) bool {
	if v.IsField() || f.g.code.AddressTaken(v) {
		return false
	}
	if f.seen[v] {
		return true
	}
	f.seen[v] = true
	_, param := f.g.code.Param(v)
	if param {
		f.by.ask(v)
	}
	some := param
	for _, s := range f.g.code.Into(v) {
		if !s.Whole(v) || s.Result != 0 || s.Range || !f.expr(s.Src) {
			return false
		}
		some = true
	}
	return some
}

// field reports whether a field of a value is fixed, where all of that is seen: a literal, or a
// variable that such values and fields go into.
func (f *fixing) field(e ast.Expr, field flow.Path) bool {
	if e = plain(f.g.info, e); isNil(f.g.info, e) {
		return true
	}
	switch e := e.(type) {
	case *ast.CallExpr:
		return f.g.parsed(e) || f.returned(e, func(inside *fixing, result ast.Expr) bool { return inside.field(result, field) })
	case *ast.SelectorExpr: // a configuration inside a configuration
		if v := f.g.variable(e); v != nil && v.IsField() && connects(v) {
			return f.field(e.X, flow.Path(v.Name()))
		}
	}
	if lit, ok := e.(*ast.CompositeLit); ok {
		return !slices.ContainsFunc(lit.Elts, func(elt ast.Expr) bool {
			kv, named := elt.(*ast.KeyValueExpr)
			if !named {
				return true
			}
			key, ok := kv.Key.(*ast.Ident)
			return ok && key.Name == string(field) && !f.expr(kv.Value)
		})
	}
	v := f.g.variable(e)
	if v == nil || v.IsField() || flow.Global(v) {
		return false
	}
	at := part{v, field}
	if f.fields[at] {
		return true
	}
	f.fields[at] = true
	_, some := f.g.code.Param(v)
	if some {
		f.by.ask(v, field)
	}
	for _, s := range f.g.code.Into(v) {
		key := flow.Path(s.KeyIn(v))
		if key != "" && key != field {
			continue
		}
		if s.Result != 0 || s.Range || key == field && !f.expr(s.Src) || key == "" && !f.field(s.Src, field) {
			return false
		}
		some = true
	}
	return some
}

// parsed reports whether a call gives the parts of a connection string, or of a handle: whether those
// are a test's own is a question of who opens with them.
func (g *graph) parsed(call *ast.CallExpr) bool {
	fn := dbapi.Callee(g.info, call)
	return fn != nil && connects(fn)
}

// connects reports whether a function or field is of a package that knows connection strings.
func connects(obj types.Object) bool {
	return obj.Pkg() != nil && (obj.Pkg().Path() == "net/url" || dbapi.LibraryOf(obj.Pkg()) != nil)
}

// named reports whether a call of a function gives a name of its own, one that is not fixed,
// where that makes what it names the caller's own; on are the parameters of the functions
// around the call that decide in their place.
func (g *graph) named(c *flow.Call, sig *types.Signature, by flow.Params, of parts) (own bool, on values) {
	on = values{}
	for i := range by.All {
		args := c.Args(sig, i)
		own = own || len(args) == 0 && !(sig.Variadic() && i == sig.Params().Len())
		for _, arg := range args {
			fields := of.of(i)
			if len(fields) == 0 {
				fields = []flow.Path{""}
			}
			for _, field := range fields {
				more, fixed := g.fixedIn(arg, field)
				own = own || !fixed
				on.add(more)
			}
		}
	}
	return own, on
}

// leftTo reports whether a text makes a database of the caller's own in any case; else by are the
// parameters whose callers decide: those that must not be empty for it, and those that name what may
// be there already.
func (g *graph) leftTo(f *flow.Func, text *ast.BasicLit) (by values, own bool) {
	by = values{}
	at, ok := f.At(text)
	if !ok {
		return by, true
	}
	for n := f; n != nil; n = n.Parent {
		if need, of := g.asks(at, n, flow.IsZero); need == "." {
			by.ask(flow.ParamOf(n.Sig, of))
		}
	}
	if len(by) == 0 && !sqlast.KeepsExisting(text.Value) && !toleratesExisting(f) {
		return by, true
	}
	var names []ast.Expr
	switch e := at.Parent().Node().(type) {
	case *ast.BinaryExpr:
		if e.X == text {
			names = []ast.Expr{e.Y}
		}
	case *ast.CallExpr:
		names = e.Args[slices.Index(e.Args, ast.Expr(text))+1:]
	}
	for _, name := range names {
		decide, fixed := g.fixed(name)
		if !fixed {
			return by, true
		}
		by.add(decide)
	}
	return by, false
}

// toleratesExisting reports whether a function knows the error of a database that is there already,
// or asks for that and does not drop it.
func toleratesExisting(f *flow.Func) bool {
	says := func(what func(string) bool) bool {
		return slices.ContainsFunc(f.Texts, func(lit *ast.BasicLit) bool { return what(lit.Value) })
	}
	return says(sqlast.SaysExisting) || says(sqlast.AsksExisting) && !says(sqlast.DropsDatabase)
}
