package flow

import (
	"go/ast"
	"go/types"

	"github.com/poollint/poollint/internal/dbapi"
)

// cancels reports whether a field takes nothing but functions that cancel a context: they end the
// work with what the field's struct holds, and close nothing of it. A transaction ends with its
// context.
func (c *code) cancels(field *ast.SelectorExpr) bool {
	v := Var(c.info, field)
	return v != nil && !v.Exported() && c.takesCancels(v, maxHops) && !c.holdsTransaction(c.info.TypeOf(field.X))
}

// canceling are the functions whose second result cancels their first, a context.
var canceling = map[dbapi.Name]bool{
	"context.WithCancel": true, "context.WithTimeout": true, "context.WithDeadline": true,
	"context.WithTimeoutCause": true, "context.WithDeadlineCause": true, "os/signal.NotifyContext": true,
}

// takesCancels reports whether a variable takes such functions, and nothing else but nil.
func (c *code) takesCancels(v *types.Var, hops int) bool {
	takes := false
	for _, s := range c.into[v] {
		src := ast.Unparen(s.Src)
		call, _ := src.(*ast.CallExpr)
		from := Var(c.info, src)
		switch {
		case c.info.Types[src].IsNil():
			continue
		case call != nil && s.Result == 1:
			fn := dbapi.Callee(c.info, call)
			takes = fn != nil && canceling[dbapi.NameOf(fn)]
		default:
			takes = from != nil && hops > 0 && c.step() && c.takesCancels(from, hops-1)
		}
		if !takes || !s.Whole(v) {
			return false
		}
	}
	return takes
}

// holdsTransaction reports whether a field of a struct is a transaction.
func (c *code) holdsTransaction(t types.Type) bool {
	fields, ok := Pointee(t).Underlying().(*types.Struct)
	if !ok {
		return false
	}
	for field := range fields.Fields() {
		if c.isGivenBack(field.Type(), smaller[0]) {
			return true
		}
	}
	return false
}
