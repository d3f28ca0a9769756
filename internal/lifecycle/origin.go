package lifecycle

import (
	"go/ast"
	"go/types"
	"regexp"
	"slices"
	"strings"

	"github.com/poollint/poollint/internal/dbapi"
	"github.com/poollint/poollint/internal/flow"
	"github.com/poollint/poollint/internal/testscope"
)

// A tracer follows a value back to what it is made of, through the variables of
// the package's functions and the summaries of the functions it calls. It does
// not mind the order of statements.
type tracer struct {
	g      *graph
	origin dbapi.Origin
	vars   map[*types.Var]bool // every variable on the way, parameters included
	keys   map[string]ast.Expr // every field and option that is set on the way, with what it is set to
	calls  map[*ast.CallExpr]bool
	funcs  map[*flow.Func]bool
}

// maxTrace bounds the variables that one trace visits.
const maxTrace = 200

func (g *graph) trace(exprs ...ast.Expr) *tracer {
	t := &tracer{
		g: g, vars: map[*types.Var]bool{}, keys: map[string]ast.Expr{},
		calls: map[*ast.CallExpr]bool{}, funcs: map[*flow.Func]bool{},
	}
	for _, e := range exprs {
		t.expr(e)
	}
	return t
}

// paramsAmong returns which parameters of the signature are among the variables.
func paramsAmong(vars map[*types.Var]bool, sig *types.Signature) flow.Params {
	var p flow.Params
	if sig == nil {
		return p
	}
	for i := range flow.ParamCount(sig) {
		if v := flow.ParamOf(sig, i); v != nil && vars[v] {
			p.Add(i)
		}
	}
	return p
}

// searchPathHole matches text that ends in, or formats, a search_path.
var searchPathHole = regexp.MustCompile(`(?i)search_path(?:=|%3D)["']?(?:%|$)`)

// originOf returns what a constant says about the database. Many ways lead through the
// same few.
func (g *graph) originOf(text string) dbapi.Origin {
	origin, known := g.origins[text]
	if !known {
		origin = dbapi.OriginOfText(text)
		if g.fakes[text] {
			origin |= dbapi.Fake
		}
		if searchPathHole.MatchString(text) {
			origin |= dbapi.Private
		}
		g.origins[text] = origin
	}
	return origin
}

func (t *tracer) expr(e ast.Expr) {
	if e == nil {
		return
	}
	if tv, ok := t.g.info.Types[e]; ok && tv.Value != nil {
		t.origin |= t.g.originOf(flow.Text(t.g.info, e))
		return
	}
	switch e := e.(type) {
	case *ast.Ident:
		if v, ok := t.g.info.ObjectOf(e).(*types.Var); ok {
			t.variable(v)
		}
	case *ast.CallExpr:
		t.call(e)
	case *ast.CompositeLit:
		t.composite(e)
	default:
		for _, part := range flow.Parts(t.g.info, e) {
			t.expr(part)
		}
	}
}

func (t *tracer) composite(lit *ast.CompositeLit) {
	for _, el := range lit.Elts {
		if kv, ok := el.(*ast.KeyValueExpr); ok {
			t.key(kv.Key, kv.Value)
			if id, ok := kv.Key.(*ast.Ident); ok && dbapi.Incidental(id.Name) {
				continue
			}
			el = kv.Value
		}
		t.expr(el)
	}
}

// key notes a value that is stored under a key such as search_path.
func (t *tracer) key(key, value ast.Expr) {
	if id, ok := key.(*ast.Ident); ok {
		t.named(id.Name, value)
	}
	tv, ok := t.g.info.Types[key]
	if ok && tv.Value != nil {
		t.named(flow.Text(t.g.info, key), value)
	}
}

func (t *tracer) named(key string, value ast.Expr) {
	t.keys[key] = value
	if tv, ok := t.g.info.Types[value]; ok && tv.Value == nil {
		t.origin |= dbapi.OriginOfField(key)
	}
}

