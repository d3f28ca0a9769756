package lifecycle

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ast/inspector"

	"github.com/poollint/poollint/internal/flow"
)

// A need is what of a parameter must not be nil, or zero: "." for itself, ".Store.DB" for a field;
// ".Kind=a|b" for a text that must be one of these, ".Kind!a|b" for one that must be none of them,
// ".URL.://=a" for the scheme of one.
type need string

// split returns the path of what is needed, and what must hold of the text there: "=a|b"; empty if
// it must not be nothing.
func (n need) split() (path flow.Path, texts string) {
	if i := strings.IndexAny(string(n), "=!"); i >= 0 {
		n, texts = n[:i], string(n[i:])
	}
	return flow.Path(n[1:]), texts
}

// of returns the same need of a struct whose field is what is needed something of.
func (n need) of(field string) need {
	path, texts := n.split()
	return need("." + string(join(field, path)) + texts)
}

// first returns the first field of what is needed, if there is one, and what of that is.
func (n need) first() (field string, rest need) {
	path, texts := n.split()
	field, more, _ := strings.Cut(string(path), ".")
	return field, need("." + more + texts)
}

// chooses reports whether a text must be one of some, or none.
func (n need) chooses() bool {
	_, texts := n.split()
	return texts != ""
}

// flag reports whether a truth value is asked for.
func (n need) flag() bool {
	_, texts := n.split()
	return texts != "" && texts[1:] == "true"
}

// excludesAll reports whether the text that must be one of some is none of them, or the other way
// round, whichever of the texts it is.
func (n need) excludesAll(texts []string) bool {
	_, want := n.split()
	return want != "" && len(texts) > 0 && !slices.ContainsFunc(texts, func(text string) bool {
		among := slices.ContainsFunc(strings.Split(want[1:], "|"), func(t string) bool { return strings.EqualFold(t, text) })
		return among == (want[0] == '=')
	})
}

// or returns what is needed where one of two will do: if both want a text to be one of some, of the same.
func (n need) or(m need) need {
	path, texts := n.split()
	also, more := m.split()
	if m == "" || path != also || texts == "" || more == "" || texts[0] != '=' || more[0] != '=' {
		return ""
	}
	return n + need("|"+more[1:])
}

// maxFields bounds the fields that a need names.
const maxFields = 4

// A nothing reports whether an expression is what stands for nothing: isNil, isZero.
type nothing func(*types.Info, ast.Expr) bool

// asks returns what must not be nothing for a place in a function to be reached, and of which
// of its parameters: if p.X != nil { place }, or if p == nil { return } before it.
func (g *graph) asks(at inspector.Cursor, in *flow.Func, none nothing) (n need, of int) {
	for c := range g.code.Conditions(at) {
		if n, of = g.compared(c.Expr, c.Saying(token.NEQ), in, none); n != "" {
			return n, of
		}
	}
	return "", 0
}

// compared returns what of a parameter the condition compares with nothing. One among others counts
// where it alone decides: p != nil && more, p == nil || more.
func (g *graph) compared(cond ast.Expr, op token.Token, in *flow.Func, none nothing) (need, int) {
	e, ok := ast.Unparen(cond).(*ast.BinaryExpr)
	switch {
	case !ok:
	case e.Op == token.LAND && op == token.NEQ, e.Op == token.LOR && op == token.EQL:
		if n, of := g.compared(e.X, op, in, none); n != "" {
			return n, of
		}
		return g.compared(e.Y, op, in, none)
	case e.Op == op && none(g.info, e.Y):
		return g.needed(e.X, ".", in)
	}
	return "", 0
}

// needed says in terms of a parameter of the function what of e is needed; nothing if e is
// none, no field of one, or is assigned on the way.
func (g *graph) needed(e ast.Expr, n need, in *flow.Func) (need, int) {
	for range maxFields {
		if n.chooses() {
			e = plain(g.info, e)
		}
		v := g.variable(e)
		if v == nil {
			return "", 0
		}
		if part, rest := g.partOf(v, n, e.Pos()); part != nil {
			e, n = part, rest
			continue
		}
		if src := g.only(v); src != nil {
			e = src
			continue
		}
		if g.assigned(v, n, in) {
			return "", 0
		}
		if param, ok := g.code.Param(v); ok && param.Of == in {
			return n, param.I
		}
		sel, ok := ast.Unparen(e).(*ast.SelectorExpr)
		if !ok {
			return "", 0
		}
		e, n = sel.X, n.of(sel.Sel.Name)
	}
	return "", 0
}

