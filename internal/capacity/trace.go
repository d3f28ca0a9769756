package capacity

import (
	"go/ast"
	"go/constant"
	"go/types"
	"strings"

	"github.com/poollint/poollint/internal/dbapi"
	"github.com/poollint/poollint/internal/testscope"
)

// A tracer follows a value back to what it is made of.
type tracer struct {
	g     *graph
	in    *node // whose parameters count as such; those of other functions lead to their callers
	made  Makings
	vars  map[*types.Var]bool
	exprs map[ast.Expr]bool

	texts int // expressions on the way whose value is text: of what makes them only text counts
}

// maxTrace bounds the variables that one trace visits.
const maxTrace = 200

func (g *graph) trace(in *node, exprs ...ast.Expr) *Makings {
	return g.traceIn(in, in, exprs...)
}

// traceIn traces expressions that stand in the node from, as seen from another.
func (g *graph) traceIn(from, in *node, exprs ...ast.Expr) *Makings {
	t := &tracer{g: g, in: in, vars: map[*types.Var]bool{}, exprs: map[ast.Expr]bool{}}
	for _, e := range exprs {
		t.expr(from, e)
	}
	return &t.made
}

// expr follows an expression that stands in a node.
func (t *tracer) expr(in *node, e ast.Expr) {
	if e == nil || t.exprs[e] {
		return
	}
	t.exprs[e] = true
	if s, ok := t.g.text(e); ok {
		t.text(s)
		return
	}
	switch e := e.(type) {
	case *ast.Ident:
		if v, ok := t.g.info.ObjectOf(e).(*types.Var); ok {
			t.variable(v)
		}
	case *ast.SelectorExpr:
		if v := t.g.variable(e); v != nil {
			t.variable(v)
		}
		if t.g.info.Selections[e] != nil {
			t.expr(in, e.X)
		}
	case *ast.CallExpr:
		if typ := t.g.info.TypeOf(e); typ != nil && isText(typ) {
			t.texts++
			defer func() { t.texts-- }()
		}
		t.call(in, e)
	case *ast.CompositeLit:
		t.composite(in, e)
	case *ast.FuncLit:
		t.literal(in, e)
	case *ast.BinaryExpr:
		t.expr(in, e.X)
		t.expr(in, e.Y)
	case *ast.UnaryExpr:
		t.expr(in, e.X)
	case *ast.StarExpr:
		t.expr(in, e.X)
	case *ast.ParenExpr:
		t.expr(in, e.X)
	case *ast.IndexExpr:
		t.expr(in, e.X)
	case *ast.SliceExpr:
		t.expr(in, e.X)
	case *ast.TypeAssertExpr:
		t.expr(in, e.X)
	}
}

func (t *tracer) variable(v *types.Var) {
	if t.vars[v] || len(t.vars) > maxTrace || mute(v.Type()) {
		return
	}
	t.vars[v] = true
	g := t.g
	for _, p := range g.sets[v] {
		t.put(p.in, p.key, p.amount)
	}
	for _, use := range g.args[v] {
		t.filled(use, v)
	}
	for _, s := range g.flows[v] {
		if s.key != "" && dsnParams[s.key] {
			t.made.set(Setting{Key: "?" + s.key, Amount: t.textAmount(s.expr)})
		}
		t.made.Timeout = t.made.Timeout || s.key == connectTimeout
		t.expr(s.in, s.expr)
	}
	p, ok := g.params[v]
	switch {
	case !ok:
	case p.of == t.in:
		t.made.Params.add(p.i)
	case isText(v.Type()): // of other types, another call's value is another value
		for _, c := range g.called[p.of.fn] {
			for _, arg := range argsFor(c.expr, p.of.sig, p.i) {
				t.expr(c.in, arg)
			}
		}
	}
}

func isText(t types.Type) bool {
	b, ok := t.Underlying().(*types.Basic)
	return ok && b.Info()&types.IsString != 0
}

