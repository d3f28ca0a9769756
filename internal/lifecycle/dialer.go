package lifecycle

import (
	"go/ast"
	"slices"

	"golang.org/x/tools/go/ast/edge"
	"golang.org/x/tools/go/ast/inspector"

	"github.com/poollint/poollint/internal/dbapi"
	"github.com/poollint/poollint/internal/flow"
)

// dialsForPool reports whether a function is the one by which a pool dials, as in
// &redis.Pool{Dial: func() …}, or in a configuration that leads to one: what it opens is the pool.
func (g *graph) dialsForPool(f *flow.Func) bool {
	if f.Lit == nil {
		return false
	}
	if f.Cursor.ParentEdgeKind() == edge.CallExpr_Args {
		fn := dbapi.Callee(g.info, f.Cursor.Parent().Node().(*ast.CallExpr))
		return fn != nil && dbapi.DialsBy(fn)
	}
	return slices.ContainsFunc(g.code.From(f.Lit), func(s *flow.Store) bool { return s.To != nil && s.To.IsField() && dbapi.DialsByField(s.To) })
}

// Dialing returns the pool that dials by a literal: redis.Pool{Dial: func() …}, redis.NewPool(func() …, 3).
func (p *Package) Dialing(lit *flow.Func) (pool inspector.Cursor, ok bool) {
	if p.graph == nil || lit.Lit == nil || !p.graph.dialsForPool(lit) {
		return pool, false
	}
	pool = lit.Cursor.Parent()
	if lit.Cursor.ParentEdgeKind() == edge.KeyValueExpr_Value {
		pool = pool.Parent()
	}
	e, ok := pool.Node().(ast.Expr)
	return pool, ok && dbapi.Handle(p.graph.info.TypeOf(e))
}
