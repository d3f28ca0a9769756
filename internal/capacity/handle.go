package capacity

import (
	"go/ast"
	"go/token"
	"go/types"
	"regexp"
	"slices"

	"github.com/poollint/poollint/internal/testscope"
)

// faces returns the variables and the calls whose value e is: itself, beneath a
// wrapper, or inside a composite that holds it.
func (g *graph) faces(e ast.Expr) (vars []*types.Var, calls []ast.Expr) {
	switch e := ast.Unparen(e).(type) {
	case *ast.CallExpr:
		if beneath := g.beneath(e); beneath != nil {
			vars, calls = g.faces(beneath)
		}
		return vars, append(calls, e)
	case *ast.CompositeLit:
		for _, el := range e.Elts {
			if kv, ok := el.(*ast.KeyValueExpr); ok {
				el = kv.Value
			}
			v, c := g.faces(el)
			vars, calls = append(vars, v...), append(calls, c...)
		}
	case *ast.UnaryExpr:
		if e.Op == token.AND {
			return g.faces(e.X)
		}
	case *ast.Ident, *ast.SelectorExpr:
		if v := g.variable(e); v != nil {
			return []*types.Var{v}, nil
		}
	}
	return vars, calls
}

// A hold is what holds a handle: variables, fields and calls whose result it is.
type hold struct {
	g     *graph
	vars  map[*types.Var]bool
	calls map[ast.Expr]bool
}

func (g *graph) newHold() *hold {
	return &hold{g: g, vars: map[*types.Var]bool{}, calls: map[ast.Expr]bool{}}
}

// take adds a variable and everything that its value flows into.
func (h *hold) take(v *types.Var) {
	if h.vars[v] || isError(v.Type()) {
		return
	}
	h.vars[v] = true
	for _, to := range h.g.edges[v] {
		h.take(to)
	}
}

// result adds the results of a call.
func (h *hold) result(call ast.Expr) {
	if h.calls[call] {
		return
	}
	h.calls[call] = true
	for _, v := range h.g.takers[call] {
		h.take(v)
	}
}

// holdersOf returns what holds the results of a call, and whether the function
// around it hands them to its caller.
func (g *graph) holdersOf(c *call) (h *hold, returned bool) {
	h = g.newHold()
	h.result(c.expr)
	for before := -1; before != len(h.calls); {
		before = len(h.calls)
		for _, r := range c.in.returns {
			if r.lit == nil || !h.in(r.expr) {
				continue
			}
			for _, v := range g.takers[r.lit] { // calls of the literal give it too
				for _, free := range g.frees[v] {
					h.result(free.expr)
				}
			}
			for _, with := range c.in.calls { // retry(func() (*sql.DB, error) { … }) as well
				if slices.ContainsFunc(with.expr.Args, func(arg ast.Expr) bool { return ast.Unparen(arg) == r.lit }) {
					h.result(with.expr)
				}
			}
		}
	}
	for _, r := range c.in.returns {
		returned = returned || r.lit == nil && h.in(r.expr)
	}
	return h, returned
}

// in reports whether the handle stands in e, other than as the receiver of a call.
func (h *hold) in(e ast.Expr) bool {
	found := false
	ast.Inspect(e, func(x ast.Node) bool {
		switch x := x.(type) {
		case *ast.FuncLit:
			return false
		case *ast.CallExpr:
			if h.calls[x] {
				found = true
			} else if sel, ok := ast.Unparen(x.Fun).(*ast.SelectorExpr); ok && h.g.over(x) == nil {
				if v := h.g.variable(sel.X); v != nil && h.vars[v] {
					for _, arg := range x.Args {
						found = found || h.in(arg)
					}
					return false
				}
			}
		case *ast.Ident:
			if v, ok := h.g.info.ObjectOf(x).(*types.Var); ok && h.vars[v] {
				found = true
			}
		}
		return !found
	})
	return found
}

// settings returns what code puts on the handle, as seen from the node in: by
// fields and methods, and by the functions that take it. With only, the code of
// that node counts alone.
func (h *hold) settings(in, only *node) []Setting {
	var all []Setting
	g := h.g
	for v := range h.vars {
		for _, p := range g.sets[v] {
			if only != nil && p.in != only {
				continue
			}
			for _, a := range g.amounts(p.in, in, p.amount) {
				all = append(all, Setting{Key: p.key, Amount: a})
			}
		}
		for _, use := range g.args[v] {
			if use.call.fn == nil || only != nil && use.call.in != only {
				continue
			}
			f := g.lookup(use.call.fn)
			if f == nil {
				if only != nil && g.fills(use) {
					all = append(all, Setting{Key: filledKey, Amount: Amount{Kind: Unknown}})
				}
				continue
			}
			sig := use.call.fn.Signature()
			for _, s := range f.Onto {
				if s.On != min(use.i, sig.Params().Len()-1) {
					continue
				}
				for _, a := range g.substituted(use.call.in, in, use.call.expr, sig, s.Amount) {
					all = append(all, Setting{Key: s.Key, Amount: a})
				}
			}
		}
	}
	return all
}

// filledKey marks a parameter that code which cannot be read may fill.
const filledKey = "*"

// filling matches the names of functions that fill what they are given a pointer to.
var filling = regexp.MustCompile(`(?i)^(?:must)?(?:unmarshal|decode|process|load|parse|read|bind|fill|populate|scan)`)

// fills reports whether a function that cannot be read fills the argument: it
// decodes into a pointer to anything.
func (g *graph) fills(use argument) bool {
	fn := use.call.fn
	params := fn.Signature().Params()
	if params.Len() == 0 || !filling.MatchString(fn.Name()) {
		return false
	}
	t := params.At(min(use.i, params.Len()-1)).Type()
	if s, ok := t.Underlying().(*types.Slice); ok && fn.Signature().Variadic() {
		t = s.Elem()
	}
	_, isParam := types.Unalias(t).(*types.TypeParam)
	return isParam || types.IsInterface(t) && !testscope.IsTB(t)
}

// onto returns what a function puts on its parameters.
func (g *graph) onto(n *node) []Setting {
	if n.sig == nil {
		return nil
	}
	var made Makings // for its bound
	for i := range n.sig.Params().Len() {
		v := n.sig.Params().At(i)
		if len(g.sets[v])+len(g.args[v])+len(g.edges[v]) == 0 || mute(v.Type()) {
			continue
		}
		h := g.newHold()
		h.take(v)
		for _, s := range h.settings(n, n) {
			s.On = i
			made.set(s)
		}
	}
	return made.Settings
}
