package lifecycle

import (
	"cmp"
	"go/ast"
	"go/token"
	"go/types"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/tools/go/ast/inspector"

	"github.com/poollint/poollint/internal/dbapi"
	"github.com/poollint/poollint/internal/flow"
	"github.com/poollint/poollint/internal/testlib"
	"github.com/poollint/poollint/internal/testscope"
)

// failing reports whether the test expects the call to fail: it asserts the
// error of that very call, or that the call panics.
func (g *graph) failing(c *flow.Call) bool {
	var err types.Object
	for at := c.At; at.Node() != nil; at = at.Parent() {
		switch x := at.Node().(type) {
		case *ast.AssignStmt:
			if err == nil {
				err = g.lastError(x)
			}
		case *ast.IfStmt:
			if err != nil && x.Init != nil && x.Init.Pos() <= c.Expr.Pos() && c.Expr.End() <= x.Init.End() {
				return g.wantsError(x, err, c.Expr.End())
			}
		case *ast.BlockStmt:
			return err != nil && g.wantsError(x, err, c.Expr.End()) || panics(at.Parent())
		case *ast.CaseClause:
			return err != nil && g.wantsError(x, err, c.Expr.End())
		}
	}
	return false
}

// lastError returns the variable that takes the error of a call.
func (g *graph) lastError(a *ast.AssignStmt) types.Object {
	id, ok := a.Lhs[len(a.Lhs)-1].(*ast.Ident)
	if !ok {
		return nil
	}
	obj := g.info.ObjectOf(id)
	if obj == nil || !flow.IsError(obj.Type()) {
		return nil
	}
	return obj
}

// wantsError reports whether a statement after pos asserts that err is set,
// before err is assigned again.
func (g *graph) wantsError(in ast.Node, err types.Object, after token.Pos) bool {
	v, _ := err.(*types.Var)
	mentions := g.code.Mentions(v)
	first, _ := slices.BinarySearchFunc(mentions, after, func(c inspector.Cursor, pos token.Pos) int { return cmp.Compare(c.Node().Pos(), pos) })
	for _, c := range mentions[first:] {
		if c.Node().Pos() >= in.End() {
			return false
		}
		if wants, over := g.says(c, err, after); wants || over {
			return wants
		}
	}
	return false
}

// says reports whether the statement around a mention of err asserts that it is
// set, or assigns it anew.
func (g *graph) says(mention inspector.Cursor, err types.Object, after token.Pos) (wants, over bool) {
	is := func(e ast.Expr) bool {
		id, ok := ast.Unparen(e).(*ast.Ident)
		return ok && g.info.ObjectOf(id) == err
	}
	for at := mention; at.Node() != nil; at = at.Parent() {
		switch x := at.Node().(type) {
		case *ast.CallExpr:
			if x.Pos() > after && g.assertsError(x, is) {
				return true, false
			}
		case *ast.IfStmt:
			return g.fails(x.Body) && g.asksWhetherSet(x.Cond, is), false
		case *ast.AssignStmt:
			return false, x.Pos() > after && slices.ContainsFunc(x.Lhs, is)
		case ast.Stmt:
			return false, false
		}
	}
	return false, false
}

// asksWhetherSet reports whether a condition that fails the test holds where the
// error is not the wanted one.
func (g *graph) asksWhetherSet(cond ast.Expr, isErr func(ast.Expr) bool) bool {
	switch cond := cond.(type) {
	case *ast.UnaryExpr:
		return cond.Op == token.NOT && g.isErrorIs(cond.X, isErr)
	case *ast.BinaryExpr:
		if isErr(cond.X) {
			return (cond.Op == token.EQL) == isNil(g.info, cond.Y) // err == nil, err != errExpected
		}
		inner, ok := ast.Unparen(cond.X).(*ast.BinaryExpr) // (err != nil) != tt.wantErr
		return ok && isErr(inner.X) && isNil(g.info, inner.Y) && (cond.Op == token.NEQ || cond.Op == token.EQL)
	}
	return false
}

