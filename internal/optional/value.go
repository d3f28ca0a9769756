package optional

import (
	"go/ast"
	"go/token"
	"go/types"
	"reflect"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/tools/go/ast/inspector"

	"github.com/poollint/poollint/internal/flow"
)

// maxHops bounds the variables and functions between a call and a value.
const maxHops = 8

// A value is what is known of one that a switch needs: it is there, or callers decide.
type value struct {
	given  bool
	by     *path // to what they give
	filled bool
}

var (
	missing = value{}
	given   = value{given: true}
)

// A want says what a value must be, and at which place.
type want struct {
	filled bool // see Switch
	at     inspector.Cursor
	in     *flow.Func
}

// value returns what the fields lead to from an expression.
func (r *reader) value(e ast.Expr, fields []string, w want, hops int) value {
	if r.looks--; r.looks < 0 || hops == 0 {
		return missing
	}
	e = ast.Unparen(e)
	if p, ok := r.pathOf(e); ok && r.isKnown(path{p.root, slices.Concat(p.fields, fields)}, w) {
		return given
	}
	switch tv := r.info.Types[e]; {
	case tv.IsNil() || r.isZero(e):
		return missing
	case tv.Value != nil:
		return given
	}
	switch e := e.(type) {
	case *ast.Ident:
		if v := flow.Var(r.info, e); v != nil {
			return r.ofVar(v, fields, w, hops-1)
		}
	case *ast.StarExpr:
		return r.value(e.X, fields, w, hops)
	case *ast.UnaryExpr:
		switch {
		case e.Op == token.AND && len(fields) == 0 && !w.filled:
			return given
		case e.Op == token.AND:
			return r.value(e.X, fields, w, hops)
		}
	case *ast.CompositeLit:
		return r.ofLiteral(e, fields, w, hops)
	case *ast.SelectorExpr:
		if s := r.info.Selections[e]; s != nil && s.Kind() == types.FieldVal {
			return r.value(e.X, append([]string{e.Sel.Name}, fields...), w, hops)
		}
		if v := flow.Var(r.info, e); v != nil {
			return r.unknown(v.Type(), fields, w)
		}
	case *ast.CallExpr:
		return r.ofCall(e, 0, fields, w, hops)
	}
	return r.unknown(resultOf(r.info.TypeOf(e), 0), fields, w)
}

// isKnown reports whether the code comes to a place only where there is the value that a path leads to.
func (r *reader) isKnown(p path, w want) bool {
	for c := range r.code.Conditions(w.at) {
		if q, filled, ok := r.wants(c.Expr, c.Holds); ok && c.Among == nil && q.equal(p) && (filled || !w.filled) {
			return true
		}
	}
	return false
}

// ofLiteral returns what a field of a literal is.
func (r *reader) ofLiteral(lit *ast.CompositeLit, fields []string, w want, hops int) value {
	t, ok := flow.Pointee(r.info.TypeOf(lit)).Underlying().(*types.Struct)
	if len(fields) == 0 {
		return given
	}
	if !ok {
		return missing
	}
	for i, elt := range lit.Elts {
		name := ""
		if kv, ok := elt.(*ast.KeyValueExpr); ok {
			name, elt = flow.Name(kv.Key), kv.Value
		} else if i < t.NumFields() {
			name = t.Field(i).Name()
		}
		if name == fields[0] {
			return r.value(elt, fields[1:], w, hops)
		}
		if embedded(t, name) {
			if v := r.value(elt, fields, w, hops); v != missing {
				return v
			}
		}
	}
	return missing
}

func embedded(t *types.Struct, name string) bool {
	for f := range t.Fields() {
		if f.Name() == name {
			return f.Embedded()
		}
	}
	return false
}

// A put is where a variable, or what the fields lead to from it, takes a value.
type put struct {
	at inspector.Cursor
	in *flow.Func
	value
}

// ofVar returns what the fields lead to from a variable: whatever is put there last, on all ways to the
// place.
func (r *reader) ofVar(v *types.Var, fields []string, w want, hops int) value {
	if r.looks--; r.looks < 0 || hops == 0 {
		return missing
	}
	if flow.Global(v) {
		return r.unknown(v.Type(), fields, w)
	}
	puts := r.decoded(v, fields)
	for _, s := range r.code.Into(v) {
		rest, ok := storedAt(s, path{v, fields})
		if !ok {
			continue
		}
		at, ok := s.In.At(s.Src)
		if !ok {
			return missing
		}
		puts = append(puts, put{at, s.In, r.stored(s, rest, want{w.filled, at, s.In}, hops)})
	}
	start := r.atStart(v, fields, w)
	if len(puts) == 0 {
		return start
	}
	last := r.last(puts, start, w)
	if last == missing {
		return r.onCondition(puts, w, hops)
	}
	return last
}

