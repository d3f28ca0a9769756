package missingcleanup

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"strings"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ast/inspector"

	"github.com/poollint/poollint/internal/dbapi"
	"github.com/poollint/poollint/internal/ownership"
	"github.com/poollint/poollint/internal/testscope"
)

// release returns the statement that registers the release of a handle; "" if
// its type has no method for that or no running test is at hand.
func (c *check) release(h *ownership.Handle) string {
	t := c.runningTest(h.Call.At)
	if t == "" || h.Holder == nil || h.Holder.Name() == "" || h.Holder.Name() == "_" {
		return ""
	}
	name := h.Holder.Name()
	methods := []string{"Rollback", "Release", "Close"}
	if h.Kind.Own() {
		methods = methods[2:] // a rollback does not end it
	}
	for _, method := range methods {
		obj, _, _ := types.LookupFieldOrMethod(h.Holder.Type(), true, c.pass.Pkg, method)
		fn, ok := obj.(*types.Func)
		if !ok {
			continue
		}
		sig := fn.Signature()
		call := name + "." + method + "()"
		switch {
		case sig.Params().Len() == 1 && sig.Params().At(0).Type().String() == "context.Context":
			call = name + "." + method + "(context.Background())"
		case sig.Params().Len() > 0:
			return ""
		case sig.Results().Len() == 0:
			return fmt.Sprintf("%s.Cleanup(%s.%s)", t, name, method)
		}
		if sig.Results().Len() == 1 {
			call = "_ = " + call
		}
		return fmt.Sprintf("%s.Cleanup(func() { %s })", t, call)
	}
	if h.Kind == dbapi.Pool && c.projects(h.Holder.Type()) {
		return fmt.Sprintf(projected, t, name)
	}
	return ""
}

// projected releases a pool whose DB method gives the *sql.DB that can be closed.
const projected = `%s.Cleanup(func() {
	if sqlDB, err := %s.DB(); err == nil {
		_ = sqlDB.Close()
	}
})`

// projects reports whether a type has such a method.
func (c *check) projects(t types.Type) bool {
	obj, _, _ := types.LookupFieldOrMethod(t, true, c.pass.Pkg, "DB")
	fn, ok := obj.(*types.Func)
	if !ok || fn.Signature().Params().Len() > 0 || fn.Signature().Results().Len() != 2 {
		return false
	}
	return dbapi.TypeName(fn.Signature().Results().At(0).Type()) == "database/sql.DB"
}

// cleanup inserts the release behind the statement that obtains the handle and
// the check of its error.
func (c *check) cleanup(h *ownership.Handle) []analysis.SuggestedFix {
	text := c.release(h)
	if text == "" || len(h.Fate.Fields) > 0 || h.Fate.Released() {
		return nil
	}
	if strings.Contains(text, "func()") && c.reassigned(h) {
		return nil // the function would release what the variable holds at the end
	}
	if strings.Contains(text, "context.") && !c.imports(h.Expr().Pos(), "context") {
		return nil
	}
	stmt, ok := statementAround(h.Call.At)
	if !ok {
		return nil
	}
	after := stmt.Node()
	if next, ok := stmt.NextSibling(); ok && h.Err != nil && c.checks(next, h.Err) {
		after = next.Node()
	}
	indent := strings.Repeat("\t", c.pass.Fset.PositionFor(stmt.Node().Pos(), false).Column-1)
	return []analysis.SuggestedFix{{
		Message: "release it when the test is over",
		TextEdits: []analysis.TextEdit{{
			Pos: after.End(), End: after.End(), NewText: []byte("\n" + indent + strings.ReplaceAll(text, "\n", "\n"+indent)),
		}},
	}}
}

// reassigned reports whether the variable takes another handle, too.
func (c *check) reassigned(h *ownership.Handle) bool {
	times := 0
	for _, s := range c.code.Into(h.Holder) {
		if s.Whole(h.Holder) {
			times++
		}
	}
	return times > 1
}

// statementAround returns the statement of a block that assigns the call.
func statementAround(call inspector.Cursor) (inspector.Cursor, bool) {
	stmt := call.Parent()
	switch stmt.Node().(type) {
	case *ast.AssignStmt:
	default:
		return inspector.Cursor{}, false
	}
	_, inBlock := stmt.Parent().Node().(*ast.BlockStmt)
	return stmt, inBlock
}

// checks reports whether a statement only deals with the error.
func (c *check) checks(stmt inspector.Cursor, err *types.Var) bool {
	switch n := stmt.Node().(type) {
	case *ast.IfStmt:
		return n.Init == nil && c.code.MentionedIn(err, n.Cond)
	case *ast.ExprStmt:
		return c.code.MentionedIn(err, n)
	}
	return false
}

func (c *check) imports(pos token.Pos, path string) bool {
	for _, file := range c.pass.Files {
		if file.FileStart <= pos && pos < file.FileEnd {
			for _, spec := range file.Imports {
				if spec.Path.Value == `"`+path+`"` && spec.Name == nil {
					return true
				}
			}
		}
	}
	return false
}

// runningTest returns the name of the running test around c that can register
// cleanup functions; "" if there is none.
func (c *check) runningTest(at inspector.Cursor) string {
	_, name := testscope.Running(c.pass.TypesInfo, at, "Cleanup")
	return name
}
