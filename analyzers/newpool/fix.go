package newpool

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"strings"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ast/edge"

	"github.com/poollint/poollint/internal/dbapi"
	"github.com/poollint/poollint/internal/flow"
	"github.com/poollint/poollint/internal/lifecycle"
	"github.com/poollint/poollint/internal/rewrite"
	"github.com/poollint/poollint/internal/share"
	"github.com/poollint/poollint/internal/testscope"
)

// A swap replaces `v, err := open(…)`, the check of err and the release of v
// by `v := helper(t)`.
type swap struct {
	pass   *analysis.Pass
	code   *flow.Package
	file   *rewrite.File
	path   []ast.Node // from the call outward
	block  []ast.Stmt // the statements around the assignment
	at     int        // the assignment's index in block
	v, err types.Object
	gone   []ast.Node // what the rewrite removes
}

// fixes returns the rewrite to the helper; none if the result would not compile, or would
// release the shared pool.
func fixes(pass *analysis.Pass, site *lifecycle.Site, helper dbapi.Name) []analysis.SuggestedFix {
	if helper == "" || site.Verdict != lifecycle.PerTest || !site.Direct || !site.InTest {
		return nil
	}
	r := &swap{pass: pass, code: flow.Of(pass), file: rewrite.In(pass).At(site.Call.Pos()), path: site.Path()}
	_, t := testscope.Running(pass.TypesInfo, site.At, "Helper")
	if t == "" || r.file == nil || !r.assignment() || fitOf(pass, helper, r.v.Type()) != fits || !r.release() || !r.forget() {
		return nil
	}
	name, short, _ := strings.Cut(helper.Short(), ".")
	qualifier, edits, ok := r.file.Import(site.Call.Pos(), helper.Package(), name)
	if !ok {
		return nil
	}
	assign := r.block[r.at]
	text := fmt.Sprintf("%s := %s%s(%s)", r.v.Name(), qualifier, short, t)
	if r.used(r.err) {
		text += "\n" + r.file.Indent(assign.Pos()) + "var err error"
	}
	edits = append(edits, rewrite.Replace(assign.Pos(), assign.End(), text))
	for _, n := range r.gone {
		if n != assign {
			edits = append(edits, r.file.Remove(n))
		}
	}
	return rewrite.Fix("take the shared pool from "+helper.Short(), edits...)
}

// assignment finds `v, err := open(…)` or `v := open(…)` and the check of err after it.
func (r *swap) assignment() bool {
	if len(r.path) < 3 {
		return false
	}
	assign, ok := r.path[1].(*ast.AssignStmt)
	if !ok || assign.Tok != token.DEFINE || len(assign.Rhs) != 1 || len(assign.Lhs) > 2 {
		return false
	}
	block, ok := r.path[2].(*ast.BlockStmt)
	if !ok {
		return false
	}
	r.block = block.List
	for i, stmt := range r.block {
		if stmt == assign {
			r.at = i
		}
	}
	r.gone = []ast.Node{assign}
	r.v = r.object(assign.Lhs[0])
	if r.v == nil || len(assign.Lhs) == 1 {
		return r.v != nil
	}
	r.err = r.object(assign.Lhs[1])
	if r.err == nil || r.at+1 == len(r.block) {
		return false
	}
	check := r.block[r.at+1]
	switch stmt := check.(type) {
	case *ast.IfStmt:
		if stmt.Init != nil || stmt.Else != nil || !r.mentions(stmt.Cond, r.err) || r.mentions(stmt.Cond, r.v) {
			return false
		}
	case *ast.ExprStmt:
		if !r.mentions(stmt, r.err) || r.mentions(stmt, r.v) {
			return false
		}
	default:
		return false
	}
	r.gone = append(r.gone, check)
	return true
}

// object returns the variable that the assignment declares under the name.
func (r *swap) object(e ast.Expr) types.Object {
	id, ok := e.(*ast.Ident)
	if !ok || id.Name == "_" {
		return nil
	}
	return r.pass.TypesInfo.Defs[id]
}

func (r *swap) mentions(n ast.Node, obj types.Object) bool { return r.code.MentionedIn(obj, n) }