// filled notes what a function puts on the argument v.
func (t *tracer) filled(use argument, v *types.Var) {
	fn := use.call.fn
	if fn == nil {
		return
	}
	f := t.g.lookup(fn)
	if f == nil {
		t.made.Opaque = t.made.Opaque || t.texts == 0 && t.g.fills(use) && hasLimit(v.Type(), limitDepth)
		return
	}
	for _, s := range f.Onto {
		switch {
		case s.On != min(use.i, fn.Signature().Params().Len()-1):
		case s.Key == filledKey:
			t.made.Opaque = t.made.Opaque || t.texts == 0 && hasLimit(v.Type(), limitDepth)
		default:
			t.substitute(use.call.in, use.call.expr, fn.Signature(), s)
		}
	}
}

// mute reports whether values of the type say nothing of a limit.
func mute(t types.Type) bool {
	return testscope.IsTB(t) || isError(t)
}

// put notes a number that is put on the value.
func (t *tracer) put(in *node, key string, amount ast.Expr) {
	if strings.HasSuffix(strings.ToLower(key), "timeout") {
		t.made.Timeout = true
		return
	}
	if t.texts > 0 {
		return
	}
	for _, a := range t.g.amounts(in, t.in, amount) {
		t.made.set(Setting{Key: key, Amount: a})
	}
}

func (t *tracer) composite(in *node, lit *ast.CompositeLit) {
	for _, el := range lit.Elts {
		if kv, ok := el.(*ast.KeyValueExpr); ok {
			if id, ok := kv.Key.(*ast.Ident); ok {
				if key := t.g.numberField(id); key != "" {
					t.put(in, key, kv.Value)
					continue
				}
			}
			if key, ok := t.g.text(kv.Key); ok && dsnParams[key] {
				t.made.set(Setting{Key: "?" + key, Amount: t.textAmount(kv.Value)})
			}
			el = kv.Value
		}
		t.expr(in, el)
	}
}

// literal follows a function literal, such as a functional option: what it puts
// on its own parameters and what it returns.
func (t *tracer) literal(in *node, lit *ast.FuncLit) {
	sig, ok := t.g.info.TypeOf(lit).(*types.Signature)
	if !ok {
		return
	}
	for v := range sig.Params().Variables() {
		for _, p := range t.g.sets[v] {
			t.put(p.in, p.key, p.amount)
		}
	}
	for _, r := range in.returns {
		if r.lit == lit {
			t.expr(in, r.expr)
		}
	}
}

func (t *tracer) call(in *node, e *ast.CallExpr) {
	g := t.g
	if tv := g.info.Types[e.Fun]; tv.IsType() || tv.IsBuiltin() {
		t.args(in, e)
		return
	}
	fn := dbapi.Callee(g.info, e)
	if fn == nil {
		t.expr(in, e.Fun)
		t.args(in, e)
		return
	}
	fn = fn.Origin()
	sel, _ := ast.Unparen(e.Fun).(*ast.SelectorExpr)
	if sel != nil && fn.Signature().Recv() != nil {
		t.expr(in, sel.X)
	}
	switch {
	case isEnvironment(fn) && len(e.Args) > 0:
		t.environment(in, e.Args)
		return
	case fn.Pkg() != nil && fn.Pkg().Path() == "context":
		t.made.Timeout = t.made.Timeout || strings.HasPrefix(fn.Name(), "WithTimeout") || strings.HasPrefix(fn.Name(), "WithDeadline")
	case options[fn.Name()] && len(e.Args) == 1:
		t.put(in, fn.Name()+"()", e.Args[0])
	case strings.HasSuffix(fn.Name(), "Timeout") && len(e.Args) == 1:
		t.made.Timeout = true
	}
	if len(e.Args) == 2 { // values.Set("pool_max_conns", "3")
		if key, ok := g.text(e.Args[0]); ok && dsnParams[key] {
			t.made.set(Setting{Key: "?" + key, Amount: t.textAmount(e.Args[1])})
		} else if key == connectTimeout {
			t.made.Timeout = true
		}
	}
	sum := g.lookup(fn)
	if sum == nil {
		t.args(in, e)
		t.made.Opaque = t.made.Opaque || t.unread(fn)
		return
	}
	for _, s := range sum.Result.Settings {
		if t.texts > 0 && !strings.HasPrefix(s.Key, "?") {
			continue
		}
		t.substitute(in, e, fn.Signature(), s.below())
	}
	for _, s := range sum.Result.Servers {
		t.made.server(s)
	}
	t.made.Timeout = t.made.Timeout || sum.Result.Timeout
	t.made.Opaque = t.made.Opaque || sum.Result.Opaque && t.texts == 0
	for i := range 64 {
		if sum.Result.Params.Has(i) {
			for _, arg := range argsFor(e, fn.Signature(), i) {
				t.expr(in, arg)
			}
		}
	}
}

