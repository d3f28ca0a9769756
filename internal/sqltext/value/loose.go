package value

import (
	"go/ast"
	"go/token"
	"slices"
)

// Loose returns what v may be after code that cannot be followed had hold of it, at pos:
// what it was, and perhaps more. The expression, if there is one, stands for that code;
// nil stands for nothing known.
func Loose(v Value, pos token.Pos, by ast.Expr) Value {
	more := &Hole{Origin: Origin{Pos: pos}, Expr: by}
	switch v := v.(type) {
	case nil:
		return nil
	case *Lent, *Func, *Object:
		return v
	case *Param, *Member:
		return &Lent{Origin: Origin{Pos: pos}, Of: v}
	case *Chain:
		return Then(v, &Unseen{Origin: Origin{Pos: pos}})
	case *Record:
		return v.and(&Unseen{Origin: Origin{Pos: pos}})
	case *List:
		return Extend(v, more)
	case *Hole:
		more.Type = v.Type
		return more
	case *Choice:
		if !slices.ContainsFunc(v.Alternatives, isWritten) {
			alternatives := make([]Value, len(v.Alternatives))
			for i, a := range v.Alternatives {
				alternatives[i] = Loose(a, pos, by)
			}
			return Choose(v.Key, v.Cond, alternatives...)
		}
	}
	return Concat(v, more)
}

// isWritten reports whether v is text in part.
func isWritten(v Value) bool { return is[*Text](v) || is[*Sequence](v) || is[*Join](v) }
