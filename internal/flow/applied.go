package flow

import (
	"fmt"
	"go/ast"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ast/inspector"

	"github.com/poollint/poollint/internal/dbapi"
)

// Apply says that a function calls one of its parameters with another, as
// func Each[T any](do func(T), all ...T) does.
type Apply struct {
	Param int
	By    int // the parameter that is called
	Arg   int // the number of the argument
}

func (a Apply) String() string {
	return fmt.Sprintf("gives %d to %d as argument %d", a.Param, a.By, a.Arg)
}

// appliedBy is where a call of a func value takes the value as its argument i.
func (t *tracker) appliedBy(call *Call, i int) Sink {
	s := Sink{Kind: HandedOn, At: call.At}
	if param, ok := t.params[Var(t.info, call.Expr.Fun)]; ok {
		s.To, s.Arg = &param, i
	}
	return s
}

// applied reports whether a call gives a function that closes the value together with it to one that
// brings them together.
func (t *tracker) applied(at inspector.Cursor, fn *types.Func, deeds *Deeds, i int) bool {
	call := t.calls[at.Node().(*ast.CallExpr)]
	return fn != nil && slices.ContainsFunc(deeds.Applies, func(a Apply) bool {
		return a.Param == i && slices.ContainsFunc(call.Args(fn.Signature(), a.By), func(do ast.Expr) bool { return t.closes(do, a.Arg) })
	})
}

// closes reports whether a function that an expression stands for closes its argument i.
func (t *tracker) closes(do ast.Expr, i int) bool {
	s := t.search(do, false)
	if slices.ContainsFunc(s.found, func(f *Func) bool {
		deeds := t.deeds[f]
		return deeds != nil && deeds.Closes.Has(i+1)
	}) {
		return true
	}
	return slices.ContainsFunc(s.others, func(fn *types.Func) bool {
		param := ParamOfArg(fn.Signature(), i)
		if sig, ok := underlying(t.info.TypeOf(do)).(*types.Signature); ok && sig.Params().Len() > fn.Signature().Params().Len() { // a method expression
			param = i
		}
		if r := dbapi.ReleaseOf(fn); r != nil {
			return paramOfRow(r.Arg) == param
		}
		deeds := t.methodDeeds(fn)
		return deeds != nil && deeds.Closes.Has(param)
	})
}
