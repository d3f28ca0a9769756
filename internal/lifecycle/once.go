package lifecycle

import (
	"go/ast"
	"go/types"
	"slices"
	"strings"

	"github.com/poollint/poollint/internal/dbapi"
	"github.com/poollint/poollint/internal/flow"
	"github.com/poollint/poollint/internal/testscope"
)

// guarded reports whether the call runs at most once, because its result goes
// to a package variable, a field or an entry of one that an if statement of the
// same function asks about.
func (g *graph) guarded(c *flow.Call) bool {
	if _, ok := g.guards[c]; !ok {
		g.guards[c] = !g.madeHere(c) && g.guardOf(c)
	}
	return g.guards[c]
}

// onlyOnce reports whether the call runs at most once, whoever keeps what it hands out.
func (g *graph) onlyOnce(c *flow.Call) bool { return g.guarded(c) || g.guardsKept(c) }

func (g *graph) guardOf(c *flow.Call) bool {
	return slices.ContainsFunc(slices.Concat(g.keepers(c), g.filledBeside(c)), func(keeper *types.Var) bool { return g.asked(c, keeper) && !g.takenBack(keeper) })
}

// filledBeside returns the package variables that take other results of the call than the first.
func (g *graph) filledBeside(c *flow.Call) (all []*types.Var) {
	for _, s := range g.code.From(c.Expr) {
		if s.Result > 0 && s.To != nil && flow.Global(s.To) && !flow.IsError(s.To.Type()) {
			all = append(all, s.To)
		}
	}
	return all
}

// takenBack reports whether what a package variable keeps is taken away when a test is over, so that the
// next one has to open it again.
func (g *graph) takenBack(v *types.Var) bool {
	return flow.Global(v) && slices.ContainsFunc(g.code.Into(v), func(s *flow.Store) bool {
		return isNil(g.info, s.Src) && s.Whole(v) && g.runsAfterTests(s.In, maxHops)
	})
}

// runsAfterTests reports whether a function runs when a test is over, and not only when all of a suite are.
func (g *graph) runsAfterTests(f *flow.Func, hops int) bool {
	switch {
	case f.When&testscope.After != 0:
		return !g.concludes(f)
	case f.Lit != nil && !f.Detached:
		return hops > 0 && g.runsAfterTests(f.Parent, hops-1)
	}
	return hops > 0 && slices.ContainsFunc(f.Callers, func(c *flow.Call) bool {
		_, deferred := c.At.Parent().Node().(*ast.DeferStmt)
		return deferred && c.In.When&testscope.PerTest != 0 || g.runsAfterTests(c.In, hops-1)
	})
}

// concludes reports whether a function runs once, after all tests of a suite or process.
func (g *graph) concludes(f *flow.Func) bool {
	if f.Obj != nil {
		return f.Obj.Name() == "TearDownSuite"
	}
	call, ok := f.Cursor.Parent().Node().(*ast.CallExpr)
	return ok && testscope.Concludes(dbapi.Callee(g.info, call)) || f.Outer().When&testscope.Once != 0
}

// madeHere reports whether the call's result goes to a field of what the same run of the function
// has made: no earlier run can have left anything there.
func (g *graph) madeHere(c *flow.Call) bool {
	inMade := func(s *flow.Store) bool {
		return s.Result == 0 && s.Root != nil && s.Root != s.To && g.madeIn(c.In, s.Root) && g.code.Made(s.Root)
	}
	if slices.ContainsFunc(g.code.From(c.Expr), inMade) {
		return true
	}
	v := g.holder(c)
	return v != nil && slices.ContainsFunc(g.keepers(c), func(keeper *types.Var) bool {
		return slices.ContainsFunc(g.code.Into(keeper), func(s *flow.Store) bool {
			return s.In.Outer() == c.In.Outer() && g.variable(s.Src) == v && inMade(s)
		})
	})
}

