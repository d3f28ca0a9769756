package lifecycle

import (
	"go/ast"
	"go/types"
	"regexp"
	"slices"
	"strings"

	"github.com/poollint/poollint/internal/dbapi"
	"github.com/poollint/poollint/internal/flow"
)

// A tracer follows a value back to what it is made of, through the variables of
// the package's functions and the summaries of the functions it calls.
type tracer struct {
	*flow.Trace
	g      *graph
	origin dbapi.Origin
	beside dbapi.Origin        // what stands beside what is asked for says of a place
	found  bool                // there is something that is asked for
	held   dbapi.Origin        // what the fields of receivers say on the way
	vars   values              // every variable on the way, parameters included
	by     values              // parameters that name a schema: one of the caller's own if they are not fixed
	asks   map[string]bool     // texts that leave a schema's name to what is put behind them
	keys   map[string]ast.Expr // every field and option that is set on the way, with what it is set to
	calls  map[*ast.CallExpr]bool
	funcs  map[asking]bool
	naming bool // follows what may name a database
	deep   bool // looks into functions, whose summaries need not be known yet
}

// asking is what is asked for of the results of a function.
type asking struct {
	f      *flow.Func
	asked  flow.Path
	beside bool
}

func (g *graph) trace(exprs ...ast.Expr) *tracer {
	t := &tracer{
		Trace: g.code.NewTrace(), g: g, vars: values{}, by: values{}, asks: map[string]bool{}, keys: map[string]ast.Expr{},
		calls: map[*ast.CallExpr]bool{}, funcs: map[asking]bool{},
	}
	t.Text = t.text
	t.Var, t.Part, t.Call, t.Field, t.Join, t.Lit = t.variable, t.part, t.call, t.field, t.join, t.literal
	t.Fields, t.Always = true, dbapi.Decides
	t.Cases = g.onServers
	t.Skip = func(v *types.Var, s *flow.Store) bool { return s.Whole(v) && g.spared(v)[s.Src] }
	t.Follow(exprs...)
	return t
}

// places are the origins that say where something is: beside what is asked for it is another
// thing's place.
const places = dbapi.Fake | dbapi.Memory | dbapi.File | dbapi.Unreachable

// say adds what a part of the value says.
func (t *tracer) say(origin dbapi.Origin) {
	if t.Beside() {
		t.beside |= origin & places
		origin &^= places
	} else {
		t.found = true
	}
	t.origin |= origin
}

// all returns what the value says; where nothing that is asked for is to be seen, what stands
// beside that may have been put in its place.
func (t *tracer) all() dbapi.Origin {
	if t.found || t.beside == 0 {
		return t.origin
	}
	return t.origin | dbapi.Fake
}

// join notes a path that is put where a DSN names its server: the socket of one that was
// started there.
func (t *tracer) join(e *ast.BinaryExpr) {
	before := e.X
	if left, ok := ast.Unparen(before).(*ast.BinaryExpr); ok {
		before = left.Y
	}
	t.behind(flow.Text(t.g.info, before), e.Y)
}

// behind notes what a value is by the text that it is put behind.
func (t *tracer) behind(before string, value ast.Expr) {
	if inSearchPath.MatchString(before) {
		t.asks[before] = true
		t.schema(value)
	}
	t.socket(before, value)
}

func (t *tracer) socket(before string, value ast.Expr) {
	if dbapi.Socket(before) && t.g.eitherOf(value)&dbapi.File != 0 {
		t.say(dbapi.Private)
	}
}

// formatted notes such a path among what a format takes.
func (t *tracer) formatted(args []ast.Expr) {
	format := flow.Text(t.g.info, args[0])
	for i, at := range flow.Verbs(format) {
		if i+1 == len(args) {
			return
		}
		t.behind(format[:at], args[i+1])
		t.asks[format] = true
	}
}

// text notes what a constant says.
func (t *tracer) text(text string) {
	t.say(t.g.originOf(text))
	if !t.asks[text] && searchPathHole.MatchString(text) {
		t.origin |= dbapi.Private // by what is out of sight
	}
}

// schema notes what names a schema: one of its own unless that is fixed.
func (t *tracer) schema(name ast.Expr) {
	by, fixed := t.g.fixed(name)
	if !fixed {
		t.origin |= dbapi.Private
	}
	t.by.add(by)
}

var (
	// searchPathHole matches text that ends in, or formats, a search_path; inSearchPath one that
	// ends within.
	searchPathHole = regexp.MustCompile(`(?i)search_path(?:=|%3D)["']?(?:%|$)`)
	inSearchPath   = regexp.MustCompile(`(?i)search_path(?:=|%3D)["']?(?:[^&= ]*[,%])?$`)
)

