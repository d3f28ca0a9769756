package lifecycle

import (
	"cmp"
	"go/ast"
	"go/token"

	"golang.org/x/tools/go/ast/edge"
	"golang.org/x/tools/go/ast/inspector"

	"github.com/poollint/poollint/internal/flow"
)

// condition returns the fields that if statements around a place in a function ask about,
// where those fields belong to the configuration that leads to the database: one
// that must be set for the place to be reached, as in if cfg.ReplicaDSN != "" { … }, and
// one that must not, as in if cfg.Pool == nil { … }.
func (g *graph) condition(at inspector.Cursor, vars values) (needs, unless string) {
	for c := range g.code.Conditions(at) {
		cond, ok := ast.Unparen(c.Expr).(*ast.BinaryExpr)
		if !ok || !c.Around {
			continue
		}
		field := g.configured(cond.X, vars)
		switch isSet := cond.Op == token.NEQ || cond.Op == token.GTR; {
		case field == "" || !isSet && cond.Op != token.EQL || !flow.IsZero(g.info, cond.Y):
		case isSet == c.Holds:
			needs = cmp.Or(needs, field)
		case isNil(g.info, cond.Y): // an empty text may have a default
			unless = cmp.Or(unless, field)
		}
	}
	return needs, unless
}

// perhaps reports whether a function may do without opening something at a place in it, and meet
// no error, whatever it is given: that is in an arm of a branch, or behind one that returns.
func (g *graph) perhaps(o opened, at inspector.Cursor, in *flow.Func) bool {
	if o.If != "" || o.Unless != "" || o.Without != 0 || o.Needs != "" && !o.Needs.chooses() {
		return false // callers decide; what they choose may not show
	}
	for ; at.Node() != nil && at != in.Cursor; at = at.Parent() {
		switch at.ParentEdgeKind() {
		case edge.IfStmt_Body, edge.IfStmt_Else, edge.CaseClause_Body, edge.CommClause_Body:
			return true
		case edge.BlockStmt_List:
			for before, ok := at.PrevSibling(); ok; before, ok = before.PrevSibling() {
				if stmt, ok := before.Node().(*ast.IfStmt); ok && g.succeeds(stmt.Body) {
					return true
				}
			}
		}
	}
	return false
}

// succeeds reports whether a block ends in a return statement without an error.
func (g *graph) succeeds(block *ast.BlockStmt) bool {
	if len(block.List) == 0 {
		return false
	}
	ret, ok := block.List[len(block.List)-1].(*ast.ReturnStmt)
	if !ok || len(ret.Results) < 2 {
		return false
	}
	return isNil(g.info, ret.Results[len(ret.Results)-1]) && !isNil(g.info, ret.Results[0])
}

// configured returns the field of one of vars whose value e is: the field itself,
// its length, or a variable that starts with it.
func (g *graph) configured(e ast.Expr, vars values) string {
	switch e := ast.Unparen(e).(type) {
	case *ast.CallExpr: // len(cfg.Addrs)
		if len(e.Args) == 1 {
			return g.configured(e.Args[0], vars)
		}
	case *ast.SelectorExpr:
		if g.names(e.X, vars) {
			return e.Sel.Name
		}
	case *ast.Ident:
		v := g.variable(e)
		if v == nil || g.lasting(v) {
			return ""
		}
		for _, s := range g.sources(v) {
			if sel, ok := ast.Unparen(s.expr).(*ast.SelectorExpr); ok && s.key == "" && g.names(sel.X, vars) {
				return sel.Sel.Name
			}
		}
	}
	return ""
}

// given reports whether the field is set on the way. Where production code sets it
// to a field of another configuration, that one, which is returned, decides in its
// place, and so on.
func (t *tracer) given(field string, test bool) (instead string, is bool) {
	for range len(t.keys) + 1 {
		value := t.keys[field]
		if field == "" || value == nil || flow.IsZero(t.g.info, value) {
			return field, false
		}
		sel, ok := ast.Unparen(value).(*ast.SelectorExpr)
		if !ok || test {
			return field, true
		}
		if v := t.g.root(sel.X); v == nil || t.g.lasting(v) {
			return field, true
		}
		if sel.Sel.Name == field {
			return field, false
		}
		field = sel.Sel.Name
	}
	return field, false // two that are set to each other
}