// keepers returns the package variables and fields that hold the result of the
// call after its function returns.
func (g *graph) keepers(c *flow.Call) []*types.Var {
	v := g.holder(c)
	if v == nil {
		return nil
	}
	if g.lasting(v) {
		return []*types.Var{v}
	}
	return g.tableOf(c.In.Outer()).keepers[v]
}

// lasting reports whether the variable outlives the functions that use it.
func (g *graph) lasting(v *types.Var) bool {
	return v.IsField() || v.Parent() == g.pass.Pkg.Scope()
}

// guardsKept reports whether the call runs at most once, because an if statement asks for the
// variable that what it calls keeps the handle in: if store.DB == nil { store.Connect() }.
func (g *graph) guardsKept(c *flow.Call) bool {
	if g.madeHere(c) {
		return false
	}
	for _, o := range g.opened[c] {
		if slices.ContainsFunc(o.kept, func(v *types.Var) bool { return g.asked(c, v) && !g.takenBack(v) }) {
			return true
		}
		if v := g.global(o.Into); v != nil && !g.takenBack(v) && (g.asked(c, v) || g.askedBy(c, v)) {
			return true
		}
		// The receiver keeps it: if store.Default.DB == nil { store.Default.Connect() }.
		if o.on != nil && flow.Global(o.on) && g.asked(c, o.on) {
			return true
		}
	}
	return false
}

// globalName names a package variable for other packages.
func globalName(v *types.Var) string { return v.Pkg().Path() + "." + v.Name() }

// global returns the variable of this package, or of one that it imports, that has the name.
func (g *graph) global(name string) *types.Var {
	dot := strings.LastIndexByte(name, '.')
	if dot < 0 {
		return nil
	}
	for _, pkg := range append(slices.Clip(g.pass.Pkg.Imports()), g.pass.Pkg) {
		if pkg.Path() == name[:dot] {
			v, _ := pkg.Scope().Lookup(name[dot+1:]).(*types.Var)
			return v
		}
	}
	return nil
}

// asked reports whether a branch around the call, or one before it that ends the
// function, asks about the variable: a comparison with nil, a lookup in a map; or about a flag
// that says the function has run.
func (g *graph) asked(c *flow.Call, v *types.Var) bool {
	t := g.tableOf(c.In.Outer())
	before := func(w *types.Var) bool { return guards(t.asks[w], c) }
	return before(v) || guards(t.flags, c) || slices.ContainsFunc(t.copies[v], before)
}

// askedBy reports whether such an if statement asks a function of the variable's package
// whether the handle is there.
func (g *graph) askedBy(c *flow.Call, v *types.Var) bool {
	for fn, stmts := range g.tableOf(c.In.Outer()).questions {
		if fn.Pkg() == v.Pkg() && guards(stmts, c) {
			return true
		}
	}
	return false
}

// guards reports whether one of the branches decides whether the call runs.
func guards(branches []branch, c *flow.Call) bool {
	return slices.ContainsFunc(branches, func(b branch) bool {
		if slices.ContainsFunc(b.arms, func(arm ast.Node) bool { return contains(arm, c.Expr) }) {
			return true
		}
		return b.ends && b.stmt.End() <= c.Expr.Pos()
	})
}

// leaves reports whether what stands behind a block does not run after its statements.
func leaves(block []ast.Stmt) bool {
	if len(block) == 0 {
		return false
	}
	switch block[len(block)-1].(type) {
	case *ast.ReturnStmt, *ast.BranchStmt:
		return true
	}
	return false
}

// unassigned returns the package variable that was meant to keep the result of
// the call: one of the same name and type that the function asks for and that
// nothing in the package ever assigns, because := declares another.
func (g *graph) unassigned(c *flow.Call) *types.Var {
	local := g.holder(c)
	if local == nil || g.lasting(local) {
		return nil
	}
	meant, ok := g.pass.Pkg.Scope().Lookup(local.Name()).(*types.Var)
	if !ok || meant.Exported() || !types.Identical(meant.Type(), local.Type()) ||
		len(g.sources(meant)) > 0 || g.code.AddressTaken(meant) || !g.tableOf(c.In.Outer()).used[meant] {
		return nil
	}
	return meant
}
