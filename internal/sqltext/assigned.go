package sqltext

import (
	"go/ast"
	"go/token"
	"go/types"
	"strings"

	"golang.org/x/tools/go/ast/edge"
	"golang.org/x/tools/go/ast/inspector"

	"github.com/poollint/poollint/internal/dbapi"
	"github.com/poollint/poollint/internal/flow"
	"github.com/poollint/poollint/internal/sqltext/builder"
)

// assignments are what the code of a package assigns, whatever the order.
type assignments struct {
	code  *flow.Package
	grows map[*types.Var]bool // what isGrown has found
}

// given returns what literals and assignments give to a field: those of tests only where there
// are no others.
func (a *assignments) given(field *types.Var) []ast.Expr {
	var code, tests []ast.Expr
	for _, s := range a.code.Into(field.Origin()) {
		switch {
		case !s.Whole(field.Origin()) || s.Range:
		case s.In != nil && s.In.File.Test:
			tests = append(tests, s.Src)
		default:
			code = append(code, s.Src)
		}
	}
	if len(code) == 0 {
		return tests
	}
	return code
}

// isGrown reports whether methods add to a field: they assign something with what it
// holds, or write into it.
func (r *reader) isGrown(field *types.Var) bool {
	field = field.Origin()
	grows, known := r.grows[field]
	if known {
		return grows
	}
	if tracked(field.Type()) {
		for _, s := range r.code.Into(field) {
			grows = grows || s.Whole(field) && (s.Adds || mentions(r.info, s.Src, field))
		}
	}
	switch dbapi.TypeName(field.Type()) {
	case "strings.Builder", "bytes.Buffer":
		for _, c := range r.code.Mentions(field) {
			grows = grows || written(c)
		}
	}
	r.grows[field] = grows
	return grows
}

// written reports whether the field that is named at c is written into:
// x.f.WriteString(…).
func written(c inspector.Cursor) bool {
	if c.ParentEdgeKind() != edge.SelectorExpr_Sel || c.Parent().ParentEdgeKind() != edge.SelectorExpr_X {
		return false
	}
	method := c.Parent().Parent()
	return method.ParentEdgeKind() == edge.CallExpr_Fun && strings.HasPrefix(method.Node().(*ast.SelectorExpr).Sel.Name, "Write")
}

// isAssigned reports whether functions change a package-level variable. What tests do is
// none of its importers' business, and a generated table that gets another schema is
// still that table.
func (a *assignments) isAssigned(v *types.Var) bool {
	inCode := func(f *flow.Func) bool { return f != nil && f.Outer().Decl != nil && !f.File.Test }
	for _, s := range a.code.Into(v) {
		if s.Root == v && inCode(s.In) && !(builder.Embeds(v.Type()) && isMethodOf(s.Src, v)) {
			return true
		}
	}
	for _, c := range a.code.Mentions(v) {
		if isAddressed(c) && inCode(a.code.Around(c)) {
			return true
		}
	}
	return false
}

// isMethodOf reports whether an expression calls a method of the variable.
func isMethodOf(e ast.Expr, v *types.Var) bool {
	call, ok := e.(*ast.CallExpr)
	if !ok {
		return false
	}
	sel, ok := call.Fun.(*ast.SelectorExpr)
	if !ok {
		return false
	}
	id, ok := sel.X.(*ast.Ident)
	return ok && id.Name == v.Name()
}

// isConstant reports whether nothing changes a parameter of a declared function, so that a
// condition on it holds all through the body.
func (a *assignments) isConstant(v *types.Var) bool {
	p, isParam := a.code.Param(v)
	return isParam && p.Of.Decl != nil && len(a.code.Into(v)) == 0 && !containsAddress(a.code.Mentions(v))
}

func containsAddress(mentions []inspector.Cursor) bool {
	for _, c := range mentions {
		if isAddressed(c) {
			return true
		}
	}
	return false
}

// isAddressed reports whether the address is taken of the variable that is named at c, or
// of a part of it.
func isAddressed(c inspector.Cursor) bool {
	for {
		switch c.ParentEdgeKind() {
		case edge.SelectorExpr_X, edge.IndexExpr_X, edge.StarExpr_X, edge.ParenExpr_X:
			c = c.Parent()
		case edge.UnaryExpr_X:
			return c.Parent().Node().(*ast.UnaryExpr).Op == token.AND
		default:
			return false
		}
	}
}

func mentions(info *types.Info, e ast.Expr, obj types.Object) bool {
	found := false
	ast.Inspect(e, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok && info.Uses[id] == obj {
			found = true
		}
		return !found
	})
	return found
}