func (t *tracer) variable(v *types.Var) {
	if t.vars[v] || len(t.vars) > maxTrace || opaque(v.Type()) {
		return
	}
	t.vars[v] = true
	if v.Pkg() != nil && v.Parent() == v.Pkg().Scope() {
		// Shared by the whole process: what it holds is no test's own.
		shared := &tracer{g: t.g, vars: t.vars, keys: t.keys, calls: t.calls, funcs: t.funcs}
		shared.sources(v)
		t.origin |= shared.origin & (dbapi.Fake | dbapi.Unreachable)
		return
	}
	t.sources(v)
}

func (t *tracer) sources(v *types.Var) {
	for _, s := range t.g.sources(v) {
		if dbapi.Incidental(s.key) {
			continue
		}
		t.expr(s.expr)
		if s.key != "" {
			t.named(s.key, s.expr)
		}
	}
}

func (t *tracer) call(e *ast.CallExpr) {
	if t.calls[e] {
		return
	}
	t.calls[e] = true
	g := t.g
	if len(e.Args) == 2 {
		t.key(e.Args[0], e.Args[1]) // values.Set("search_path", schema)
	}
	fn := dbapi.Callee(g.info, e)
	if fn == nil {
		if c := g.code.Call(e); c != nil {
			for _, f := range c.Targets() {
				t.function(f)
			}
		}
		t.args(e)
		if v := g.root(e.Fun); v != nil {
			t.variable(v)
		}
		return
	}
	t.keys[strings.TrimPrefix(fn.Name(), "With")] = e
	t.origin |= dbapi.OriginOf(fn)
	if sel, ok := ast.Unparen(e.Fun).(*ast.SelectorExpr); ok && fn.Signature().Recv() != nil {
		t.expr(sel.X)
	}
	sum, known := g.lookup(fn)
	if !known {
		if g.foreign(fn) && (makingDatabase.MatchString(fn.Name()) || making.MatchString(fn.Name()) && testscope.TakesTB(fn.Signature())) {
			t.origin |= dbapi.Private
		}
		t.args(e)
		return
	}
	t.origin |= sum.Result
	if sum.Private {
		t.origin |= dbapi.Private
	}
	for i := range sum.Flows.All {
		for _, arg := range g.code.Call(e).Args(fn.Signature(), i) {
			t.expr(arg)
		}
	}
}

// making matches the names of functions that make something anew: in libraries for
// tests that take the running test, databases of its own. makingDatabase matches
// those that say so.
var (
	making         = regexp.MustCompile(`^(?:Must)?(?:New|Create|Setup|SetUp|Start|Run|Make)(?:[A-Z]|$)`)
	makingDatabase = regexp.MustCompile(`^(?:Must)?Create(?:Test|Temp)?(?:Database|DB|Schema)$`)
)

// foreign reports whether a function belongs to a module that is not analysed.
func (g *graph) foreign(fn *types.Func) bool {
	if g.pass.Module == nil || fn.Pkg() == nil {
		return false
	}
	path, module := fn.Pkg().Path(), g.pass.Module.Path
	return path != module && !strings.HasPrefix(path, module+"/") && !g.pass.ImportPackageFact(fn.Pkg(), new(reaches))
}

func (t *tracer) args(e *ast.CallExpr) {
	for _, arg := range e.Args {
		if typ := t.g.info.TypeOf(arg); typ == nil || !opaque(typ) {
			t.expr(arg)
		}
	}
}

// function follows what a closure returns; its free variables belong to the way.
func (t *tracer) function(f *flow.Func) {
	if t.funcs[f] {
		return
	}
	t.funcs[f] = true
	for _, r := range t.g.results(f) {
		t.expr(r)
	}
	if t.g.private[f] {
		t.origin |= dbapi.Private
	}
}

// results returns the expressions that the function returns, errors left out; for named
// results their names as well.
func (g *graph) results(f *flow.Func) []ast.Expr {
	return slices.DeleteFunc(f.Results(), func(e ast.Expr) bool {
		t := g.info.TypeOf(e)
		return t == nil || isError(t)
	})
}