// originOf returns what a constant says about the database. Many ways lead through the
// same few.
func (g *graph) originOf(text string) dbapi.Origin {
	origin, known := g.origins[text]
	if !known {
		origin = dbapi.OriginOfText(text)
		if g.invented.names[text] {
			origin |= dbapi.Fake
		}
		g.origins[text] = origin
	}
	return origin
}

// part notes a value that is stored in a field or under a key such as search_path.
func (t *tracer) part(key string, field *types.Var, value ast.Expr) (follow bool) {
	if dbapi.Incidental(key) || t.naming && elsewhere.MatchString(key) {
		return false
	}
	t.named(key, value)
	if field != nil && !t.Named() && !dbapi.Located(key) && !dbapi.Decides(key) {
		t.FollowBeside(value)
		return false
	}
	return true
}

func (t *tracer) named(key string, value ast.Expr) {
	t.keys[key] = value
	if tv, ok := t.g.info.Types[value]; ok && tv.Value == nil {
		if origin := dbapi.OriginOfField(key); origin == dbapi.Private {
			t.schema(value)
		} else {
			t.origin |= origin
		}
	}
	t.socket(key, value)
	for _, f := range t.g.code.FuncsOf(value) { // AfterConnect
		t.runs(f)
	}
	if dbapi.Dialer(key) && slices.ContainsFunc(t.g.code.FuncsOf(value), t.g.pipes) {
		t.say(dbapi.Fake)
	}
}

// runs notes what a function makes that a configuration has run.
func (t *tracer) runs(f *flow.Func) {
	t.origin |= t.g.private[f]
	t.by.add(t.g.privateBy[f])
}

// pipes reports whether a function makes connections that lead to no server.
func (g *graph) pipes(f *flow.Func) bool {
	return slices.ContainsFunc(f.Calls, func(c *flow.Call) bool { return c.Fn != nil && dbapi.Pipes(c.Fn) })
}

// variable follows a variable; of what a field is taken, and not what else it may hold.
func (t *tracer) variable(v *types.Var) (into bool) {
	if opaque(v.Type()) {
		return false
	}
	t.filledBy(v)
	if t.g.invented.vars[v] {
		t.say(dbapi.Fake)
	}
	if v.IsField() {
		return false
	}
	if t.Beside() {
		t.vars.ask(v)
	} else {
		t.vars.ask(v, t.Asked())
		_, param := t.g.code.Param(v)
		t.found = t.found || param || flow.Global(v)
	}
	if flow.Global(v) && dbapi.Differs(v.Pkg().Path()) { // rand.Reader
		t.origin |= dbapi.Unique
	}
	before, held := t.origin, t.held
	t.origin |= t.g.ofServer(v.Type())
	t.Into(v)
	if t.g.fakeForTests(v) {
		t.say(dbapi.Fake)
	}
	if !mocks(v.Type()) {
		for _, c := range t.g.receiving[v] {
			t.Follow(c.Expr)
		}
	}
	t.filled(v)
	if flow.Global(v) { // shared by the whole process: what it holds is no test's own
		t.origin, t.held = before|t.origin&(places|dbapi.Started), held
	}
	return false
}

// mocks reports whether values of the type are mocks of a library.
func mocks(t types.Type) bool {
	pkg := packageOf(t)
	return pkg != nil && dbapi.Mocks(pkg.Path())
}

func (t *tracer) call(e *ast.CallExpr) {
	t.calls[e] = true
	g := t.g
	if g.converts(e) {
		t.FollowAt(t.Asked(), e.Args...)
		return
	}
	if len(e.Args) == 2 { // values.Set("search_path", schema)
		if key := flow.Text(g.info, e.Args[0]); key != "" {
			t.named(key, e.Args[1])
		}
	}
	fn := dbapi.Callee(g.info, e)
	if fn == nil {
		t.unnamed(e)
		return
	}
	if g.cat != nil && g.cat.Opener(fn) != nil && slices.ContainsFunc(e.Args, g.ownFake) || slices.ContainsFunc(e.Args, g.dry) {
		t.say(dbapi.Fake)
	}
	key := strings.TrimPrefix(fn.Name(), "With")
	t.keys[key] = e
	if t.naming && key != fn.Name() && elsewhere.MatchString(key) {
		return
	}
	t.catalogued(e, fn)
	if sel, ok := ast.Unparen(e.Fun).(*ast.SelectorExpr); ok && fn.Signature().Recv() != nil {
		t.Follow(sel.X)
	}
	if t.naming && isFunc(fn.Signature().Results()) { // an option keeps what it is given
		t.args(e)
		return
	}
	t.ofFiles(e)
	if sum, known := g.lookup(fn); known && g.code.Call(e) != nil {
		t.summarized(g.code.Call(e), fn.Signature(), sum)
		return
	}
	if dbapi.OriginOf(fn) == 0 {
		t.origin |= g.ofWrapper(fn)
	}
	t.args(e)
}