// unread reports whether a function that cannot be read gives a configuration.
// What a database library parses holds the library's own defaults.
func (t *tracer) unread(fn *types.Func) bool {
	if t.texts > 0 || fn.Pkg() != nil && databases[fn.Pkg().Path()] {
		return false
	}
	for v := range fn.Signature().Results().Variables() {
		if hasLimit(v.Type(), limitDepth) {
			return true
		}
	}
	return false
}

// substitute notes a setting of a callee with what the call gives it.
func (t *tracer) substitute(in *node, e *ast.CallExpr, sig *types.Signature, s Setting) {
	for _, a := range t.g.substituted(in, t.in, e, sig, s.Amount) {
		t.made.set(Setting{Key: s.Key, Amount: a, Depth: s.Depth})
	}
}

func (t *tracer) args(in *node, e *ast.CallExpr) {
	for _, arg := range e.Args {
		t.expr(in, arg)
	}
}

// argsFor returns the arguments of a call for parameter i of the signature.
func argsFor(e *ast.CallExpr, sig *types.Signature, i int) []ast.Expr {
	last := sig.Params().Len() - 1
	switch {
	case i == receiver:
		if sel, ok := ast.Unparen(e.Fun).(*ast.SelectorExpr); ok {
			return []ast.Expr{sel.X}
		}
		return nil
	case len(e.Args) == 1 && last > 0: // f(g()) with g returning several values
		return e.Args
	case sig.Variadic() && i == last && i <= len(e.Args):
		return e.Args[i:]
	case i < len(e.Args):
		return e.Args[i : i+1]
	}
	return nil
}

// limitDepth bounds the structs inside structs where a limit is looked for.
const limitDepth = 3

// hasLimit reports whether a value of the type has, at some depth, a field for a
// limit.
func hasLimit(t types.Type, depth int) bool {
	if p, ok := t.Underlying().(*types.Pointer); ok {
		t = p.Elem()
	}
	s, ok := t.Underlying().(*types.Struct)
	if !ok || depth == 0 {
		return false
	}
	for f := range s.Fields() {
		if isLimitField(f) || hasLimit(f.Type(), depth-1) {
			return true
		}
	}
	return false
}

// databases are the packages of the catalogue.
var databases = func() map[string]bool {
	set := map[string]bool{}
	for _, path := range dbapi.Packages() {
		set[path] = true
	}
	return set
}()

// text returns the value of a constant string.
func (g *graph) text(e ast.Expr) (string, bool) {
	if tv, ok := g.info.Types[e]; ok && tv.Value != nil && tv.Value.Kind() == constant.String {
		return constant.StringVal(tv.Value), true
	}
	return "", false
}

// lookup returns what fn has to do with limits; nil if it cannot be read.
func (g *graph) lookup(fn *types.Func) *Func {
	if n := g.byFunc[fn]; n != nil {
		return g.summary(n)
	}
	imported, known := g.imported[fn]
	if !known {
		imported = g.read(fn)
		g.imported[fn] = imported
	}
	return imported
}

// read returns what the fact of another package's function says; nil if the
// package was not read.
func (g *graph) read(fn *types.Func) *Func {
	imported := new(Func)
	if g.pass.ImportObjectFact(fn, imported) {
		return imported
	}
	if fn.Pkg() != nil && g.pass.ImportPackageFact(fn.Pkg(), new(read)) && !isInterface(fn) {
		return new(Func) // read, and found to be nothing
	}
	return nil
}

func isInterface(fn *types.Func) bool {
	recv := fn.Signature().Recv()
	return recv != nil && types.IsInterface(recv.Type())
}
