package lifecycle

import (
	"go/types"

	"github.com/poollint/poollint/internal/dbapi"
	"github.com/poollint/poollint/internal/flow"
	"github.com/poollint/poollint/internal/testscope"
)

// prepared reports whether what runs before each test or spec that n is makes a
// database for it: a BeforeEach beside or around it, a method of its suite.
func (g *graph) prepared(n *flow.Func) bool {
	if fn := n.Outer().Obj; fn != nil {
		return g.suitePrepares(fn.Signature().Recv())
	}
	for _, before := range g.befores {
		beside := before.Parent
		if before != n && (beside.Lit == nil && beside.Obj == nil || n.Within(beside)) && g.private[before] != 0 {
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
			prepares = prepares || ok && g.funcOf(fn).Makes != 0
		}
		g.suites[name] = prepares
	}
	return prepares
}

// madePrivately reports whether a function of the package that returns a value of the
// type, a fixture of tests, makes a database for it.
func (g *graph) madePrivately(fixture types.Type) bool {
	if g.fixtures == nil {
		g.fixtures = map[string]bool{}
		for _, n := range g.code.Funcs() {
			if n.Obj != nil && n.Sig.Results().Len() > 0 && g.private[n] != 0 {
				g.fixtures[dbapi.TypeName(n.Sig.Results().At(0).Type())] = true
			}
		}
	}
	return g.fixtures[dbapi.TypeName(fixture)]
}
