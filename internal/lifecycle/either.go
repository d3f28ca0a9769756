package lifecycle

import (
	"go/ast"
	"go/types"
	"maps"
	"slices"

	"golang.org/x/tools/go/ast/edge"

	"github.com/poollint/poollint/internal/dbapi"
	"github.com/poollint/poollint/internal/flow"
)

// onServers returns those of several values, one of which it will be, that decide: where one
// leads to a server and another to a file or a mock, a test is judged on the server.
func (g *graph) onServers(values []ast.Expr) []ast.Expr {
	if len(values) < 2 || !slices.ContainsFunc(values, func(e ast.Expr) bool { return g.eitherOf(e)&(dbapi.Server|dbapi.Fake) == dbapi.Server }) {
		return values
	}
	return slices.DeleteFunc(slices.Clone(values), func(e ast.Expr) bool { return g.eitherOf(e)&(dbapi.Server|dbapi.Fake) == dbapi.Fake })
}

// spared returns what a local variable takes that leads to no server, where something else
// that it takes does, or where that was found out of it before.
func (g *graph) spared(v *types.Var) map[ast.Expr]bool {
	spared, known := g.sparing[v]
	if known || flow.Global(v) || v.IsField() {
		return spared
	}
	g.sparing[v] = nil // while it is found out
	var values []ast.Expr
	refined := map[ast.Expr]bool{}
	for _, s := range g.code.Into(v) {
		if !s.Whole(v) || s.Adds {
			continue
		}
		if g.refines(v, s) && g.eitherOf(s.Src).Fakes() {
			refined[s.Src] = true
		} else {
			values = append(values, s.Src)
		}
	}
	on := g.onServers(values)
	if len(on) < len(values) || len(refined) > 0 {
		spared = refined
		for _, e := range values {
			spared[e] = !slices.Contains(on, e)
		}
	}
	g.sparing[v] = spared
	return spared
}

// spareBeside spares what an address takes where the driver takes what leads to no server, if it takes
// something else elsewhere: both are chosen together.
func (g *graph) spareBeside(driver, address ast.Expr) {
	d, a := g.variable(driver), g.variable(address)
	if d == nil || a == nil || d == a || flow.Global(a) || a.IsField() {
		return
	}
	var blocks []ast.Node
	for _, s := range g.code.Into(d) {
		if s.Whole(d) && g.spared(d)[s.Src] {
			blocks = append(blocks, blockOf(s))
		}
	}
	spared, left := maps.Clone(g.spared(a)), false
	for _, s := range g.code.Into(a) {
		if !s.Whole(a) || spared[s.Src] {
			continue
		}
		if !slices.Contains(blocks, blockOf(s)) {
			left = true
			continue
		}
		if spared == nil {
			spared = map[ast.Expr]bool{}
		}
		spared[s.Src] = true
	}
	if left {
		g.sparing[a] = spared
	}
}

// blockOf returns the block that a store stands in; nil if it stands in none.
func blockOf(s *flow.Store) ast.Node {
	if s.Dst == nil || s.In == nil {
		return nil
	}
	at, ok := s.In.At(s.Dst)
	for ; ok && at != s.In.Cursor; at = at.Parent() {
		switch at.ParentEdgeKind() {
		case edge.BlockStmt_List, edge.CaseClause_Body:
			return at.Parent().Node()
		}
	}
	return nil
}

// refines reports whether a variable takes another value where it has been found to be a certain
// text: of what it is otherwise, that says nothing. A default for an empty one does.
func (g *graph) refines(v *types.Var, s *flow.Store) bool {
	if s.Dst == nil || s.In == nil {
		return false
	}
	at, ok := s.In.At(s.Dst)
	return ok && slices.ContainsFunc(g.questions(at), func(q question) bool {
		of, _ := g.subjectOf(q)
		return !q.none && !slices.Contains(q.among, "") && g.variable(plain(g.info, of)) == v
	})
}

// eitherOf returns what a value is made of; nothing while that is being found out.
func (g *graph) eitherOf(e ast.Expr) dbapi.Origin {
	origin, known := g.either[e]
	if !known {
		g.either[e] = 0
		parts := []ast.Expr{e}
		if row, ok := e.(*ast.KeyValueExpr); ok {
			parts = []ast.Expr{row.Key, row.Value}
		}
		t := g.trace()
		t.deep = true // it may be asked before the package's functions are summarized, and is kept
		t.Follow(parts...)
		if origin = t.all(); origin.Fakes() {
			origin |= dbapi.Fake
		}
		g.either[e] = origin
	}
	return origin
}