// release removes the deferred or registered Close; not ok where the handle is
// released elsewhere too, or leaves the function.
func (r *swap) release() bool {
	for _, stmt := range r.block[r.at+1:] {
		switch stmt := stmt.(type) {
		case *ast.DeferStmt:
			if r.closes(stmt) {
				r.gone = append(r.gone, stmt)
			}
		case *ast.ExprStmt:
			if call, ok := stmt.X.(*ast.CallExpr); ok && r.closes(stmt) &&
				testscope.Argument(dbapi.Callee(r.pass.TypesInfo, call))&testscope.After != 0 && !r.doesMore(call) {
				r.gone = append(r.gone, stmt)
			}
		}
	}
	for _, stmt := range r.block {
		if r.goes(stmt) {
			continue
		}
		if r.closes(stmt) || r.leaves(stmt) {
			return false
		}
	}
	return true
}

// closes reports whether the node calls or hands on a method that releases v.
func (r *swap) closes(n ast.Node) bool {
	for use := range r.code.MentionsIn(r.v, n) {
		for around := range use.Enclosing((*ast.SelectorExpr)(nil)) {
			sel := around.Node().(*ast.SelectorExpr)
			if sel.Pos() < n.Pos() || n.End() < sel.End() {
				break
			}
			if dbapi.SoundsClosing(sel.Sel.Name) {
				return true
			}
		}
	}
	return false
}

// doesMore reports whether a registered cleanup does other things than release v.
func (r *swap) doesMore(call *ast.CallExpr) bool {
	for _, arg := range call.Args {
		if lit, ok := arg.(*ast.FuncLit); ok && len(lit.Body.List) != 1 {
			return true
		}
	}
	return false
}

// leaves reports whether v is returned, or stored where others may close it.
func (r *swap) leaves(n ast.Node) bool {
	for use := range r.code.MentionsIn(r.v, n) {
		for ret := range use.Enclosing((*ast.ReturnStmt)(nil)) {
			if n.Pos() <= ret.Node().Pos() {
				return true
			}
		}
		for use.ParentEdgeKind() == edge.ParenExpr_X {
			use = use.Parent()
		}
		if kind := use.ParentEdgeKind(); kind == edge.AssignStmt_Rhs || kind == edge.KeyValueExpr_Value {
			return true
		}
	}
	return false
}

func (r *swap) goes(n ast.Node) bool {
	for _, g := range r.gone {
		if g.Pos() <= n.Pos() && n.End() <= g.End() {
			return true
		}
	}
	return false
}

// forget removes the variables that only the removed code used; not ok if the statement
// that declares one has to stay.
func (r *swap) forget() bool {
	info := r.pass.TypesInfo
	for again := true; again; {
		again = false
		for _, n := range r.gone {
			ok := true
			ast.Inspect(n, func(x ast.Node) bool {
				id, isID := x.(*ast.Ident)
				if !isID {
					return true
				}
				v, isVar := info.Uses[id].(*types.Var)
				if !isVar || v == r.v || v == r.err || v.IsField() || v.Parent() == r.pass.Pkg.Scope() || r.used(v) {
					return true
				}
				stmt := r.declares(v)
				switch {
				case stmt == nil: // a parameter, or declared in an outer block
					ok = ok && !r.local(v)
				case !r.goes(stmt):
					r.gone = append(r.gone, stmt)
					again = true
				}
				return true
			})
			if !ok {
				return false
			}
		}
	}
	return true
}

// used reports whether obj is used outside the removed code.
func (r *swap) used(obj types.Object) bool {
	if obj == nil {
		return false
	}
	found := false
	ast.Inspect(r.file.Syntax, func(x ast.Node) bool {
		if x == nil || r.goes(x) {
			return false
		}
		if id, ok := x.(*ast.Ident); ok && r.pass.TypesInfo.Uses[id] == obj {
			found = true
		}
		return !found
	})
	return found
}

// declares returns the statement of the block that declares v alone and has no
// effect otherwise.
func (r *swap) declares(v *types.Var) ast.Stmt {
	for _, stmt := range r.block[:r.at] {
		assign, ok := stmt.(*ast.AssignStmt)
		if ok && len(assign.Lhs) == 1 && assign.Tok == token.DEFINE && r.object(assign.Lhs[0]) == v && share.Pure(r.pass.TypesInfo, assign.Rhs[0]) {
			return stmt
		}
	}
	return nil
}

// local reports whether v is declared in the function's body, where an unused variable is
// an error.
func (r *swap) local(v *types.Var) bool {
	for _, n := range r.path {
		if block, ok := n.(*ast.BlockStmt); ok && block.Pos() <= v.Pos() && v.Pos() < block.End() {
			return true
		}
	}
	return false
}
