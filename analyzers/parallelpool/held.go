package parallelpool

import (
	"go/ast"
	"go/types"

	"github.com/poollint/poollint/internal/dbapi"
	"github.com/poollint/poollint/internal/finding"
	"github.com/poollint/poollint/internal/testscope"
)

// held reports connections and transactions that a test holds while its parallel
// subtests take more from the same pool, or share the one: at a small limit they
// wait for each other for ever.
func (c *checker) held(report *finding.Reporter) {
	for _, file := range c.pass.Files {
		if !testscope.InTestFile(c.pass.Fset.PositionFor(file.Package, false).Filename) {
			continue
		}
		ast.Inspect(file, func(n ast.Node) bool {
			if block, ok := n.(*ast.BlockStmt); ok {
				c.heldIn(block, report)
			}
			return true
		})
	}
}

// heldIn looks at what the statements of one block borrow.
func (c *checker) heldIn(block *ast.BlockStmt, report *finding.Reporter) {
	for i, stmt := range block.List {
		a, ok := stmt.(*ast.AssignStmt)
		if !ok || len(a.Rhs) != 1 {
			continue
		}
		call, ok := ast.Unparen(a.Rhs[0]).(*ast.CallExpr)
		if !ok {
			continue
		}
		fn := dbapi.Callee(c.info, call)
		if fn == nil {
			continue
		}
		row := c.cat.Opener(fn)
		if row == nil || row.Kind != dbapi.Acquired && row.Kind != dbapi.Tx {
			continue
		}
		handle, pool := c.variable(a.Lhs[0]), c.root(argument(call, row.Over))
		if handle == nil || pool == nil {
			continue
		}
		if use := c.subtests(block.List[i+1:], handle, pool); use != nothing {
			report.Report(finding.At(call, held{dbapi.NameOf(fn), row.Kind, use}))
		}
	}
}

// subtests says what parallel subtests among the statements do with what is
// borrowed: nothing also if it is given back before.
func (c *checker) subtests(stmts []ast.Stmt, handle, pool *types.Var) use {
	deferred := false
	for _, stmt := range stmts {
		switch s := stmt.(type) {
		case *ast.DeferStmt:
			deferred = deferred || c.mentions(s, handle)
			continue
		case *ast.ExprStmt:
			if c.releases(s.X, handle) {
				return nothing
			}
		case *ast.AssignStmt:
			if len(s.Rhs) == 1 && c.releases(s.Rhs[0], handle) {
				return nothing
			}
		}
		use := nothing
		ast.Inspect(stmt, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok || use != nothing {
				return use == nothing
			}
			lit := c.subtest(call)
			if lit == nil {
				return true
			}
			// Parallel subtests start when the function around them has returned,
			// its defers run; those of a group run before the group's Run returns.
			group := !c.startsParallel(lit)
			if group && !c.hasParallelSubtest(lit) || !group && deferred {
				return false
			}
			switch {
			case c.mentions(lit.Body, handle):
				use = share
			case c.mentions(lit.Body, pool):
				use = compete
			}
			return false
		})
		if use != nothing {
			return use
		}
	}
	return nothing
}

// subtest returns the literal that a t.Run runs, nil if the call is none.
func (c *checker) subtest(call *ast.CallExpr) *ast.FuncLit {
	fn := dbapi.Callee(c.info, call)
	if fn == nil || testscope.Argument(fn)&testscope.PerTest == 0 || len(call.Args) == 0 {
		return nil
	}
	lit, _ := ast.Unparen(call.Args[len(call.Args)-1]).(*ast.FuncLit)
	return lit
}

func (c *checker) hasParallelSubtest(lit *ast.FuncLit) bool {
	found := false
	ast.Inspect(lit.Body, func(n ast.Node) bool {
		if call, ok := n.(*ast.CallExpr); ok {
			if inner := c.subtest(call); inner != nil && c.startsParallel(inner) {
				found = true
			}
		}
		return !found
	})
	return found
}

// releases reports whether the expression gives the handle back at once.
func (c *checker) releases(e ast.Expr, handle *types.Var) bool {
	found := false
	ast.Inspect(e, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			return false
		case *ast.CallExpr:
			fn := dbapi.Callee(c.info, n)
			if sel, ok := ast.Unparen(n.Fun).(*ast.SelectorExpr); ok && fn != nil && c.variable(sel.X) == handle &&
				(dbapi.ReleaseOf(fn) != nil || dbapi.SoundsClosing(fn.Name())) {
				found = true
			}
		}
		return !found
	})
	return found
}

func (c *checker) mentions(n ast.Node, v *types.Var) bool {
	found := false
	ast.Inspect(n, func(x ast.Node) bool {
		if id, ok := x.(*ast.Ident); ok && c.info.Uses[id] == v {
			found = true
		}
		return !found
	})
	return found
}

// root returns the variable of a handle: pool in pool, s.pool in s.pool.
func (c *checker) root(e ast.Expr) *types.Var {
	if e == nil {
		return nil
	}
	return c.variable(e)
}