// unnamed follows a call of a func value.
func (t *tracer) unnamed(e *ast.CallExpr) {
	before := t.origin
	if c := t.g.code.Call(e); c != nil {
		for _, f := range c.Targets() {
			t.function(f)
		}
	}
	t.args(e)
	if id := flow.RootName(t.g.info, e.Fun); id != nil {
		t.Follow(id)
	}
	if t.g.memoized(e.Fun) { // the server that it started, the database that it made, is there for all
		t.origin = before | t.origin&^(dbapi.Private|dbapi.Unique)
	}
}

// catalogued says what the catalogue, or a format, says of a call.
func (t *tracer) catalogued(e *ast.CallExpr, fn *types.Func) {
	origin := dbapi.OriginOf(fn)
	t.say(t.g.unlessShared(origin, t.g.receiver(e)))
	if results := fn.Signature().Results(); results.Len() > 0 && origin == 0 && dbapi.IsDialector(results.At(0).Type()) {
		t.origin |= t.g.ofDialector(fn, e.Args)
	}
	if dbapi.NameOf(fn) == "fmt.Sprintf" && len(e.Args) > 1 {
		t.formatted(e.Args)
	}
}

// summarized follows a call of a function whose summary is known.
func (t *tracer) summarized(c *flow.Call, sig *types.Signature, sum *Func) {
	g := t.g
	f := g.code.Func(c.Fn)
	part := f != nil && t.Asked() != "" // which the summary does not tell apart
	switch of := g.root(c.Receiver()); {
	case !sum.Held && part:
		t.origin |= sum.Result &^ places
	case !sum.Held:
		t.say(sum.Result)
	case of == nil || !flow.Global(of):
		t.hold(of, g.unlessShared(sum.Result, c.Receiver()))
	default:
		t.origin |= sum.Result & dbapi.Started
	}
	if f != nil && (t.deep || part) {
		t.function(f)
		t.through(c, f.Sig)
	}
	t.origin |= sum.Makes
	t.names(c, sig, sum.PrivateBy, sum.PrivateOf)
	t.names(c, sig, sum.By, sum.ByOf)
	switch {
	case part:
	case sum.Puts != "" && t.Asked() != "":
		t.option(c, sig, sum.Puts)
	default:
		t.arguments(c, sig, sum.Flows, sum.Of)
	}
}

// names notes whether a call names something of the caller's own by what it gives these parameters.
func (t *tracer) names(c *flow.Call, sig *types.Signature, by flow.Params, of parts) {
	own, on := t.g.named(c, sig, by, of)
	if own {
		t.origin |= dbapi.Private
	}
	t.by.add(on)
}

// receiver returns what a method is called of; nil if it is no call of a method.
func (g *graph) receiver(e *ast.CallExpr) ast.Expr {
	if sel, ok := ast.Unparen(e.Fun).(*ast.SelectorExpr); ok && g.info.Selections[sel] != nil {
		return sel.X
	}
	return nil
}

// ofDialector returns what a GORM dialector is that a function makes: a server's, unless its
// package is named for files, or what it is given is one.
func (g *graph) ofDialector(fn *types.Func, args []ast.Expr) dbapi.Origin {
	if dbapi.Knows(fn.Pkg().Path()) {
		return dbapi.Server
	}
	if origin := dbapi.OriginOfDialector(fn.Pkg()); origin != 0 {
		return origin
	}
	if slices.ContainsFunc(args, func(e ast.Expr) bool { return g.eitherOf(e).Fakes() }) {
		return dbapi.Fake
	}
	return dbapi.Server
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
	way := asking{f, t.Asked(), t.Beside()}
	if t.funcs[way] {
		return
	}
	t.funcs[way] = true
	t.FollowAt(t.Asked(), t.g.onServers(t.g.results(f))...)
	t.origin |= t.g.private[f]
}

// results returns the expressions that the function returns, errors left out; for named
// results their names as well.
func (g *graph) results(f *flow.Func) []ast.Expr {
	return slices.DeleteFunc(f.Results(), func(e ast.Expr) bool {
		t := g.info.TypeOf(e)
		return t == nil || flow.IsError(t)
	})
}