// storedAt reports whether a store puts something where a path leads, and which fields lead on from that.
func storedAt(s *flow.Store, p path) (rest []string, ok bool) {
	if s.Whole(p.root) {
		return p.fields, true
	}
	if s.Root != p.root || s.Elem || s.Dst == nil {
		return nil, false
	}
	var to []string
	for e := ast.Unparen(s.Dst); ; {
		sel, ok := e.(*ast.SelectorExpr)
		if !ok {
			break
		}
		to, e = append([]string{sel.Sel.Name}, to...), ast.Unparen(sel.X)
	}
	if len(to) == 0 || len(to) > len(p.fields) || !slices.Equal(to, p.fields[:len(to)]) {
		return nil, false
	}
	return p.fields[len(to):], true
}

// stored returns what a store puts.
func (r *reader) stored(s *flow.Store, fields []string, w want, hops int) value {
	call, isCall := ast.Unparen(s.Src).(*ast.CallExpr)
	_, several := r.info.TypeOf(s.Src).(*types.Tuple)
	switch {
	case s.Adds || s.To == nil:
		return missing
	case s.Range:
		return r.unknown(s.To.Type(), fields, w)
	case isCall && several:
		return r.ofCall(call, s.Result, fields, w, hops-1)
	case s.Result > 0:
		return missing
	}
	return r.value(s.Src, fields, w, hops-1)
}

// atStart returns what a variable has before anything is put there: what callers give to a parameter, else
// nothing.
func (r *reader) atStart(v *types.Var, fields []string, w want) value {
	p, isParam := r.code.Param(v)
	switch {
	case !isParam:
		return missing
	case p.Of.Obj == nil || p.I == flow.Receiver:
		return r.unknown(v.Type(), fields, w)
	}
	return value{by: &path{v, fields}, filled: w.filled}
}

// last returns what is put last on all ways to a place.
func (r *reader) last(puts []put, start value, w want) value {
	to, in := w.at, w.in
	for in != nil && in != puts[0].in {
		to, in = in.Cursor, in.Parent
	}
	if in == nil || r.code.Ways(in) == nil || slices.ContainsFunc(puts, func(p put) bool { return p.in != in }) {
		all := start // in some order
		for _, p := range puts {
			all = both(all, p.value)
		}
		return all
	}
	ways := r.code.Ways(in)
	target := ways.Node(to)
	others := map[ast.Node]bool{}
	for _, p := range puts {
		others[ways.Node(p.at)] = true
	}
	var all *value
	from := func(at inspector.Cursor, v value) {
		reached := false
		ways.Escapes(flow.Query{From: at, Stops: func(n ast.Node) bool {
			reached = reached || n == target
			return n == target || others[n]
		}})
		switch {
		case reached && all == nil:
			all = &v
		case reached:
			*all = both(*all, v)
		}
	}
	from(in.Cursor, start)
	for _, p := range puts {
		from(p.at, p.value)
	}
	if all == nil {
		return missing
	}
	return *all
}

// both returns what is certain of a value that is one of two.
func both(a, b value) value {
	switch {
	case a == missing || b == missing:
		return missing
	case a.by == nil:
		return b
	case b.by == nil || a.by.equal(*b.by) && a.filled == b.filled:
		return a
	}
	return missing
}

// onCondition returns of a value that is put where it is there whether callers decide that:
// if tenantID != "" { filter.TenantID = &tenantID }. What is asked for may be missing.
func (r *reader) onCondition(puts []put, w want, hops int) value {
	anyway := map[ast.Expr]bool{}
	for c := range r.code.Conditions(w.at) {
		anyway[c.Expr] = true
	}
	for _, p := range puts {
		if p.value == missing || p.in != w.in {
			continue
		}
		if by, filled, ok := r.decides(p.at, anyway); ok {
			if v := r.ofVar(by.root, by.fields, want{filled, w.at, w.in}, hops-1); v.by != nil {
				return v
			}
		}
	}
	return missing
}

var (
	// requested are names of functions that return what somebody has sent, or has not.
	requested = regexp.MustCompile(`(?i)query|form|header|cookie|arg|^get$`)

	// decoding are names of functions that write what somebody has sent to the pointer they are given.
	decoding = regexp.MustCompile(`(?i)unmarshal|decode|bind|parse`)

	// pointing are names of functions that return a pointer to what they are given.
	pointing = regexp.MustCompile(`(?i)ptr|pointer|^(new|ref|addr|string|int64|int|uint|uuid)$`)

	// requests are names of types with what somebody asks for.
	requests = regexp.MustCompile(`(?i)filter|query|param|option|opts|request|criteria|input|search|req$`)
)

