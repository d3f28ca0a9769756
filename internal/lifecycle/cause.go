package lifecycle

import (
	"cmp"
	"go/ast"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ast/inspector"

	"github.com/poollint/poollint/internal/flow"
	"github.com/poollint/poollint/internal/testscope"
)

// An origin of sites: what they have in common that opens for tests.
type cause struct {
	verdict Verdict
	site    Place // of the opener
}

// findCauses notes which sites have one cause: the calls of one constructor, the arms of one
// branch, an attempt and the next. The first of them answers for all.
func (g *graph) findCauses(sites []*Site) {
	constructors := map[cause]*Site{}
	inside := map[*flow.Func][]*Site{}
	for _, s := range sites {
		s.Cause = s
		if !s.Direct && s.Callee != nil {
			key := cause{s.Verdict, s.Opens[0].Site}
			if constructors[key] == nil {
				constructors[key] = s
			}
			s.Cause = constructors[key]
		}
		for _, before := range inside[s.in] {
			s.retry = s.retry || g.retries(before, s)
			if s.Cause == s && before.Verdict == s.Verdict && (s.retry || excludes(before.At, s.Call)) {
				s.Cause = before.Cause
			}
		}
		if len(inside[s.in]) < maxArms {
			inside[s.in] = append(inside[s.in], s)
		}
	}
}

// Constructor names what opens for tests in production code, as all packages of a run do; "" if
// the site opens for itself.
func (s *Site) Constructor() string {
	if s.Direct || s.Callee == nil {
		return ""
	}
	return s.Verdict.String() + " " + string(s.Opens[0].Site)
}

// GroupByCause returns the sites of each cause, by the one that answers for them: the first call
// of what most tests call. Those of a helper for tests that says so itself have one report
// there in any case.
func GroupByCause(sites []*Site) map[*Site][]*Site {
	all, groups := map[*Site][]*Site{}, map[*Site][]*Site{}
	for _, s := range sites {
		if s.Helper() != "" {
			groups[s] = []*Site{s}
		} else {
			all[s.Cause] = append(all[s.Cause], s)
		}
	}
	for _, group := range all {
		tests := map[*types.Func]int{}
		for _, s := range group {
			tests[s.Callee] += len(s.Tests)
		}
		answers := slices.MaxFunc(group, func(a, b *Site) int { return cmp.Compare(tests[a.Callee], tests[b.Callee]) })
		groups[answers] = group
	}
	return groups
}

// maxArms bounds the sites of one function that are compared with one another.
const maxArms = 32

// excludes reports whether where the first of two calls of a function runs, the second does
// not: they are in different arms of a branch, or the arm of the first ends in a return.
func excludes(a inspector.Cursor, b ast.Node) bool {
	for arm, at := ast.Node(nil), a; at.Node() != nil; at = at.Parent() {
		switch n := at.Node().(type) {
		case *ast.BlockStmt, *ast.CaseClause:
			if _, ok := n.(*ast.BlockStmt); ok {
				if _, ok := at.Parent().Node().(*ast.IfStmt); !ok {
					continue
				}
			}
			arm = n
		case *ast.IfStmt:
			if arm == n.Body && (n.Else != nil && contains(n.Else, b) || b.Pos() > n.End() && leaves(n.Body.List)) {
				return true
			}
		case *ast.SwitchStmt:
			if arm != nil && contains(n, b) && !contains(arm, b) {
				return true
			}
		case *ast.FuncDecl, *ast.FuncLit:
			return false
		}
	}
	return false
}

// retries reports whether a site tries again what one before it failed to do: it puts the same
// call's result into the same variable, where an if statement asks for that or for an error.
func (g *graph) retries(before, again *Site) bool {
	v := g.holder(g.code.Call(before.Call))
	if v == nil || before.Callee == nil || before.Callee != again.Callee || v != g.holder(g.code.Call(again.Call)) {
		return false
	}
	for c := range g.code.Conditions(again.At) {
		if before.Call.End() <= c.Expr.Pos() && g.asksOutcome(c.Expr, v) {
			return true
		}
	}
	return false
}

// asksOutcome reports whether a condition asks about a variable or an error.
func (g *graph) asksOutcome(cond ast.Expr, v *types.Var) (asks bool) {
	ast.Inspect(cond, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok {
			w, _ := g.info.Uses[id].(*types.Var)
			asks = asks || w != nil && (w == v || flow.IsError(w.Type()))
		}
		return !asks
	})
	return asks
}

// findSingle notes the test that is the only one of the package to open something, each once: what
// it opens is one a process.
func (g *graph) findSingle(sites []*Site, tests []*Test, last map[Place][]*flow.Call) {
	if len(tests) != 1 || tests[0].Decl == nil || !strings.HasPrefix(tests[0].Name, "Test") {
		return
	}
	test, opened := g.code.FuncAt(tests[0].Decl), map[Place]bool{}
	for _, s := range sites {
		opened[s.Place] = s.retry
	}
	for _, o := range tests[0].Opens {
		calls := last[o.At]
		if opened[o.At] {
			continue
		}
		if o.Once || test == nil || len(calls) != 1 || !g.once(calls[0], test, maxHops) {
			return
		}
		opened[o.At] = true
	}
	for _, s := range sites {
		switch s.Verdict {
		case PerTest:
			if !opened[s.Place] {
				return
			}
		case Private, Once, Unassigned:
			return
		}
	}
	tests[0].Single = true
	for _, s := range sites {
		s.Single = s.Verdict == PerTest
	}
}

// once reports whether a call runs once in a run of the test: it is in no loop, and so is each
// function called on the way.
func (g *graph) once(c *flow.Call, test *flow.Func, hops int) bool {
	for at := c.At; at.Node() != c.In.Cursor.Node(); at = at.Parent() {
		switch at.Node().(type) {
		case *ast.ForStmt, *ast.RangeStmt:
			return false
		}
	}
	f := c.In
	switch {
	case f == test:
		return true
	case hops == 0:
		return false
	case f.Lit != nil && f.When&testscope.PerTest != 0: // a subtest
		run, ok := f.Cursor.Parent().Node().(*ast.CallExpr)
		return ok && g.code.Call(run) != nil && g.once(g.code.Call(run), test, hops-1)
	}
	return len(f.Callers) == 1 && len(f.Uses) == 0 && g.once(f.Callers[0], test, hops-1)
}
