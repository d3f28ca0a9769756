package missingcleanup

import (
	"go/ast"
	"go/token"
	"slices"

	"golang.org/x/tools/go/ast/inspector"

	"github.com/poollint/poollint/internal/dbapi"
	"github.com/poollint/poollint/internal/flow"
	"github.com/poollint/poollint/internal/ownership"
)

// exits reports deferred calls of TestMain, registered before the tests run, that its
// os.Exit skips. The release of a pool or connection is not reported: the end of the
// process releases it anyway.
func (c *check) exits() {
	for _, main := range c.code.Funcs() {
		if main.Obj == nil || main.Obj.Name() != "TestMain" || isMethod(main) || !main.File.Test {
			continue
		}
		_, exits := calls(main, "os.Exit")
		runs, _ := calls(main, "(testing.M).Run")
		for stmt := range main.Cursor.Preorder((*ast.DeferStmt)(nil)) {
			if c.code.Around(stmt) == main && stmt.Node().Pos() < min(runs, exits) && !c.releasesHandle(stmt) {
				c.found(stmt.Node(), skippedByExit)
			}
		}
	}
}

// calls returns the positions of the first and the last call of the named function in the
// function itself; token.NoPos if there is none.
func calls(f *flow.Func, name dbapi.Name) (first, last token.Pos) {
	for _, call := range f.Calls {
		if call.Fn != nil && dbapi.NameOf(call.Fn) == name {
			last = call.Expr.Pos()
			if !first.IsValid() {
				first = last
			}
		}
	}
	return first, last
}

func (c *check) releasesHandle(stmt inspector.Cursor) bool {
	fn := dbapi.Callee(c.pass.TypesInfo, stmt.Node().(*ast.DeferStmt).Call)
	if fn != nil && dbapi.ReleaseOf(fn) != nil {
		return true
	}
	return slices.ContainsFunc(c.owners.Handles, func(h *ownership.Handle) bool {
		return slices.ContainsFunc(h.Fate.Releases, func(release inspector.Cursor) bool {
			return stmt.Contains(release)
		})
	})
}
