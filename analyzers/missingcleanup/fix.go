package missingcleanup

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ast/inspector"

	"github.com/poollint/poollint/internal/flow"
	"github.com/poollint/poollint/internal/lifecycle"
	"github.com/poollint/poollint/internal/ownership"
	"github.com/poollint/poollint/internal/rewrite"
	"github.com/poollint/poollint/internal/testlib"
	"github.com/poollint/poollint/internal/testscope"
)

// registrar returns what registers the functions that run when the test around c is over; ""
// if there is nothing of that kind.
func (c *check) registrar(at inspector.Cursor) string {
	return testscope.Registrar(c.pass.TypesInfo, at)
}

// remedy returns the statement that registers the release of a handle; "" if there is none
// that would do.
func (c *check) remedy(h *ownership.Handle) string {
	r, ok := c.releaseOf(h)
	registrar := c.registrar(h.Call.At)
	if !ok || registrar == "" || r.Value == "" && c.reassigned(h) || c.failsInRow(h) {
		return ""
	}
	return r.registered(registrar)
}

// failsInRow reports whether the test expects that some rows of its table obtain no handle.
func (c *check) failsInRow(h *ownership.Handle) bool {
	return c.life.Failing(h.Expr()) || h.Err != nil && c.wantsError(h)
}

// wantsError reports whether the test asserts, on some branch, that there is an error of obtaining a handle.
func (c *check) wantsError(h *ownership.Handle) bool {
	end := h.In().Cursor.Node().End() // of what the variable takes there
	for _, s := range c.code.Into(h.Err) {
		if s.Src.Pos() > h.Expr().Pos() && s.Src.Pos() < end {
			end = s.Src.Pos()
		}
	}
	return slices.ContainsFunc(c.code.Passed(h.Err), func(arg flow.Argument) bool {
		fn, at := arg.Call.Fn, arg.Call.Expr.Pos()
		return h.Expr().End() < at && at < end && fn != nil && fn.Pkg() != nil && testlib.Asserts(fn.Pkg().Path()) && strings.HasPrefix(fn.Name(), "Error")
	})
}

// reassigned reports whether the variable takes another handle, too: a function would
// release what it holds at the end.
func (c *check) reassigned(h *ownership.Handle) bool {
	times := 0
	for _, s := range c.code.Into(h.Holder) {
		if s.Whole(h.Holder) {
			times++
		}
	}
	return times > 1
}

// cleanup registers the release behind the statement that obtains the handle and the check
// of its error. Where it is released on some ways already, it is once more.
func (c *check) cleanup(h *ownership.Handle) []analysis.SuggestedFix {
	text := c.remedy(h)
	if text == "" || len(h.Fate.Fields) > 0 || h.Fate.Released() && (!h.Direct || h.Closer >= 0 || h.Fate.Returned != 0) {
		return nil
	}
	if site := c.sites[h.Expr()]; site != nil && site.Verdict == lifecycle.Unassigned {
		return nil // it is to be shared
	}
	stmt, ok := statementAround(h.Call.At)
	file := c.files.At(h.Expr().Pos())
	if !ok || file == nil {
		return nil
	}
	edits, ok := c.background(file, stmt.Node().Pos(), text)
	if !ok {
		return nil
	}
	return rewrite.Fix("release it when the test is over", append(edits, file.Below(c.behind(stmt, h), text))...)
}

// behind returns the last statement that obtaining a handle takes: the check of the error.
func (c *check) behind(stmt inspector.Cursor, h *ownership.Handle) ast.Node {
	if h.Err != nil {
		if check := rewrite.Check(stmt, c.pass.TypesInfo, h.Err); check != nil {
			return check
		}
	}
	return stmt.Node()
}

// background imports package context where the text names it; not ok if it cannot be.
func (c *check) background(file *rewrite.File, at token.Pos, text string) ([]analysis.TextEdit, bool) {
	if !strings.Contains(text, "context.Background()") {
		return nil, true
	}
	qualifier, edits, ok := file.Import(at, "context", "context")
	return edits, ok && qualifier == "context."
}

