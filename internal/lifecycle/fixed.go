package lifecycle

import (
	"go/ast"
	"go/types"
	"regexp"
	"slices"

	"github.com/poollint/poollint/internal/dbapi"
	"github.com/poollint/poollint/internal/flow"
	"github.com/poollint/poollint/internal/sqlast"
)

// fixed reports whether e is the same text whenever the code runs, but for parameters of the
// functions around it, which it returns: their callers decide.
func (g *graph) fixed(e ast.Expr) (by values, is bool) {
	f := fixing{g, values{}, map[*types.Var]bool{}}
	return f.by, f.expr(e)
}

type fixing struct {
	g    *graph
	by   values
	seen map[*types.Var]bool
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
	case *ast.CallExpr:
		if f.g.info.Types[e.Fun].IsType() {
			return all(e.Args)
		}
		fn := dbapi.Callee(f.g.info, e)
		if fn == nil || fn.Pkg() == nil || !spells[fn.Pkg().Path()] && !quotes.MatchString(fn.Name()) {
			return false
		}
		sel, ok := ast.Unparen(e.Fun).(*ast.SelectorExpr)
		return all(e.Args) && (fn.Signature().Recv() == nil || ok && f.expr(sel.X))
	}
	return false
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

// named reports whether a call of a function gives a name of its own, one that is not fixed,
// where that makes what it names the caller's own; on are the parameters of the functions
// around the call that decide in their place.
func (g *graph) named(c *flow.Call, sig *types.Signature, by flow.Params) (own bool, on values) {
	on = values{}
	for i := range by.All {
		args := c.Args(sig, i)
		own = own || len(args) == 0
		for _, arg := range args {
			more, fixed := g.fixed(arg)
			own = own || !fixed
			on.add(more)
		}
	}
	return own, on
}

// leftTo returns the parameters whose callers decide whether a text makes a database of
// their own: those that must not be empty for it, and those that name what may be there already.
// There are none if it does so in any case.
func (g *graph) leftTo(f *flow.Func, text *ast.BasicLit) values {
	at, ok := f.Cursor.FindNode(text)
	if !ok {
		return nil
	}
	asked := values{}
	for n := f; n != nil; n = n.Parent {
		if need, of := g.asks(at, n, isZero); need == "." {
			asked.ask(flow.ParamOf(n.Sig, of))
		}
	}
	if len(asked) == 0 && !sqlast.KeepsExisting(text.Value) {
		return nil
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
		by, fixed := g.fixed(name)
		if !fixed {
			return nil
		}
		asked.add(by)
	}
	return asked
}
