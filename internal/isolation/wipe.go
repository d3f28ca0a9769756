package isolation

import (
	"go/ast"
	"go/types"

	"github.com/poollint/poollint/internal/dbapi"
	"github.com/poollint/poollint/internal/flow"
)

// A Wipe is what a function does to tables that others use too: those of a handle.
type Wipe struct {
	Does Effect
	By   int // the number of the parameter that is the handle, or Opened, or Global
}

// Handles that are no parameters.
const (
	Opened = flow.Receiver // a call in the function gives it
	Global = -1            // a variable of the package
)

// WipeOf returns what calls of a function of another package do to tables.
func (p *Package) WipeOf(fn *types.Func) (w Wipe) {
	if fn != nil && p.code.Func(fn) == nil {
		w = p.of(fn).Wipe
	}
	return w
}

// wiped notes what a call in f does to tables.
func (p *Package) wiped(does *Func, f *flow.Func, call *flow.Call) {
	effect, handle, by := p.wipe(call)
	if effect <= does.Does {
		return
	}
	if handle != nil {
		by = p.handle(f, handle)
	}
	does.Wipe = Wipe{effect, by}
}

// wipe returns what a call does to tables, and the handle; where that is not to be seen, what it
// is to the function that is called.
func (p *Package) wipe(call *flow.Call) (does Effect, handle ast.Expr, by int) {
	if call.Fn == nil {
		return None, nil, Opened
	}
	if row := p.queries.Of(call.Fn); row != nil {
		if row.Handle != dbapi.Tx && row.SQL < len(call.Expr.Args) {
			return p.EffectOf(call.Expr.Args[row.SQL]), call.Receiver(), Opened
		}
		return None, nil, Opened
	}
	w := p.of(call.Fn).Wipe
	if args := call.Args(call.Fn.Signature(), w.By); w.By > 0 && len(args) == 1 {
		return w.Does, args[0], w.By
	}
	return w.Does, nil, w.By
}

// handle says what a handle is to the function f that uses it.
func (p *Package) handle(f *flow.Func, e ast.Expr) (by int) {
	v := flow.Var(p.pass.TypesInfo, e)
	if v == nil {
		return Opened
	}
	if param, ok := p.code.Param(v); ok && param.Of == f.Outer() {
		return param.I
	}
	if flow.Global(v) {
		return Global
	}
	return Opened
}