// partOf returns what the field that is needed of a local struct takes, if it is made with a literal, and
// what of that is needed: there, or by the one statement before that sets it.
func (g *graph) partOf(v *types.Var, n need, before token.Pos) (part ast.Expr, rest need) {
	field, rest := n.first()
	lit := g.madeBy(v)
	if field == "" || lit == nil {
		return nil, ""
	}
	for _, elem := range lit.Elts {
		kv, named := elem.(*ast.KeyValueExpr)
		if !named {
			return nil, ""
		}
		if key, ok := kv.Key.(*ast.Ident); ok && key.Name == field {
			part = kv.Value
		}
	}
	for _, s := range g.code.Into(g.fieldNamed(v, field)) {
		if s.Root != v || s.Dst == nil || s.Dst.Pos() > before {
			continue
		}
		if part != nil || s.Result != 0 || s.Adds || s.Range || s.Elem {
			return nil, ""
		}
		part = s.Src
	}
	return part, rest
}

// madeBy returns the struct literal that a local variable holds or points to, if it never takes another value.
func (g *graph) madeBy(v *types.Var) (lit *ast.CompositeLit) {
	if !g.code.Local(v) {
		return nil
	}
	for _, s := range g.code.Into(v) {
		if !s.Whole(v) {
			continue
		}
		made, ok := plain(g.info, s.Src).(*ast.CompositeLit)
		if !ok || lit != nil {
			return nil
		}
		lit = made
	}
	return lit
}

// fieldNamed returns the field of what a variable holds, or points to.
func (g *graph) fieldNamed(v *types.Var, name string) *types.Var {
	obj, _, _ := types.LookupFieldOrMethod(v.Type(), true, g.pass.Pkg, name)
	field, _ := obj.(*types.Var)
	return field
}

// only returns what a local variable is declared with, if it takes nothing else.
func (g *graph) only(v *types.Var) ast.Expr {
	stores := g.code.Into(v)
	if len(stores) != 1 || !g.code.Local(v) || g.code.AddressTaken(v) {
		return nil
	}
	if s := stores[0]; s.Whole(v) && s.Result == 0 && !s.Range && !s.Adds {
		return s.Src
	}
	return nil
}

// assigned reports whether the package gives the variable or field another value than the
// one it begins with, one that may be what a function needs.
func (g *graph) assigned(v *types.Var, n need, in *flow.Func) bool {
	if !n.chooses() {
		return g.code.AddressTaken(v) || slices.ContainsFunc(g.code.Into(v), func(s *flow.Store) bool { return s.Whole(v) && s.Dst != nil })
	}
	path, texts := n.split()
	if path != scheme {
		path = ""
	}
	return slices.ContainsFunc(g.code.Into(v), func(s *flow.Store) bool {
		if !s.Whole(v) || s.Dst == nil || s.In != in && !g.reachesOthers(s) {
			return false
		}
		if path == scheme && slices.Contains(g.mentioned(s.Src), v) {
			return false // the same address, completed
		}
		known, ok := g.settled(s.Src, path)
		return !ok || len(known) > 0 && !need("."+texts).excludesAll(known)
	})
}

// reachesOthers reports whether what a store puts into a field is seen outside of its function,
// which has not made what the field is of, or a copy of it.
func (g *graph) reachesOthers(s *flow.Store) bool {
	if s.Root == nil || s.Root == s.To {
		return true
	}
	_, pointer := s.Root.Type().Underlying().(*types.Pointer)
	return flow.Global(s.Root) || pointer && !g.code.Local(s.Root)
}

// lacks reports whether the call gives nothing where what it opens needs something. Where it
// gives something of its own parameter, that is needed in its place.
func (g *graph) lacks(c *flow.Call, sig *types.Signature, o *Open) bool {
	n, args := o.Needs, c.Args(sig, o.NeedsOf)
	o.Needs = ""
	if len(args) != 1 {
		return false
	}
	if o.Needs, o.NeedsOf = g.needed(args[0], n, c.In); o.Needs != "" {
		return false
	}
	if path, _ := n.split(); n.chooses() {
		texts, ok := g.settled(args[0], path)
		return ok && n.excludesAll(texts)
	}
	return g.leavesOut(args[0], n, c)
}

