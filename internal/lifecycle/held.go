package lifecycle

import (
	"go/ast"
	"go/types"

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
// its result.
func (g *graph) keptInReceiver(c *flow.Call) bool {
	for _, s := range g.code.From(c.Expr) {
		if s.Root != nil && s.To != nil && s.Root != s.To && g.isReceiver(s.Root) && !flow.IsError(s.To.Type()) {
			return true
		}
	}
	return false
}

// field notes what all that is put into a field says of it.
func (t *tracer) field(e *ast.SelectorExpr) {
	root := t.g.root(e)
	if root != nil && flow.Global(root) {
		return
	}
	if t.g.holdsOwn(t.g.variable(e), testscope.InTestFile(t.g.pass.Fset.PositionFor(e.Pos(), false).Filename)) {
		t.hold(root, dbapi.Private)
	}
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

// holdsOwn reports whether whatever is put into a field comes from a database of its own, or
// has a name of its own. What tests put there says nothing of production code.
func (g *graph) holdsOwn(field *types.Var, test bool) bool {
	if field == nil {
		return false
	}
	key := heldField{field, test}
	if own, known := g.holds[key]; known {
		return own
	}
	g.holds[key] = false // a field may be put into itself
	own := g.ofServer(field.Type())
	for _, s := range g.code.Into(field) {
		if s.In.File.Test && !test || g.zero(s.Src) {
			continue
		}
		t := g.trace()
		t.deep = true
		t.Follow(s.Src)
		if own = (t.origin|t.held)&(dbapi.Private|dbapi.Unique) != 0; !own {
			break
		}
	}
	g.holds[key] = own
	return own
}

// ofServer reports whether a type is one of a library that makes servers or databases for
// tests.
func (g *graph) ofServer(t types.Type) bool {
	if p, ok := t.Underlying().(*types.Pointer); ok {
		t = p.Elem()
	}
	named, ok := types.Unalias(t).(*types.Named)
	if !ok || named.Obj().Pkg() == nil {
		return false
	}
	pkg := named.Obj().Pkg()
	makes, known := g.servers[pkg]
	if !known {
		makes = dbapi.MakesServers(pkg.Path())
		g.servers[pkg] = makes
	}
	return makes
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
