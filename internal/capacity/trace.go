package capacity

import (
	"go/ast"
	"go/types"
	"strings"
	"sync"

	"github.com/poollint/poollint/internal/dbapi"
	"github.com/poollint/poollint/internal/flow"
	"github.com/poollint/poollint/internal/testscope"
)

// A tracer finds the provenance of a value, as a function sees it: its own parameters count
// as such, those of other functions lead to what their callers give.
type tracer struct {
	*scope
	*flow.Trace
	found Provenance
	told  map[string]bool // texts whose limits are noted by what is put into them

	texts int // calls on the way whose value is text: of what makes them only text counts
}

// provenance returns what values are made of.
func (s *scope) provenance(exprs ...ast.Expr) *Provenance {
	if len(exprs) == 0 {
		return new(Provenance)
	}
	t := &tracer{scope: s, Trace: s.code.NewTrace(), told: map[string]bool{}}
	t.Text, t.Var, t.Part, t.Call, t.Lit = t.text, t.variable, t.part, t.call, t.literal
	t.Skip = func(_ *types.Var, s *flow.Store) bool { return t.tooLate(s) }
	t.Follow(exprs...)
	return &t.found
}

func (t *tracer) variable(v *types.Var) (into bool) {
	if silent(v.Type()) {
		return false
	}
	t.settingsOf(v)
	others := flow.Global(v) && (v.Pkg() != t.pass.Pkg || v.Exported()) // they may have put something there
	t.opaque(others && t.configures(v.Type()))
	p, ok := t.code.Param(v)
	switch {
	case !ok:
	case p.Of == t.f:
		t.found.Params.Add(p.I)
	case isText(v.Type()) || t.whole[p.Of] != p.Of: // of other types, another call's value is another value
		for _, c := range p.Of.Callers {
			t.Follow(c.Args(p.Of.Sig, p.I)...)
		}
		t.opaque(len(p.Of.Callers) == 0 && t.configures(v.Type()))
	}
	return true
}

// silent reports whether values of the type say nothing of a limit or a server.
func silent(t types.Type) bool {
	return testscope.IsTB(t) || flow.IsError(t) || isBasic(t, types.IsBoolean|types.IsNumeric)
}

// opaque notes that a configuration cannot be read, if so.
func (t *tracer) opaque(so bool) {
	if so && t.texts == 0 {
		t.found.set(Setting{Key: filledKey, Amount: Amount{Kind: Unknown}})
	}
}

// settingsOf notes what code puts on a variable or field.
func (t *tracer) settingsOf(v *types.Var) {
	for _, a := range t.assigned[v] {
		if a.of == nil || t.receives(a.of) {
			t.assign(a.amount, a.setting())
		}
	}
	for _, c := range t.keepers[v] {
		t.Follow(c.Expr)
	}
	for _, c := range t.methods[v] {
		t.put(v, t.settingsBy(c, flow.Receiver))
	}
	uses := t.code.Passed(v)
	fillable := len(uses) > 0 && t.configures(v.Type())
	for _, use := range uses {
		t.option(use.Call)
		t.opaque(fillable && t.fills(use))
		t.put(v, t.settingsBy(use.Call, use.I+1))
	}
}

// option follows a func value that is called, such as a functional option, or what a method of an
// interface is called on. Of one that is a function of its own, its summary tells.
func (t *tracer) option(c *flow.Call) {
	switch {
	case c.Fn == nil && len(t.callees(c)) == 0:
		t.Follow(c.Expr.Fun)
	case c.Fn != nil && isInterface(c.Fn):
		t.Follow(c.Receiver())
	}
}

// put notes what a function puts on a value.
func (t *tracer) put(v *types.Var, settings []Setting) {
	for _, s := range settings {
		if s.Key == filledKey {
			t.opaque(t.configures(v.Type()))
		} else {
			t.found.set(s)
		}
	}
}

// assign notes a number that the value has, in a setting like the one given.
func (t *tracer) assign(amount ast.Expr, s Setting) {
	if strings.HasSuffix(strings.ToLower(s.Key), "timeout") {
		t.found.Timeout = true
		return
	}
	if t.texts > 0 {
		return
	}
	t.found.set(t.each(s, amount)...)
}