// leavesOut reports whether what is needed of e is nil, or zero, as far as the package puts it there:
// in all that e can be. A variable counts if it is given to nothing but the call, or set right before.
func (g *graph) leavesOut(e ast.Expr, n need, to *flow.Call) bool {
	field, more := n.first()
	if field == "" {
		return flow.IsZero(g.info, e)
	}
	if isNil(g.info, e) {
		return true
	}
	e = ast.Unparen(e)
	if addr, ok := e.(*ast.UnaryExpr); ok && addr.Op == token.AND {
		e = ast.Unparen(addr.X)
	}
	t := g.info.TypeOf(e)
	if results, ok := t.(*types.Tuple); ok && results.Len() > 0 {
		t = results.At(0).Type()
	}
	if t == nil { // no expression, or one that does not type-check
		return false
	}
	obj, _, _ := types.LookupFieldOrMethod(t, true, g.pass.Pkg, field)
	if v, ok := obj.(*types.Var); !ok || g.assigned(v.Origin(), n, nil) {
		return false
	}
	switch e := e.(type) {
	case *ast.CompositeLit:
		for _, elem := range e.Elts {
			kv, named := elem.(*ast.KeyValueExpr)
			if !named {
				return false
			}
			if key, ok := kv.Key.(*ast.Ident); ok && key.Name == field {
				return g.leavesOut(kv.Value, more, nil)
			}
		}
		return true
	case *ast.CallExpr:
		return g.returnsWithout(e, field)
	}
	v := g.variable(e)
	lacks := func(e ast.Expr) bool { return g.variable(e) == nil && g.leavesOut(e, n, nil) }
	at, _ := e.(*ast.Ident)
	return v != nil && (g.onlyFor(v, to) && g.always(v, lacks) || g.freshly(v, at, lacks))
}

// returnsWithout reports whether all that the call may run returns a struct without the field.
func (g *graph) returnsWithout(e *ast.CallExpr, field string) bool {
	c := g.code.Call(e)
	if c == nil {
		return false
	}
	if c.Fn != nil {
		return slices.Contains(g.funcOf(c.Fn).Unset, field)
	}
	return len(c.Targets()) > 0 && !slices.ContainsFunc(c.Targets(), func(f *flow.Func) bool { return !slices.Contains(g.summary(f).Unset, field) })
}

// onlyFor reports whether a local variable is given to nothing but the function that is
// called, if any is.
func (g *graph) onlyFor(v *types.Var, to *flow.Call) bool {
	return g.code.Local(v) && !g.code.AddressTaken(v) && len(g.receiving[v]) == 0 &&
		!slices.ContainsFunc(g.code.Passed(v), func(a flow.Argument) bool { return to == nil || a.Call.Fn != to.Fn })
}

// always reports whether all that the variable takes as a whole is so.
func (g *graph) always(v *types.Var, is func(ast.Expr) bool) bool {
	some := false
	for _, s := range g.code.Into(v) {
		if s.Whole(v) && (s.Result != 0 || !is(s.Src)) {
			return false
		}
		some = some || s.Whole(v)
	}
	return some
}

// unset returns the fields of the struct which the function returns that are nil whatever it
// returns: those that other packages may ask for.
func (g *graph) unset(f *flow.Func) []string {
	if f.Sig.Results().Len() == 0 || len(f.Returns) == 0 {
		return nil
	}
	t := f.Sig.Results().At(0).Type()
	t = flow.Pointee(t)
	s, ok := t.Underlying().(*types.Struct)
	if !ok {
		return nil
	}
	var all []string
	for field := range s.Fields() {
		if _, pointer := field.Type().Underlying().(*types.Pointer); pointer && field.Exported() && !slices.ContainsFunc(f.Returns, func(r *ast.ReturnStmt) bool {
			return len(r.Results) == 0 || !isNil(g.info, r.Results[0]) && !g.leavesOut(r.Results[0], need("."+field.Name()), nil)
		}) {
			all = append(all, field.Name())
		}
	}
	return all
}