// instead makes a registered function of a defer statement.
func (c *check) instead(stmt inspector.Cursor) []analysis.SuggestedFix {
	file := c.files.At(stmt.Node().Pos())
	text := c.asRegistered(file, stmt)
	if text == "" {
		return nil
	}
	edits, ok := c.background(file, stmt.Node().Pos(), text)
	if !ok {
		return nil
	}
	return rewrite.Fix("use "+c.registrar(stmt), append(edits, rewrite.Replace(stmt.Node().Pos(), stmt.Node().End(), text))...)
}

// asRegistered returns the statement that registers what a defer statement defers; "" if that
// would mean something else: defer evaluates arguments at once.
func (c *check) asRegistered(file *rewrite.File, stmt inspector.Cursor) string {
	registrar := c.registrar(stmt)
	if registrar == "" || file == nil {
		return ""
	}
	call := stmt.Node().(*ast.DeferStmt).Call
	if lit, ok := call.Fun.(*ast.FuncLit); ok {
		if len(call.Args) > 0 || lit.Type.Results != nil {
			return ""
		}
		return registrar + "(" + file.Text(lit) + ")"
	}
	sig, ok := c.pass.TypesInfo.TypeOf(call.Fun).(*types.Signature)
	if !ok || !c.fixed(call.Fun) {
		return ""
	}
	r, ok := callOf(file.Text(call.Fun), sig)
	if !ok {
		return ""
	}
	if len(call.Args) == 0 && r.Value == "" {
		r.Code = file.Text(call)
	}
	return r.registered(registrar)
}

// fixed reports whether what a function is called on stays what it is: names of variables
// that are assigned once.
func (c *check) fixed(fun ast.Expr) bool {
	v := flow.Root(c.pass.TypesInfo, fun)
	return v != nil && !flow.Global(v) && len(c.code.Into(v)) <= 1
}

// moved moves the statement that releases a handle up, behind the check of its error.
func (c *check) moved(obtain, register inspector.Cursor, h *ownership.Handle) []analysis.SuggestedFix {
	file := c.files.At(register.Node().Pos())
	if file == nil || !file.Alone(register.Node()) || !single(register.Node()) || !c.declaredBefore(register, obtain.Node().End()) {
		return nil
	}
	text := file.Text(register.Node())
	if _, deferred := register.Node().(*ast.DeferStmt); deferred && len(h.Fate.Later) > 0 {
		text = c.asRegistered(file, register)
	}
	if text == "" {
		return nil
	}
	edits, ok := c.background(file, register.Node().Pos(), text)
	if !ok {
		return nil
	}
	indent := "\n" + file.Indent(obtain.Node().Pos())
	behind := file.Below(c.behind(obtain, h), "")
	behind.NewText = []byte(indent + text)
	return rewrite.Fix("move it up, behind the error check", append(edits, behind, file.Remove(register.Node()))...)
}

// above makes a registered function of a defer statement, above the cleanup function that
// works with the handle.
func (c *check) above(stmt inspector.Cursor, later token.Pos, h *ownership.Handle) []analysis.SuggestedFix {
	if stmt.Node().Pos() < later {
		return c.instead(stmt)
	}
	obtain, ok := statementAround(h.Call.At)
	if !ok || obtain.Parent() != stmt.Parent() || obtain.Node().End() > later {
		return nil
	}
	return c.moved(obtain, stmt, h)
}

// single reports whether a statement has no literal of more than one statement.
func single(stmt ast.Node) bool {
	one := true
	ast.Inspect(stmt, func(n ast.Node) bool {
		if lit, ok := n.(*ast.FuncLit); ok && len(lit.Body.List) > 1 {
			one = false
		}
		return one
	})
	return one
}

