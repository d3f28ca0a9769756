package lifecycle

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ast/edge"
	"golang.org/x/tools/go/ast/inspector"

	"github.com/poollint/poollint/internal/flow"
)

// A stretch is code that runs from one place to the next, whatever came before.
type stretch struct{ from, to token.Pos }

func (s *stretch) contains(e ast.Expr) bool { return e != nil && s.from <= e.Pos() && e.Pos() < s.to }

// setBefore returns the code between the last statement that gives a local variable, or the field of what
// it holds, a new value in any case and a mention of it; nil if it is not that simple.
func (g *graph) setBefore(v *types.Var, field flow.Path, at *ast.Ident) *stretch {
	if at == nil || !g.code.Local(v) {
		return nil
	}
	var last *flow.Store
	for _, s := range g.code.Into(v) {
		if s.Dst == nil || s.In == nil || last != nil && s.In != last.In {
			return nil
		}
		if g.sets(s, v, field) && s.Dst.End() <= at.Pos() && (last == nil || s.Dst.Pos() > last.Dst.Pos()) {
			last = s
		}
	}
	if last == nil {
		return nil
	}
	set, ok := last.In.At(last.Dst)
	mention, also := last.In.At(at)
	if !ok || !also || !runsBefore(set, mention) {
		return nil
	}
	return &stretch{last.Dst.Pos(), at.Pos()}
}

// sets reports whether a store gives a variable, or the field of what it holds, a new value.
func (g *graph) sets(s *flow.Store, v *types.Var, field flow.Path) bool {
	if s.Elem || s.Whole(v) {
		return s.Whole(v)
	}
	path := g.code.PathIn(s, v)
	_, asked := field.Of(path)
	return asked && path != ""
}

// runsBefore reports whether a statement always runs before a mention behind it, and nothing behind the
// mention runs in between: they share a list of statements, and no loop or literal has the mention alone.
func runsBefore(set, mention inspector.Cursor) bool {
	for set.ParentEdgeKind() != edge.BlockStmt_List && set.ParentEdgeKind() != edge.CaseClause_Body {
		if _, is := set.Node().(ast.Stmt); is && set.ParentEdgeKind() != edge.LabeledStmt_Stmt {
			return false
		}
		set = set.Parent()
	}
	block := set.Parent().Node()
	for at := mention; at.Node() != nil; at = at.Parent() {
		switch at.Node().(type) {
		case *ast.ForStmt, *ast.RangeStmt, *ast.FuncLit:
			return false
		}
		if at.Parent().Node() == block {
			return true
		}
	}
	return false
}

// freshly reports whether what a local variable holds where it is mentioned is so: a statement before has
// given it that in any case, and nothing has touched it since.
func (g *graph) freshly(v *types.Var, at *ast.Ident, is func(ast.Expr) bool) bool {
	since := g.setBefore(v, "", at)
	if since == nil {
		return false
	}
	for _, s := range g.code.Into(v) {
		if since.contains(s.Dst) && (!s.Whole(v) || s.Range || s.Adds || s.Result != 0 || !is(s.Src)) {
			return false
		}
	}
	return !slices.ContainsFunc(g.code.Mentions(v), func(c inspector.Cursor) bool {
		return since.from < c.Node().Pos() && c.Node().Pos() < since.to
	})
}