// isErrorIs reports whether e asks what kind of error there is: errors.Is(err, …).
func (g *graph) isErrorIs(e ast.Expr, isErr func(ast.Expr) bool) bool {
	call, ok := ast.Unparen(e).(*ast.CallExpr)
	if !ok || len(call.Args) == 0 || !isErr(call.Args[0]) {
		return false
	}
	fn := dbapi.Callee(g.info, call)
	return fn != nil && (dbapi.NameOf(fn) == "errors.Is" || dbapi.NameOf(fn) == "errors.As")
}

func isNil(info *types.Info, e ast.Expr) bool {
	tv, ok := info.Types[e]
	return ok && tv.IsNil()
}

// fails reports whether the block ends the test as failed.
func (g *graph) fails(block *ast.BlockStmt) bool {
	found := false
	ast.Inspect(block, func(x ast.Node) bool {
		if call, ok := x.(*ast.CallExpr); ok {
			if fn := dbapi.Callee(g.info, call); fn != nil && fn.Signature().Recv() != nil &&
				testscope.IsTB(fn.Signature().Recv().Type()) || fn != nil && fn.Pkg() != nil && fn.Pkg().Path() == "testing" {
				found = true
			}
		}
		return !found
	})
	return found
}

// errorAsserts are assertions that hold only when their error is set.
var errorAsserts = map[string]bool{
	"Error": true, "Errorf": true, "EqualError": true, "EqualErrorf": true, "ErrorIs": true, "ErrorIsf": true,
	"ErrorAs": true, "ErrorAsf": true, "ErrorContains": true, "ErrorContainsf": true, "ErrorType": true,
	"NotNil": true, "NotNilf": true,
}

// assertPrefix is what the names of assertions begin with outside testify:
// AssertError, requireErrorIs.
var assertPrefix = regexp.MustCompile(`^(?i:assert|require|expect|must|check|want)`)

// errorMatchers are matchers, as gomega and gocheck have them.
var errorMatchers = map[string]bool{
	"HaveOccurred": true, "MatchError": true, "NotNil": true, "ErrorMatches": true, "IsNotNil": true, "ErrorIs": true, "ErrorAs": true,
}

func (g *graph) assertsError(call *ast.CallExpr, isErr func(ast.Expr) bool) bool {
	fn := dbapi.Callee(g.info, call)
	if fn == nil || fn.Pkg() == nil {
		return false
	}
	if recv := fn.Signature().Recv(); recv != nil && fn.Pkg().Path() == "testing" {
		return false // t.Error(err) reports it
	}
	name := assertPrefix.ReplaceAllString(fn.Name(), "")
	if !testlib.MayAssert(fn.Pkg().Path()) && (name == fn.Name() || !testscope.TakesTB(fn.Signature())) {
		return false
	}
	mentioned := false
	for _, arg := range call.Args {
		mentioned = mentioned || isErr(arg)
	}
	if mentioned && errorAsserts[name] {
		return true
	}
	// Expect(err).To(HaveOccurred()), c.Assert(err, NotNil)
	if sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr); ok {
		if inner, ok := ast.Unparen(sel.X).(*ast.CallExpr); ok && len(inner.Args) > 0 && isErr(inner.Args[0]) {
			mentioned = !strings.Contains(sel.Sel.Name, "Not")
		}
	}
	if !mentioned {
		return false
	}
	for _, arg := range call.Args {
		if m, ok := ast.Unparen(arg).(*ast.CallExpr); ok {
			arg = m.Fun
		}
		switch arg := ast.Unparen(arg).(type) {
		case *ast.Ident:
			if errorMatchers[arg.Name] {
				return true
			}
		case *ast.SelectorExpr:
			if errorMatchers[arg.Sel.Name] {
				return true
			}
		}
	}
	return false
}

// panics reports whether the literal at a place is an argument of
// an assertion that it panics.
func panics(at inspector.Cursor) bool {
	if _, ok := at.Node().(*ast.FuncLit); !ok {
		return false
	}
	call, ok := at.Parent().Node().(*ast.CallExpr)
	if !ok {
		return false
	}
	name := ""
	switch fun := ast.Unparen(call.Fun).(type) {
	case *ast.Ident:
		name = fun.Name
	case *ast.SelectorExpr:
		name = fun.Sel.Name
	}
	return strings.HasPrefix(name, "Panics") || name == "PanicMatches"
}
