package lifecycle

import (
	"go/types"

	"github.com/poollint/poollint/internal/dbapi"
	"github.com/poollint/poollint/internal/testscope"
)

// prepared reports whether what runs before each test or spec that n is makes a
// database for it: a BeforeEach beside or around it, a method of its suite.
func (g *graph) prepared(n *node) bool {
	if fn := n.outer().fn; fn != nil {
		return g.suitePrepares(fn.Signature().Recv())
	}
	for _, before := range g.befores {
		beside := before.parent
		if before != n && (beside.lit == nil && beside.fn == nil || n.within(beside)) && before.private {
			return true
		}
	}
	return false
}

// suitePrepares reports whether a method that runs before each test of the suite
// makes a database.
func (g *graph) suitePrepares(suite *types.Var) bool {
	if suite == nil {
		return false
	}
	name := dbapi.TypeName(suite.Type())
	prepares, known := g.suites[name]
	if !known {
		for _, hook := range testscope.BeforeTest {
			obj, _, _ := types.LookupFieldOrMethod(suite.Type(), true, g.pass.Pkg, hook)
			fn, ok := obj.(*types.Func)
			prepares = prepares || ok && g.funcOf(fn).Private
		}
		g.suites[name] = prepares
	}
	return prepares
}

// within reports whether n is a literal in the body of outer, at any depth.
func (n *node) within(outer *node) bool {
	for ; n != nil; n = n.parent {
		if n == outer {
			return true
		}
	}
	return false
}

// madePrivately reports whether a function of the package that returns a value of the
// type, a fixture of tests, makes a database for it.
func (g *graph) madePrivately(fixture types.Type) bool {
	if g.made == nil {
		g.made = map[string]bool{}
		for _, n := range g.nodes {
			if n.fn != nil && n.sig.Results().Len() > 0 && n.private {
				g.made[dbapi.TypeName(n.sig.Results().At(0).Type())] = true
			}
		}
	}
	return g.made[dbapi.TypeName(fixture)]
}
