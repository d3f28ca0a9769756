package flow

import (
	"fmt"
	"go/ast"
	"go/types"

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

// applied says what it does with the value that a call gives a function to one that brings the two
// together; ok is false if that ends nothing.
func (t *tracker) applied(at inspector.Cursor, fn *types.Func, deeds *Deeds, i int) (end SinkKind, ok bool) {
	call := t.calls[at.Node().(*ast.CallExpr)]
	if fn == nil || call == nil {
		return 0, false
	}
	for _, a := range deeds.Applies {
		if a.Param != i {
			continue
		}
		for _, do := range call.Args(fn.Signature(), a.By) {
			if end, ok := t.endsBy(do, a.Arg); ok {
				return end, true
			}
		}
	}
	return 0, false
}

// endsBy says how a function that an expression stands for ends its argument i.
func (t *tracker) endsBy(do ast.Expr, i int) (end SinkKind, ok bool) {
	by := func(deeds *Deeds, param int) (SinkKind, bool) {
		switch {
		case deeds == nil:
			return 0, false
		case deeds.Closes.Has(param):
			return Closed, true
		}
		return Settled, deeds.Settles.Has(param)
	}
	s := t.search(do, false)
	for _, f := range s.found {
		if end, ok := by(t.deeds[f], i+1); ok {
			return end, true
		}
	}
	for _, fn := range s.others {
		param := ParamOfArg(fn.Signature(), i)
		if sig, ok := underlying(t.info.TypeOf(do)).(*types.Signature); ok && sig.Params().Len() > fn.Signature().Params().Len() {
			param = i // of a method expression
		}
		if r := dbapi.ReleaseOf(fn); r != nil && paramOfRow(r.Arg) == param {
			if dbapi.EndsTransaction(fn) {
				return Settled, true
			}
			return Closed, true
		}
		if end, ok := by(t.methodDeeds(fn), param); ok {
			return end, true
		}
	}
	return 0, false
}
