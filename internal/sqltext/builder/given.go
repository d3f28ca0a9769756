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
			if ok && base == 0 && value.IsTypeParam(p) {
				if o := c.instance(call, p); o != nil {
					w.Args[i] = placedAt(o, s.Pos)
				}
				continue
			}
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

// instance returns the table of the type that a call instantiates its function with, as one
// that nothing is set of; nil if it is no struct.
func (c *Call) instance(call *ast.CallExpr, p *value.Param) value.Value {
	t := c.TypeArg(call, p.Index-value.TypeParam)
	if t == nil || typeParam(t) != nil {
		return nil
	}
	table := c.Table(t, c.builder.Models)
	if table == nil {
		return nil
	}
	return &value.Object{Origin: value.Origin{Pos: call.Pos()}, Table: table, Made: value.AsLiteral}
}

// TypeArgs returns the type parameters of the function around a call that it instantiates its
// own with, by the numbers of these.
func TypeArgs(r Reader, call *ast.CallExpr) map[int]value.Value {
	args := map[int]value.Value{}
	for i := 0; ; i++ {
		t := r.TypeArg(call, i)
		if t == nil {
			return args
		}
		if p := typeParam(t); p != nil {
			args[value.TypeParam+i] = &value.Param{Origin: value.Origin{Pos: call.Pos()}, Index: value.TypeParam + p.Index(), Type: t}
		}
	}
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