// declaredBefore reports whether all variables that a statement names are declared above a
// position, or in the statement itself.
func (c *check) declaredBefore(stmt inspector.Cursor, pos token.Pos) bool {
	for id := range stmt.Preorder((*ast.Ident)(nil)) {
		v, ok := c.pass.TypesInfo.Uses[id.Node().(*ast.Ident)].(*types.Var)
		if ok && !v.IsField() && !flow.Global(v) && v.Pos() >= pos && v.Pos() < stmt.Node().Pos() {
			return false
		}
	}
	return true
}

// inFunction makes a function of the body of the loop around a deferred release, which then
// runs when the iteration is over.
func (c *check) inFunction(stmt inspector.Cursor) []analysis.SuggestedFix {
	var body *ast.BlockStmt
	switch loop := stmt.Parent().Parent().Node().(type) {
	case *ast.ForStmt:
		body = loop.Body
	case *ast.RangeStmt:
		body = loop.Body
	}
	if body == nil || stmt.Parent().Node() != body || jumps(body) {
		return nil
	}
	return rewrite.Fix("make a function of the loop's body",
		rewrite.Insert(body.Lbrace+1, "\nfunc() {"), rewrite.Insert(body.Rbrace, "}()\n"))
}

// jumps reports whether a loop's body can be left in another way than by its end, or names
// what would be something else in a function.
func jumps(body *ast.BlockStmt) bool {
	found := false
	var look func(n ast.Node, inner bool)
	look = func(n ast.Node, inner bool) {
		ast.Inspect(n, func(x ast.Node) bool {
			switch x := x.(type) {
			case *ast.FuncLit:
				return false
			case *ast.ReturnStmt, *ast.LabeledStmt:
				found = true
			case *ast.BranchStmt:
				found = found || !inner || x.Label != nil || x.Tok == token.GOTO
			case *ast.ForStmt, *ast.RangeStmt:
				if x != n {
					look(x, true)
					return false
				}
			case *ast.SwitchStmt, *ast.TypeSwitchStmt, *ast.SelectStmt:
				// a break ends them, a continue the loop
			}
			return !found
		})
	}
	look(body, false)
	return found
}

// taken gives a name to the function that releases a handle, and registers it.
func (c *check) taken(h *ownership.Handle) []analysis.SuggestedFix {
	stmt, ok := statementAround(h.Call.At)
	file, registrar := c.files.At(h.Expr().Pos()), c.registrar(h.Call.At)
	if !ok || file == nil || registrar == "" {
		return nil
	}
	assign := stmt.Node().(*ast.AssignStmt)
	if assign.Tok != token.DEFINE || h.Closer >= len(assign.Lhs) {
		return nil
	}
	blank, results := assign.Lhs[h.Closer], c.pass.TypesInfo.TypeOf(h.Expr())
	tuple, ok := results.(*types.Tuple)
	if id, isID := blank.(*ast.Ident); !ok || !isID || id.Name != "_" {
		return nil
	}
	sig, ok := tuple.At(h.Closer).Type().Underlying().(*types.Signature)
	name := file.Free(stmt, "closeAll", "release", "cleanUp")
	if !ok || name == "" {
		return nil
	}
	r, ok := callOf(name, sig)
	if !ok {
		return nil
	}
	text := r.registered(registrar)
	edits, ok := c.background(file, stmt.Node().Pos(), text)
	if !ok {
		return nil
	}
	return rewrite.Fix("call it when the test is over",
		append(edits, rewrite.Replace(blank.Pos(), blank.End(), name), file.Below(c.behind(stmt, h), text))...)
}

// lasting replaces a test's context by one that is not cancelled.
func (c *check) lasting(ctx *ast.CallExpr) []analysis.SuggestedFix {
	file := c.files.At(ctx.Pos())
	if file == nil {
		return nil
	}
	qualifier, edits, ok := file.Import(ctx.Pos(), "context", "context")
	if !ok {
		return nil
	}
	return rewrite.Fix("use a context that is not cancelled", append(edits, rewrite.Replace(ctx.Pos(), ctx.End(), qualifier+"Background()"))...)
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
