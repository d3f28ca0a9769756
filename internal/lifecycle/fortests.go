package lifecycle

import (
	"go/ast"
	"go/token"
	"go/types"
	"regexp"
	"slices"

	"github.com/poollint/poollint/internal/dbapi"
	"github.com/poollint/poollint/internal/flow"
)

// fakeForTests reports whether what a variable takes where a condition says that tests run, as
// in if cfg.Test, is no server.
func (g *graph) fakeForTests(v *types.Var) bool {
	return slices.ContainsFunc(g.storedForTests(v), func(s *flow.Store) bool { return g.eitherOf(s.Src).Fakes() })
}

// storedForTests returns what a variable takes where a condition says that tests run.
func (g *graph) storedForTests(v *types.Var) []*flow.Store {
	stores, known := g.forTests[v]
	if known {
		return stores
	}
	for _, s := range g.code.Into(v) {
		if s.Whole(v) && s.In != nil && g.forTestsAlone(s.In, s.Src) {
			stores = append(stores, s)
		}
	}
	g.forTests[v] = stores
	return stores
}

// forTestsAlone reports whether what stands in a function runs in tests alone, by a condition.
func (g *graph) forTestsAlone(f *flow.Func, n ast.Node) bool {
	for at := range f.Cursor.Preorder((*ast.IfStmt)(nil)) {
		stmt := at.Node().(*ast.IfStmt)
		switch {
		case contains(stmt.Body, n) && g.saysTests(stmt.Cond, true), stmt.Else != nil && contains(stmt.Else, n) && g.saysTests(stmt.Cond, false):
			return true
		}
	}
	return false
}

var ofTests = regexp.MustCompile(`(?:^|_)[tT](?:est|EST)(?:s|ing|_|[A-Z]|$)|[a-z0-9]Test(?:s|ing|_|[A-Z]|$)`)

// saysTests reports whether a condition that has the value says that tests run: a flag named
// so, testing.Testing(), a comparison with "test".
func (g *graph) saysTests(cond ast.Expr, value bool) bool {
	switch e := ast.Unparen(cond).(type) {
	case *ast.UnaryExpr:
		return e.Op == token.NOT && g.saysTests(e.X, !value)
	case *ast.BinaryExpr:
		equal := e.Op == token.EQL && value || e.Op == token.NEQ && !value
		return equal && (ofTests.MatchString(flow.Text(g.info, e.X)) || ofTests.MatchString(flow.Text(g.info, e.Y)))
	case *ast.CallExpr:
		fn := dbapi.Callee(g.info, e)
		return value && fn != nil && ofTests.MatchString(fn.Name())
	}
	v := g.variable(cond)
	return value && v != nil && ofTests.MatchString(v.Name())
}
