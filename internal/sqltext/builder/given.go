package builder

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"github.com/poollint/poollint/internal/sqltext/value"
)

// WithModels returns a query of a function with the models that a call gives it: only
// the call shows the types of what it hands over as an interface, and those that a generic
// function is called with.
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
			switch {
			case !ok || p.Index < base:
			case p.Index-base < len(call.Args):
				if e := call.Args[p.Index-base]; c.isModel(e) {
					w.Args[i] = placedAt(c.objectOf(e, args[p.Index-base]), s.Pos)
				}
			case value.TypeParam <= p.Index && p.Index < value.FuncParam:
				w.Args[i] = c.ofType(r.TypeArgs(call), p, args)
				if n := p.Given - 1; 0 <= n && n < len(call.Args) && c.isModel(call.Args[n]) {
					w.Args[i] = placedAt(c.objectOf(call.Args[n], args[n]), s.Pos)
				}
			}
		}
		return &w
	})
}

// typeParam returns the type parameter that models of type t are of, nil if there is none.
func typeParam(t types.Type) *types.TypeParam {
	for range 5 {
		switch u := types.Unalias(t).(type) {
		case *types.Pointer:
			t = u.Elem()
		case *types.Slice:
			t = u.Elem()
		case *types.TypeParam:
			return u
		default:
			return nil
		}
	}
	return nil
}

// paramOf returns the model e, of a type parameter and with the value v.
func paramOf(t *types.TypeParam, e ast.Expr, v value.Value) *value.Param {
	p := zeroParam(t, e.Pos())
	if r, isRecord := v.(*value.Record); !isConversion(e) && !isList(v) && (!isRecord || len(r.Parts) > 0) {
		p.Index += value.TypeParam - value.TypeZero
	}
	if given, ok := v.(*value.Param); ok && 0 <= given.Index && given.Index < value.TypeParam {
		p.Given = given.Index + 1
	}
	return p
}

func zeroParam(t *types.TypeParam, pos token.Pos) *value.Param {
	return &value.Param{Origin: value.Origin{Pos: pos}, Index: value.TypeZero + t.Index(), Type: t}
}

// ofType returns the model that the type arguments of a call make of a parameter; a value of a
// column if that is no struct. A type parameter of the caller is an argument as any other.
func (c *Call) ofType(list *types.TypeList, p *value.Param, args map[int]value.Value) value.Value {
	made, first := value.Somehow, value.TypeParam
	if p.Index >= value.TypeZero {
		made, first = value.AsLiteral, value.TypeZero
	}
	if p.Index-first >= list.Len() {
		return p
	}
	t := list.At(p.Index - first)
	if outer := typeParam(t); outer != nil {
		args[p.Index] = &value.Param{Origin: p.Origin, Index: first + outer.Index(), Type: outer}
		return p
	}
	table := c.Table(t, c.builder.Models)
	if table == nil {
		return value.Placeholder(p.Pos)
	}
	return &value.Object{Origin: p.Origin, Table: table, Made: made}
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
