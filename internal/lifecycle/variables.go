package lifecycle

import (
	"go/ast"
	"go/types"

	"github.com/poollint/poollint/internal/dbapi"
	"github.com/poollint/poollint/internal/flow"
	"github.com/poollint/poollint/internal/testscope"
)

// exportVariables exports the facts of package variables that hold a function, such as
// sync.OnceValue's: callers in other packages call those by the variable.
func (g *graph) exportVariables() {
	for _, name := range g.pass.Pkg.Scope().Names() {
		v, ok := g.pass.Pkg.Scope().Lookup(name).(*types.Var)
		if !ok || !v.Exported() {
			continue
		}
		if fact := g.ofVariable(v); fact != nil && len(fact.Opens) > 0 {
			g.pass.ExportObjectFact(v, fact)
		}
	}
}

// ofVariable returns what calls of a package variable do that is given one function; nil if it
// is not.
func (g *graph) ofVariable(v *types.Var) *Func {
	stores := g.code.Into(v)
	if _, isFunc := v.Type().Underlying().(*types.Signature); !isFunc || len(stores) != 1 || !stores[0].Whole(v) {
		return nil
	}
	value, once := g.memoizes(stores[0].Src)
	funcs := g.code.FuncsOf(value)
	if len(funcs) != 1 {
		return nil
	}
	fact := g.summary(funcs[0]).Func
	fact.Opens = append([]Open(nil), fact.Opens...)
	for i := range fact.Opens {
		fact.Opens[i].Once = fact.Opens[i].Once || once
	}
	return &fact
}

// memoizes returns the function that a value runs, once if the value is sync.OnceValue's.
func (g *graph) memoizes(value ast.Expr) (run ast.Expr, once bool) {
	if call, ok := ast.Unparen(value).(*ast.CallExpr); ok && len(call.Args) == 1 && testscope.Memoizes(dbapi.Callee(g.info, call)) {
		return call.Args[0], true
	}
	return value, false
}

// memoized reports whether a package variable runs its function once a process.
func (g *graph) memoized(fn ast.Expr) bool {
	v := flow.Var(g.info, fn)
	if v == nil || !flow.Global(v) {
		return false
	}
	stores := g.code.Into(v)
	if len(stores) != 1 {
		return false
	}
	_, once := g.memoizes(stores[0].Src)
	return once
}

// lookupVar returns what calls of a package variable of another package do.
func (g *graph) lookupVar(v *types.Var) (*Func, bool) {
	imported := new(Func)
	if v == nil || !flow.Global(v) || v.Pkg() == g.pass.Pkg || !g.pass.ImportObjectFact(v, imported) {
		return new(Func), false
	}
	return imported, true
}
