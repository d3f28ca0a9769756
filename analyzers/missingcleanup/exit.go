package missingcleanup

import (
	"go/ast"
	"go/token"
	"slices"

	"golang.org/x/tools/go/ast/inspector"

	"github.com/poollint/poollint/internal/dbapi"
	"github.com/poollint/poollint/internal/ownership"
)

// exits reports deferred calls of TestMain, registered before the tests run, that its
// os.Exit skips. The release of a pool or connection is not reported: the end of the
// process releases it anyway.
func (c *check) exits(in *inspector.Inspector) {
	for main := range in.Root().Preorder((*ast.FuncDecl)(nil)) {
		decl := main.Node().(*ast.FuncDecl)
		if decl.Name.Name != "TestMain" || decl.Recv != nil || !c.inTestFile(decl) {
			continue
		}
		_, exits := c.calls(main, "os.Exit")
		runs, _ := c.calls(main, "(testing.M).Run")
		for stmt := range main.Preorder((*ast.DeferStmt)(nil)) {
			if functionAround(stmt) == ast.Node(decl) && stmt.Node().Pos() < min(runs, exits) && !c.releasesHandle(stmt) {
				c.found(stmt.Node(), skippedByExit)
			}
		}
	}
}

// calls returns the positions of the first and the last call of the named function in the
// function itself; token.NoPos if there is none.
func (c *check) calls(function inspector.Cursor, name dbapi.Name) (first, last token.Pos) {
	for call := range function.Preorder((*ast.CallExpr)(nil)) {
		fn := dbapi.Callee(c.pass.TypesInfo, call.Node().(*ast.CallExpr))
		if fn != nil && dbapi.NameOf(fn) == name && functionAround(call) == function.Node() {
			last = call.Node().Pos()
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
			around, ok := deferAround(release)
			return ok && around == stmt
		})
	})
}
