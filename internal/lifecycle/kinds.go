package lifecycle

import (
	"go/ast"
	"go/token"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/tools/go/ast/edge"
	"golang.org/x/tools/go/ast/inspector"

	"github.com/poollint/poollint/internal/dbapi"
	"github.com/poollint/poollint/internal/flow"
	"github.com/poollint/poollint/internal/testlib"
)

// sorted reports whether what a call opens goes to the blank identifier, and its error to nothing but
// functions that say what kind of error it is, which the test then expects: it has to fail.
func (g *graph) sorted(c *flow.Call) (expected bool) {
	if g.holder(c) != nil {
		return false
	}
	for _, s := range g.code.From(c.Expr) {
		if s.To == nil || !flow.IsError(s.To.Type()) || !g.code.Local(s.To) {
			continue
		}
		for at := range g.code.MentionsIn(s.To, c.In.Body()) {
			switch {
			case at.Node().Pos() < c.Expr.End() || g.printed(at):
			case at.ParentEdgeKind() == edge.AssignStmt_Lhs: // another error
				return expected
			case !g.kindExpected(at):
				return false
			default:
				expected = true
			}
		}
	}
	return expected
}

var printing = regexp.MustCompile(`^(?:Log|Print)(?:f|ln)?$`)

// printed reports whether a mention is given to a call that prints it.
func (g *graph) printed(at inspector.Cursor) bool {
	call, ok := at.Parent().Node().(*ast.CallExpr)
	if !ok {
		return false
	}
	fn := dbapi.Callee(g.info, call)
	return fn != nil && printing.MatchString(fn.Name())
}

// kindExpected reports whether a mention of an error is given to a function that says what kind of
// error it is, and the test asserts which.
func (g *graph) kindExpected(at inspector.Cursor) bool {
	call, ok := at.Parent().Node().(*ast.CallExpr)
	if !ok || at.ParentEdgeKind() != edge.CallExpr_Args {
		return false
	}
	fn := dbapi.Callee(g.info, call)
	if fn == nil || fn.Pkg() == nil || testlib.MayAssert(fn.Pkg().Path()) || denials.MatchString(fn.Name()) {
		return false
	}
	for result := range fn.Signature().Results().Variables() {
		if flow.IsError(result.Type()) {
			return false // the same error, wrapped
		}
	}
	return g.demanded(at.Parent()) || slices.ContainsFunc(g.code.From(call), func(s *flow.Store) bool {
		return s.To != nil && g.code.Local(s.To) && slices.ContainsFunc(g.code.Mentions(s.To), func(m inspector.Cursor) bool {
			return m.Node().Pos() > call.End() && g.demanded(m)
		})
	})
}

// demanded reports whether the test fails unless an expression, or a field of it, is true or equals
// what is not the zero value.
func (g *graph) demanded(at inspector.Cursor) bool {
	for at.ParentEdgeKind() == edge.SelectorExpr_X {
		at = at.Parent()
	}
	switch parent := at.Parent().Node().(type) {
	case *ast.BinaryExpr: // if kind != want { t.Fatal() }
		stmt, ok := at.Parent().Parent().Node().(*ast.IfStmt)
		return ok && parent.Op == token.NEQ && g.tells(parent.X) && g.tells(parent.Y) && g.failsAt(stmt.Body, outcome{is: func(ast.Expr) bool { return false }})
	case *ast.CallExpr:
		fn := dbapi.Callee(g.info, parent)
		if fn == nil || fn.Pkg() == nil || !testlib.Asserts(fn.Pkg().Path()) {
			return false
		}
		switch strings.TrimSuffix(fn.Name(), "f") {
		case "Equal", "EqualValues":
			return !slices.ContainsFunc(parent.Args, func(e ast.Expr) bool { return !g.tells(e) })
		case "True":
			return true
		}
	}
	return false
}

// tells reports whether an expression may name a kind of error: it is neither the zero value nor
// called what stands for none.
func (g *graph) tells(e ast.Expr) bool {
	v := g.info.Types[e].Value
	return !flow.IsZero(g.info, e) && (v == nil || !denials.MatchString(flow.Name(e)))
}
