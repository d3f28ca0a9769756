package builder

import (
	"go/ast"
	"go/token"
	"slices"

	"github.com/poollint/poollint/internal/sqltext/value"
)

// WithModels returns a query of a function with the models that a call gives it: only
// the call shows the types of what it hands over as an interface.
func WithModels(r Reader, sql value.Value, call *ast.CallExpr, base int, args map[int]value.Value) value.Value {
	return value.Rewrite(sql, func(v value.Value) value.Value {
		s, ok := v.(*value.Step)
		if !ok {
			return v
		}
		b := byName[s.Library]
		if b == nil || b.Models == "" || !slices.ContainsFunc(s.Args, value.IsParam) {
			return v
		}
		c := b.Call(Call{Reader: r})
		w := *s
		w.Args = slices.Clone(s.Args)
		for i, a := range s.Args {
			p, ok := a.(*value.Param)
			if !ok || p.Index < base || p.Index-base >= len(call.Args) {
				continue
			}
			if e := call.Args[p.Index-base]; c.isModel(e) {
				w.Args[i] = placedAt(c.objectOf(e, args[p.Index-base]), s.Pos)
			}
		}
		return &w
	})
}

// placedAt returns a model as one that stands in the query, if that is read here.
func placedAt(v value.Value, pos token.Pos) value.Value {
	o, ok := v.(*value.Object)
	if !ok || !pos.IsValid() {
		return v
	}
	w := *o
	w.Pos = pos
	return &w
}

// TakesModel reports whether a chain is about a model that its function is given.
func TakesModel(v value.Value) bool {
	return value.Has(v, func(v value.Value) bool {
		s, ok := v.(*value.Step)
		return ok && byName[s.Library].Models != "" && s.Method == "Model" && slices.ContainsFunc(s.Args, value.IsParam)
	})
}
