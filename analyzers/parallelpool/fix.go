package parallelpool

import (
	"go/ast"

	"golang.org/x/tools/go/analysis"

	"github.com/poollint/poollint/internal/flow"
	"github.com/poollint/poollint/internal/rewrite"
	"github.com/poollint/poollint/internal/testscope"
)

// inTurn returns the fix that has the tests that wipe tables run in turn: the testing package
// runs those that are not parallel before the others of the binary go on.
func (c *checker) inTurn(w *wipe) []analysis.SuggestedFix {
	var edits []analysis.TextEdit
	for _, unit := range w.units {
		file := c.files.At(unit.Cursor.Node().Pos())
		stmt := c.parallelStmt(unit)
		if file == nil || stmt == nil || !file.Alone(stmt) {
			return nil
		}
		for f := unit.Parent; f != nil; f = f.Parent {
			if c.parallel.CallsParallel(f) {
				return nil // it runs beside others of its parent then
			}
		}
		edits = append(edits, file.Remove(stmt))
	}
	return rewrite.Fix("run it in turn", edits...)
}

// parallelStmt returns the statement of a test that has it run in parallel; nil if that stands
// elsewhere.
func (c *checker) parallelStmt(unit *flow.Func) ast.Stmt {
	var found ast.Stmt
	for _, call := range unit.Calls {
		stmt, ok := call.At.Parent().Node().(*ast.ExprStmt)
		if !ok || call.Fn == nil || call.Fn.Name() != "Parallel" || !testscope.IsTB(c.info.TypeOf(call.Receiver())) {
			continue
		}
		if found != nil {
			return nil
		}
		found = stmt
	}
	return found
}
