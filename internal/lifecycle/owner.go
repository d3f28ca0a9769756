package lifecycle

import (
	"go/ast"
	"go/types"
	"slices"

	"github.com/poollint/poollint/internal/flow"
	"github.com/poollint/poollint/internal/testscope"
)

// A guard lets something happen once: once a process where it asks about a package variable, and once for
// each value where it asks about a field of one, as in "if c.conn == nil { c.conn = dial() }".

// ownerOf returns the parameter or receiver for each value of which a guarded call runs once; nil if that is
// once a process.
func (g *graph) ownerOf(c *flow.Call) *types.Var {
	if guards(g.tableOf(c.In.Outer()).flags, c) {
		return nil
	}
	if g.guarded(c) {
		for _, keeper := range g.keepers(c) {
			if keeper.IsField() && g.asked(c, keeper) {
				return g.ownerIn(c.In.Outer(), keeper)
			}
		}
		return nil
	}
	for _, o := range g.opened[c] {
		if slices.ContainsFunc(o.kept, func(v *types.Var) bool { return v.IsField() && g.asked(c, v) }) {
			return g.parameter(g.root(c.Receiver()))
		}
	}
	return nil
}

// ownerIn returns the parameter of a declared function whose field it sets.
func (g *graph) ownerIn(outer *flow.Func, field *types.Var) *types.Var {
	for _, s := range g.code.Into(field) {
		if s.In.Outer() == outer {
			return g.parameter(s.Root)
		}
	}
	return nil
}

// onceOwner returns the parameter whose field is the sync.Once that a literal is given to; nil if it is
// another's, or the literal runs once for another reason.
func (g *graph) onceOwner(lit *flow.Func) *types.Var {
	call, ok := lit.Cursor.Parent().Node().(*ast.CallExpr)
	if !ok || lit.When != testscope.Once {
		return nil
	}
	c := g.code.Call(call)
	if c == nil || !testscope.Guards(c.Fn) {
		return nil
	}
	return g.parameter(g.root(c.Receiver()))
}

// parameter returns a variable if it is a parameter or receiver.
func (g *graph) parameter(v *types.Var) *types.Var {
	if _, is := g.code.Param(v); v == nil || !is {
		return nil
	}
	return v
}

// guardedBy notes that something is opened once: for each value of the owner, or for the process if there is none.
func (o *opened) guardedBy(once bool, owner *types.Var) {
	switch {
	case !once:
	case !o.Once:
		o.Once, o.owner = true, owner
	case owner == nil:
		o.owner = nil
	}
}

// paramOf returns the parameter of a signature that a variable is.
func paramOf(sig *types.Signature, v *types.Var) (p flow.Params) {
	if sig == nil || v == nil {
		return 0
	}
	for i := range flow.ParamCount(sig) {
		if flow.ParamOf(sig, i) == v {
			p.Add(i)
		}
	}
	return p
}

// onceFor says of what a function does once for each value of some parameters whether a call of it does that
// once for its caller's too: not if the call stands in a function that makes such a value for itself.
// Owner is the caller's parameter that it is of, if it is one's.
func (g *graph) onceFor(c *flow.Call, sig *types.Signature, params flow.Params) (once bool, owner *types.Var) {
	for i := range params.All {
		for _, e := range c.Args(sig, i) {
			if g.anew(c.In, e) {
				return false, nil
			}
			owner = g.parameter(g.root(e))
		}
	}
	return true, owner
}

// ownerAt returns what an owner is at a call of the function that has it as a parameter, or of a literal in that;
// nil if it is nobody's parameter there. Again says that each run of the calling function makes another.
func (g *graph) ownerAt(c *flow.Call, sig *types.Signature, owner *types.Var) (at *types.Var, again bool) {
	params := paramOf(sig, owner)
	if params == 0 {
		return owner, false
	}
	once, at := g.onceFor(c, sig, params)
	return at, !once
}

// anew reports whether a value is one that each run of the function around it makes, or a hook before each
// test.
func (g *graph) anew(in *flow.Func, e ast.Expr) bool {
	v, root := g.variable(e), g.root(e)
	switch {
	case root == nil:
		return g.code.Anew(in, e)
	case v != nil && v.IsField():
		return g.filledAnew(v, v != root && g.madeIn(in, root))
	}
	return v == root && g.madeIn(in, v) && g.code.Anew(in, e)
}

// madeIn reports whether a function that does not run once declares a variable, and makes what it holds.
func (g *graph) madeIn(in *flow.Func, v *types.Var) bool {
	if !g.code.Local(v) {
		return false
	}
	for in.Lit != nil && (v.Pos() < in.Lit.Pos() || in.Lit.End() <= v.Pos()) {
		in = in.Parent
	}
	return in.Type() != nil && in.When&testscope.Once == 0
}

// filledAnew reports whether all that a field takes is made for it: before each test, or whenever.
func (g *graph) filledAnew(field *types.Var, whenever bool) bool {
	some := false
	for _, s := range g.code.Into(field) {
		if isNil(g.info, s.Src) {
			continue
		}
		if some = true; !g.code.Anew(s.In, s.Src) || !whenever && s.In.Outer().When&testscope.PerTest == 0 {
			return false
		}
	}
	return some
}