// part notes a field, or what stands under a constant key.
func (t *tracer) part(key string, field *types.Var, value ast.Expr) (follow bool) {
	if name := t.fieldKey(field); name != "" {
		s := t.settingOf[value]
		s.Key, s.Depth = name, literalDepth
		t.assign(value, s)
		return false
	}
	t.param(key, value)
	return true
}

// param notes a parameter of a DSN.
func (t *tracer) param(key string, value ast.Expr) {
	if words().params[key] {
		t.found.set(Setting{Key: "?" + key, Amount: amountOf(flow.Text(t.info, value))})
	}
	t.found.Timeout = t.found.Timeout || key == connectTimeout
}

// literal follows a function literal, such as a functional option: what it puts
// on its own parameters and what it returns.
func (t *tracer) literal(f *flow.Func) {
	if f == nil || f.Sig == nil {
		return
	}
	for v := range f.Sig.Params().Variables() {
		t.settingsOf(v)
	}
	t.Follow(f.Results()...)
}

func (t *tracer) call(e *ast.CallExpr) {
	if typ := t.info.TypeOf(e); typ != nil && isText(typ) {
		t.texts++
		defer func() { t.texts-- }()
	}
	c := t.code.Call(e)
	if c == nil || !c.Runs() {
		t.Follow(e.Args...)
		return
	}
	for _, a := range t.assigned[e] {
		t.assign(a.amount, a.setting())
	}
	t.option(c)
	if c.Fn == nil {
		t.Follow(e.Args...)
	} else {
		t.Follow(c.Receiver())
		if isEnvironment(c.Fn) && len(e.Args) > 0 {
			t.environment(e.Args[0])
			return
		}
		t.telling(c.Fn, e.Args)
		t.formatted(c.Fn, e.Args)
	}
	for _, callee := range t.callees(c) {
		if callee.does == nil {
			t.Follow(e.Args...)
			t.opaque(t.unread(c.Fn))
		} else {
			t.result(c, callee)
		}
	}
}

// telling notes what the name of a function says, or what it is given under a key.
func (t *tracer) telling(fn *types.Func, args []ast.Expr) {
	name := fn.Name()
	switch {
	case fn.Pkg() != nil && fn.Pkg().Path() == "context":
		t.found.Timeout = t.found.Timeout || strings.HasPrefix(name, "WithTimeout") || strings.HasPrefix(name, "WithDeadline")
	case words().options[name] && len(args) == 1:
		t.assign(args[0], Setting{Key: name + "()"})
	case strings.HasSuffix(name, "Timeout") && len(args) == 1:
		t.found.Timeout = true
	}
	if len(args) == 2 { // values.Set("pool_max_conns", "3")
		t.param(flow.Text(t.info, args[0]), args[1])
	}
}

// result notes what the results of a function that the call runs are made of.
func (t *tracer) result(c *flow.Call, callee callee) {
	from := &callee.does.Result
	for _, s := range from.Settings {
		if t.texts == 0 || strings.HasPrefix(s.Key, "?") {
			t.found.set(t.substitute(c, callee.sig, s.below())...)
		}
	}
	for _, s := range from.Servers {
		t.found.server(s)
	}
	t.found.Timeout = t.found.Timeout || from.Timeout
	for i := range from.Params.All {
		t.Follow(c.Args(callee.sig, i)...)
	}
}

// unread reports whether a function that cannot be read gives a configuration.
// What a database library parses holds the library's own defaults.
func (r *reader) unread(fn *types.Func) bool {
	if fn.Pkg() != nil && databases()[fn.Pkg().Path()] {
		return false
	}
	for v := range fn.Signature().Results().Variables() {
		if r.configures(v.Type()) {
			return true
		}
	}
	return false
}

// databases are the packages of the catalogue.
var databases = sync.OnceValue(func() map[string]bool {
	set := map[string]bool{}
	for _, path := range dbapi.Packages() {
		set[path] = true
	}
	return set
})
