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
// the package's functions and the summaries of the functions it calls.
type tracer struct {
	*flow.Trace
	g      *graph
	origin dbapi.Origin
	held   dbapi.Origin        // what the fields of receivers say on the way
	vars   map[*types.Var]bool // every variable on the way, parameters included
	keys   map[string]ast.Expr // every field and option that is set on the way, with what it is set to
	calls  map[*ast.CallExpr]bool
	funcs  map[*flow.Func]bool
	naming bool // follows what may name a database
	deep   bool // looks into functions, whose summaries need not be known yet
}

func (g *graph) trace(exprs ...ast.Expr) *tracer {
	t := &tracer{
		Trace: g.code.NewTrace(), g: g, vars: map[*types.Var]bool{}, keys: map[string]ast.Expr{},
		calls: map[*ast.CallExpr]bool{}, funcs: map[*flow.Func]bool{},
	}
	t.Text = func(text string) { t.origin |= g.originOf(text) }
	t.Var, t.Part, t.Call, t.Field = t.variable, t.part, t.call, t.field
	t.Skip = func(v *types.Var, s *flow.Store) bool { return s.Whole(v) && g.spared(v)[s.Src] }
	t.Follow(exprs...)
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

// part notes a value that is stored in a field or under a key such as search_path.
func (t *tracer) part(key string, _ *types.Var, value ast.Expr) (follow bool) {
	if dbapi.Incidental(key) || t.naming && elsewhere.MatchString(key) {
		return false
	}
	t.named(key, value)
	return true
}

func (t *tracer) named(key string, value ast.Expr) {
	t.keys[key] = value
	if tv, ok := t.g.info.Types[value]; ok && tv.Value == nil {
		t.origin |= dbapi.OriginOfField(key)
	}
}

// variable follows a variable; of what a field is taken, and not what else it may hold.
func (t *tracer) variable(v *types.Var) (into bool) {
	if v.IsField() || opaque(v.Type()) {
		return false
	}
	t.vars[v] = true
	if flow.Global(v) && dbapi.Differs(v.Pkg().Path()) { // rand.Reader
		t.origin |= dbapi.Unique
	}
	before, held := t.origin, t.held
	if t.g.ofServer(v.Type()) {
		t.origin |= dbapi.Private
	}
	t.Into(v)
	for _, c := range t.g.receiving[v] {
		t.Follow(c.Expr)
	}
	t.filled(v)
	if flow.Global(v) { // shared by the whole process: what it holds is no test's own
		t.origin, t.held = before|t.origin&(dbapi.Fake|dbapi.Unreachable), held
	}
	return false
}

func (t *tracer) call(e *ast.CallExpr) {
	t.calls[e] = true
	g := t.g
	if len(e.Args) == 2 { // values.Set("search_path", schema)
		if key := flow.Text(g.info, e.Args[0]); key != "" {
			t.named(key, e.Args[1])
		}
	}
	fn := dbapi.Callee(g.info, e)
	if fn == nil {
		if c := g.code.Call(e); c != nil {
			for _, f := range c.Targets() {
				t.function(f)
			}
		}
		t.args(e)
		if id := flow.RootName(g.info, e.Fun); id != nil {
			t.Follow(id)
		}
		return
	}
	key := strings.TrimPrefix(fn.Name(), "With")
	t.keys[key] = e
	if t.naming && key != fn.Name() && elsewhere.MatchString(key) {
		return
	}
	t.origin |= dbapi.OriginOf(fn)
	if results := fn.Signature().Results(); results.Len() > 0 && dbapi.OriginOf(fn) == 0 && dbapi.IsDialector(results.At(0).Type()) {
		t.origin |= dbapi.Server
	}
	if sel, ok := ast.Unparen(e.Fun).(*ast.SelectorExpr); ok && fn.Signature().Recv() != nil {
		t.Follow(sel.X)
	}
	if t.naming && isFunc(fn.Signature().Results()) { // an option keeps what it is given
		t.args(e)
		return
	}
	sum, known := g.lookup(fn)
	c := g.code.Call(e)
	if !known || c == nil {
		if g.foreign(fn) && (makingDatabase.MatchString(fn.Name()) || making.MatchString(fn.Name()) && testscope.TakesTB(fn.Signature())) {
			t.origin |= dbapi.Private
		}
		t.args(e)
		return
	}
	switch of := g.root(c.Receiver()); {
	case !sum.Held:
		t.origin |= sum.Result
	case of == nil || !flow.Global(of):
		t.hold(of, sum.Result)
	}
	if f := g.code.Func(fn); t.deep && f != nil {
		t.function(f)
		t.through(c, f.Sig)
	}
	if sum.Private {
		t.origin |= dbapi.Private
	}
	for i := range sum.Flows.All {
		t.Follow(c.Args(fn.Signature(), i)...)
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
			t.Follow(arg)
		}
	}
}

// function follows what a closure returns; its free variables belong to the way.
func (t *tracer) function(f *flow.Func) {
	if t.funcs[f] {
		return
	}
	t.funcs[f] = true
	t.Follow(t.g.onServers(t.g.results(f))...)
	if t.g.private[f] {
		t.origin |= dbapi.Private
	}
}

// results returns the expressions that the function returns, errors left out; for named
// results their names as well.
func (g *graph) results(f *flow.Func) []ast.Expr {
	return slices.DeleteFunc(f.Results(), func(e ast.Expr) bool {
		t := g.info.TypeOf(e)
		return t == nil || flow.IsError(t)
	})
}