// decoded returns where a variable takes what somebody has sent.
func (r *reader) decoded(v *types.Var, fields []string) (puts []put) {
	for _, m := range r.code.Mentions(v) {
		at := m
		if u, ok := at.Parent().Node().(*ast.UnaryExpr); ok && u.Op == token.AND {
			at = at.Parent()
		}
		expr, ok := at.Parent().Node().(*ast.CallExpr)
		if !ok || expr.Fun == at.Node() || !decoding.MatchString(flow.Name(expr.Fun)) {
			continue
		}
		if call := r.code.Call(expr); call != nil {
			p := put{at: call.At, in: call.In}
			p.given = isRequired(v.Type(), fields)
			puts = append(puts, p)
		}
	}
	return puts
}

// isRequired reports whether tags say that a request without the field is refused.
func isRequired(t types.Type, fields []string) bool {
	s, ok := flow.Pointee(t).Underlying().(*types.Struct)
	if !ok || len(fields) != 1 {
		return false
	}
	for i := range s.NumFields() {
		tag := reflect.StructTag(s.Tag(i))
		if s.Field(i).Name() == fields[0] {
			return slices.Contains(slices.Concat(strings.Split(tag.Get("binding"), ","), strings.Split(tag.Get("validate"), ",")), "required")
		}
	}
	return false
}

// ofCall returns what the fields lead to from a result of a call.
func (r *reader) ofCall(expr *ast.CallExpr, result int, fields []string, w want, hops int) value {
	if len(expr.Args) == 1 && r.info.Types[expr.Fun].IsType() {
		return r.value(expr.Args[0], fields, w, hops)
	}
	if x, field := r.getter(expr); x != nil {
		return r.value(x, append([]string{field}, fields...), w, hops)
	}
	call := r.code.Call(expr)
	if call != nil && call.Fn != nil {
		if f := r.code.Func(call.Fn); f != nil {
			return r.returned(f, call, result, fields, w, hops-1)
		}
	}
	name, t := flow.Name(expr.Fun), resultOf(r.info.TypeOf(expr), result)
	switch {
	case len(expr.Args) == 1 && len(fields) == 0 && pointing.MatchString(name) && isPointer(t) && !isPointer(r.info.TypeOf(expr.Args[0])):
		if w.filled {
			return r.value(expr.Args[0], nil, w, hops)
		}
		return given
	case requested.MatchString(name):
		return missing
	}
	return r.unknown(t, fields, w)
}

// returned returns what the fields lead to from what a function of the package returns without an error.
func (r *reader) returned(f *flow.Func, call *flow.Call, result int, fields []string, w want, hops int) value {
	var all *value
	for _, ret := range f.Returns {
		if n := len(ret.Results); n <= result || n > 1 && flow.IsError(resultOf(f.Sig.Results(), n-1)) && !r.info.Types[ret.Results[n-1]].IsNil() {
			continue
		}
		at, ok := f.At(ret)
		if !ok {
			return missing
		}
		v := r.value(ret.Results[result], fields, want{w.filled, at, f}, hops)
		if v.by != nil {
			v = r.argument(call, f, v, w, hops)
		}
		if all == nil {
			all = &v
		} else {
			*all = both(*all, v)
		}
	}
	if all == nil {
		return missing
	}
	return *all
}

// argument returns what a call gives for a value on which it depends what a function returns.
func (r *reader) argument(call *flow.Call, f *flow.Func, v value, w want, hops int) value {
	p, ok := r.code.Param(v.by.root)
	if !ok || p.Of != f {
		return missing
	}
	args := call.Args(f.Sig, p.I)
	if len(args) != 1 {
		return missing
	}
	return r.value(args[0], v.by.fields, want{v.filled, w.at, w.in}, hops)
}

// unknown returns what the fields lead to from a value of a type that is made out of sight: a row, claims,
// or the tenant of who asks. A pointer may be nil, and of what somebody asks for nothing may be said.
func (r *reader) unknown(t types.Type, fields []string, w want) value {
	for _, name := range fields {
		if t == nil || requests.MatchString(typeName(t)) {
			return missing
		}
		obj, _, _ := types.LookupFieldOrMethod(t, true, r.pass.Pkg, name)
		v, ok := obj.(*types.Var)
		if !ok {
			return missing
		}
		t = v.Type()
	}
	if t == nil || !w.filled || isPointer(t) {
		return missing
	}
	if b, ok := t.Underlying().(*types.Basic); ok && b.Info()&types.IsBoolean != 0 {
		return missing
	}
	return given
}

func isPointer(t types.Type) bool {
	if t == nil {
		return false
	}
	_, ok := t.Underlying().(*types.Pointer)
	return ok
}

// resultOf returns the type of one of the results.
func resultOf(t types.Type, i int) types.Type {
	if all, ok := t.(*types.Tuple); ok {
		if i < all.Len() {
			return all.At(i).Type()
		}
		return nil
	}
	return t
}

// typeName is the name of a type, or of what it points to.
func typeName(t types.Type) string {
	if named, ok := types.Unalias(flow.Pointee(t)).(*types.Named); ok {
		return named.Obj().Name()
	}
	return ""
}
