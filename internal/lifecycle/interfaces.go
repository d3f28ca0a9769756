package lifecycle

import (
	"go/types"
	"slices"

	"github.com/poollint/poollint/internal/dbapi"
	"github.com/poollint/poollint/internal/flow"
)

// implementations returns the methods that a call of an interface's method may run.
func implementations(c *flow.Call) []*types.Func {
	if c.Fn == nil || c.Fn.Signature().Recv() == nil || !types.IsInterface(c.Fn.Signature().Recv().Type()) {
		return nil
	}
	return c.Methods()
}

// allMake returns what each of the methods makes.
func (g *graph) allMake(methods []*types.Func) dbapi.Origin {
	all := dbapi.Private | dbapi.Started
	for _, fn := range methods {
		if f := g.code.Func(fn); f != nil {
			all &= g.private[f]
		} else {
			all &= g.funcOf(fn).Makes
		}
	}
	return all
}

// exportInterfaces says of the methods of the package's interfaces what importers cannot see: that
// an implementation here makes a database for who calls it, and none opens one that others use.
func (g *graph) exportInterfaces() {
	scope := g.pass.Pkg.Scope()
	for _, name := range scope.Names() {
		named, ok := scope.Lookup(name).(*types.TypeName)
		if !ok {
			continue
		}
		iface, ok := named.Type().Underlying().(*types.Interface)
		if !ok || named.IsAlias() {
			continue
		}
		for method := range iface.ExplicitMethods() {
			if method.Pkg() == g.pass.Pkg && g.madeBehind(method) {
				g.pass.ExportObjectFact(method, &Func{Makes: dbapi.Private})
			}
		}
	}
}

// madeBehind reports whether an implementation of an interface's method makes a database, and none
// opens one that others use.
func (g *graph) madeBehind(method *types.Func) bool {
	makes := false
	for _, fn := range g.code.Implementations(method) {
		f := g.code.Func(fn)
		if f == nil {
			continue
		}
		sum := g.summary(f)
		makes = makes || sum.Makes != 0
		if slices.ContainsFunc(sum.opens, func(o opened) bool { return !o.Private && !o.Closed && !o.Once }) {
			return false
		}
	}
	return makes
}
