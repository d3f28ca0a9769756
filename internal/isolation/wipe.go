package isolation

import (
	"go/ast"
	"go/types"
	"slices"

	"github.com/poollint/poollint/internal/dbapi"
	"github.com/poollint/poollint/internal/flow"
)

// A Wipe is what a function does to tables that others use too: those of a handle.
type Wipe struct {
	Does Effect
	By   int // the number of the parameter that is the handle, or Opened, Global or Own
}

// Handles that are no parameters.
const (
	Opened = flow.Receiver // a call in the function gives it
	Global = -1            // a variable of the package
	Own    = -2            // of a database that may be one test's
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
	if call.Fn == nil {
		return
	}
	effect, handle := p.EffectOfCall(call)
	by := Opened
	if effect == None {
		w := p.of(call.Fn).Wipe
		effect, by = w.Does, w.By
		if args := call.Args(call.Fn.Signature(), w.By); w.By > 0 && len(args) == 1 {
			handle = args[0]
		}
	}
	if effect <= does.Does {
		return
	}
	if handle != nil {
		by = p.handle(f, handle)
	}
	does.Wipe = Wipe{effect, by}
}

// EffectOfCall returns what a call does to tables by itself, and the handle that it does it by.
func (p *Package) EffectOfCall(call *flow.Call) (does Effect, handle ast.Expr) {
	if arg, ok := dbapi.Migration(call.Fn); ok {
		if arg == dbapi.Receiver {
			return Migrates, call.Receiver()
		}
		return Migrates, call.Expr.Args[min(arg, len(call.Expr.Args)-1)]
	}
	args := call.Expr.Args
	if condition, ok := dbapi.Emptying(call.Fn); ok {
		if condition == dbapi.None || condition < len(args) && p.blank(args[condition]) {
			return Empties, call.Receiver()
		}
		return None, nil
	}
	if handle := p.sweepOf(call.Expr, call.Fn); handle != nil {
		return Empties, handle
	}
	if row := p.queries.Of(call.Fn); row != nil && row.Handle != dbapi.Tx && row.SQL < len(args) {
		return p.effectIn(call.In, args[row.SQL]), call.Receiver()
	}
	return None, nil
}

// blank reports whether a condition in a literal, or in a variable of one, selects every row:
// bson.M{}, bson.D{{}}.
func (p *Package) blank(condition ast.Expr) bool {
	lit, ok := ast.Unparen(p.only(condition)).(*ast.CompositeLit)
	return ok && !slices.ContainsFunc(lit.Elts, func(elt ast.Expr) bool {
		inner, ok := elt.(*ast.CompositeLit)
		return !ok || len(inner.Elts) > 0
	})
}

// only returns the one value that a local variable is given; what is none, as it is.
func (p *Package) only(e ast.Expr) ast.Expr {
	if v := flow.Var(p.pass.TypesInfo, e); v != nil && p.code.Local(v) {
		if stores := p.code.Into(v); len(stores) == 1 && stores[0].Whole(v) && !stores[0].Range {
			return stores[0].Src
		}
	}
	return e
}

// Root returns the handle at the start of a chain of calls, client of client.Database("a").Collection("b"),
// or what else the chain starts with; nil if it names a database, or a part of one, that may be one
// test's.
func (p *Package) Root(e ast.Expr) ast.Expr {
	for {
		call, ok := ast.Unparen(e).(*ast.CallExpr)
		if t := p.pass.TypesInfo.TypeOf(e); !ok || t != nil && dbapi.Handle(t) {
			return e
		}
		fn := dbapi.Callee(p.pass.TypesInfo, call)
		sel, method := ast.Unparen(call.Fun).(*ast.SelectorExpr)
		if fn == nil || !method || fn.Signature().Recv() == nil || !dbapi.Knows(fn.Pkg().Path()) {
			return e
		}
		if (dbapi.NamesDatabase(fn) || dbapi.NamesPart(fn)) && (len(call.Args) == 0 || !p.fixed(call.Args[0])) {
			return nil
		}
		e = sel.X
	}
}

// OwnByName reports whether a handle is of a database, or a part of one, whose name may be one
// test's alone.
func (p *Package) OwnByName(handle ast.Expr) bool {
	e := p.Root(handle)
	return e == nil || p.Root(p.only(e)) == nil
}

// NamesOwn reports whether a function, or a literal in it, names a database of a server that may be one test's alone.
func (p *Package) NamesOwn(f *flow.Func) bool {
	return slices.ContainsFunc(f.Calls, func(c *flow.Call) bool {
		return c.Fn != nil && dbapi.NamesDatabase(c.Fn) && len(c.Expr.Args) > 0 && !p.fixed(c.Expr.Args[0])
	}) || slices.ContainsFunc(f.Lits, p.NamesOwn)
}

// fixed reports whether a text is the same for all tests: a constant, or the environment's.
func (p *Package) fixed(e ast.Expr) bool {
	e = p.only(e)
	if flow.Text(p.pass.TypesInfo, e) != "" {
		return true
	}
	call, ok := ast.Unparen(e).(*ast.CallExpr)
	return ok && dbapi.IsEnvironment(dbapi.Callee(p.pass.TypesInfo, call))
}

// handle says what a handle is to the function f that uses it.
func (p *Package) handle(f *flow.Func, e ast.Expr) (by int) {
	e = p.Root(p.only(e))
	if e == nil {
		return Own
	}
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
