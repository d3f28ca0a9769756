package lifecycle

import (
	"go/ast"
	"go/types"
	"slices"

	"github.com/poollint/poollint/internal/dbapi"
	"github.com/poollint/poollint/internal/flow"
	"github.com/poollint/poollint/internal/testscope"
)

// own says what the origins of a DSN say: whether it leads to a database of its own, and
// whether it does because of what a receiver's field holds.
func (o *Open) own(origin, held dbapi.Origin) {
	const own = dbapi.Private | dbapi.Unique
	o.Held = (!o.Private || o.Held) && origin&own == 0 && held&own != 0
	o.Private = o.Private || (origin|held)&own != 0
	o.Started = o.Started || (origin|held)&dbapi.Started != 0
}

// heldHere says of a method that opens what its receiver's field leads to whether that is a
// database of its own where the call stands, and whether it hangs on the next receiver: all
// tests share what a package variable holds.
func (g *graph) heldHere(c *flow.Call) (private, held bool) {
	recv := c.Receiver()
	v := g.root(recv)
	return v == nil || !flow.Global(v), g.ofReceiver(recv)
}

// ofReceiver reports whether e is the receiver of the method that it stands in, or a field
// of it.
func (g *graph) ofReceiver(e ast.Expr) bool {
	v := g.root(e)
	return v != nil && g.isReceiver(v)
}

func (g *graph) isReceiver(v *types.Var) bool {
	param, ok := g.code.Param(v)
	return ok && param.I == flow.Receiver
}

// keptInReceiver reports whether a field of the receiver of the method around the call takes
// its result, or what comes from that.
func (g *graph) keptInReceiver(c *flow.Call) bool {
	for _, s := range g.code.From(c.Expr) {
		if s.Root != nil && s.To != nil && s.Root != s.To && g.isReceiver(s.Root) && !flow.IsError(s.To.Type()) {
			return true
		}
	}
	return slices.ContainsFunc(g.code.Fate(c, 0).Sinks, func(s flow.Sink) bool {
		return s.Kind == flow.Kept && s.Into != nil && s.Into.I == flow.Receiver
	})
}

// shared reports whether e, or what it is a part of, is what all tests of a process or of a suite
// share: a package variable, a field that a hook alone sets once.
func (g *graph) shared(e ast.Expr) bool {
	for e != nil {
		v := g.variable(e)
		if v != nil && (flow.Global(v) || g.setOnce(v)) {
			return true
		}
		sel, ok := ast.Unparen(e).(*ast.SelectorExpr)
		if !ok {
			return false
		}
		e = sel.X
	}
	return false
}

// unlessShared returns what a value is by its origin and by what e, which it comes from, is to the
// tests: a server that they share is no database of a test's own.
func (g *graph) unlessShared(origin dbapi.Origin, e ast.Expr) dbapi.Origin {
	if e != nil && origin&dbapi.Started != 0 && g.shared(e) {
		origin &^= dbapi.Private
	}
	return origin
}

// setOnce reports whether all that is put into a field is put there once for all tests of a suite.
func (g *graph) setOnce(field *types.Var) bool {
	some := false
	for _, s := range g.code.Into(field) {
		if g.zero(s.Src) {
			continue
		}
		if some = true; !g.runsOnce(s.In, maxHops) {
			return false
		}
	}
	return some && field.IsField()
}

// runsOnce reports whether a function runs as part of hooks that run once, and of nothing else.
func (g *graph) runsOnce(f *flow.Func, hops int) bool {
	if o := f.Outer(); o.When != 0 {
		return o.When&testscope.Once != 0
	} else if hops > 0 && len(o.Callers) > 0 && len(o.Uses) == 0 {
		return !slices.ContainsFunc(o.Callers, func(c *flow.Call) bool { return !g.runsOnce(c.In, hops-1) })
	}
	return false
}

// field notes what all that is put into a field says of it.
func (t *tracer) field(e *ast.SelectorExpr) {
	root := t.g.root(e)
	if root != nil && flow.Global(root) {
		return
	}
	own := t.g.holdsOwn(t.g.variable(e), testscope.InTestFile(t.g.pass.Fset.PositionFor(e.Pos(), false).Filename))
	t.hold(root, t.g.unlessShared(own, e))
}

// hold adds what a value of v says.
func (t *tracer) hold(v *types.Var, origin dbapi.Origin) {
	if v != nil && t.g.isReceiver(v) {
		t.held |= origin
	} else {
		t.origin |= origin
	}
}

// A heldField is a field as production code sees it, or tests too.
type heldField struct {
	field *types.Var
	test  bool
}

// holdsOwn says Private of a field if whatever is put there comes from a database of its own, or
// has a name of its own, Started if that is so of servers, and Unreachable if no server is there.
// What tests put there says nothing of production code.
func (g *graph) holdsOwn(field *types.Var, test bool) dbapi.Origin {
	if field == nil {
		return 0
	}
	key := heldField{field, test}
	if own, known := g.holds[key]; known {
		return own
	}
	g.holds[key] = 0 // a field may be put into itself
	own, first := g.ofServer(field.Type()), true
	for _, s := range g.code.Into(field) {
		if s.In.File.Test && !test || g.zero(s.Src) {
			continue
		}
		t := g.trace()
		t.deep = true
		t.Follow(s.Src)
		says := (t.origin | t.held) & (dbapi.Private | dbapi.Started | dbapi.Unreachable)
		if (t.origin|t.held)&dbapi.Unique != 0 {
			says |= dbapi.Private
		}
		if first {
			own, first = says, false
		}
		if own &= says; own == 0 {
			break
		}
	}
	g.holds[key] = own
	return own
}

// packageOf returns the package of a named type, or of one that a pointer leads to; nil if it has none.
func packageOf(t types.Type) *types.Package {
	if named, ok := types.Unalias(flow.Pointee(t)).(*types.Named); ok {
		return named.Obj().Pkg()
	}
	return nil
}

// filled follows what functions of the package put into a map that they are given.
func (t *tracer) filled(v *types.Var) {
	if _, ok := v.Type().Underlying().(*types.Map); !ok {
		return
	}
	for _, arg := range t.g.code.Passed(v) {
		f := t.g.code.Func(arg.Call.Fn)
		if f == nil {
			continue
		}
		param := flow.ParamOf(f.Sig, flow.ParamOfArg(f.Sig, arg.I))
		for _, s := range t.g.code.Into(param) {
			t.Follow(s.Src)
		}
		t.through(arg.Call, f.Sig)
	}
}

// through follows the arguments of a call for those parameters that stand on the way.
func (t *tracer) through(c *flow.Call, sig *types.Signature) {
	params, of := t.vars.params(sig)
	t.arguments(c, sig, params, of)
}
