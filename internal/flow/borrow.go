package flow

import (
	"go/ast"
	"go/types"
	"slices"
	"strings"

	"github.com/poollint/poollint/internal/config"
	"github.com/poollint/poollint/internal/dbapi"
	"github.com/poollint/poollint/internal/testlib"
	"github.com/poollint/poollint/internal/testscope"
)

// catalogue are the functions of libraries that hand out another face of a handle.
var catalogue = dbapi.NewCatalogue(nil)

// given says what it means that a call of fn gives the value to parameter i.
func (t *tracker) given(call *Call, fn *types.Func, i int, f face) (worked bool) {
	field := t.field
	t.field = "" // of what the call returns
	if r := dbapi.ReleaseOf(fn); r != nil && paramOfRow(r.Arg) == i {
		t.end(Closed, call.At)
		return false
	}
	if row := catalogue.Opener(fn); row != nil {
		if p := ParamOf(fn.Signature(), i); p != nil && dbapi.IsDialector(p.Type()) {
			return t.climb(call.At, 0, f) // over what the dialector has
		}
		return row.Kind != dbapi.Wrapper || paramOfRow(row.Over) != i || row.LeavesOpen || t.climb(call.At, 0, f)
	}
	if testscope.Memoizes(fn) { // what it returns runs it
		return t.climb(call.At, 0, f)
	}
	if to := Root(t.info, call.Receiver()); puts(fn) && to != nil && (Global(to) || to.IsField()) {
		t.sink(Sink{Kind: Kept, At: call.At, Global: true, Place: to})
		return false
	}
	if testscope.Argument(fn) != 0 {
		t.called(call.At, f)
		return false
	}
	deeds := t.methodDeeds(fn)
	switch {
	case deeds != nil && deeds.Closes.Has(i) && t.hollow(call, fn, i):
		return true
	case deeds != nil:
		t.field = field
		return t.apply(call.At, fn, deeds, i, f)
	case config.Ours(t.pass, fn.Pkg()): // an interface that nothing known implements
		t.sink(Sink{Kind: Kept, At: call.At, Global: f != itself})
		return t.handedOn(Sink{Kind: HandedOn, At: call.At}, f) && false
	case f == itself && dbapi.SoundsClosing(fn.Name()):
		t.end(Closed, call.At)
		return false
	case f == itself && t.runsClosing(call, fn):
		t.end(Closed, call.At)
		return false
	case f == itself && borrows(fn):
		return true
	case f == itself && t.takesOver(call, ParamOf(fn.Signature(), i), i):
		t.sink(Sink{Kind: Kept, At: call.At, Global: true})
		return false
	case f == itself && t.wraps(fn) && !serves(fn) && !t.lends(fn, i, 0):
		t.handedOn(Sink{Kind: HandedOn, At: call.At}, f)
		return t.climb(call.At, 0, f)
	}
	return t.handedOn(Sink{Kind: HandedOn, At: call.At}, f)
}

// takesOver reports whether a call gives a value of a type of the module's own for a parameter of another module's
// function, an interface by which that may let go of it, as a queue shuts its workers down.
func (c *code) takesOver(call *Call, param *types.Var, i int) bool {
	if param == nil {
		return false
	}
	iface, ok := param.Type().Underlying().(*types.Interface)
	return ok && dbapi.EndsBy(iface) && slices.ContainsFunc(call.Args(call.Fn.Signature(), i), func(arg ast.Expr) bool {
		named, ok := types.Unalias(Pointee(c.info.TypeOf(arg))).(*types.Named)
		return ok && config.Ours(c.pass, named.Obj().Pkg())
	})
}

// runsClosing reports whether a call runs a suite that closes what it holds when its tests are over.
func (c *code) runsClosing(call *Call, fn *types.Func) bool {
	i, ok := testscope.RunsSuite(fn)
	return ok && i < len(call.Expr.Args) && c.closesInHook(c.info.TypeOf(call.Expr.Args[i]))
}

// ClosesInHook reports whether a hook of a suite, or of a base, closes what that holds when tests are over.
func (p *Package) ClosesInHook(suite types.Type) bool { return p.code().closesInHook(suite) }

func (c *code) closesInHook(suite types.Type) bool {
	for hook := range testscope.AfterHooks(suite) {
		if deeds := c.methodDeeds(hook); deeds != nil && deeds.Ends(Receiver) {
			return true
		}
	}
	return false
}

// puts reports whether fn puts its argument into what holds a value for all goroutines: an
// atomic.Pointer, a sync.Map.
func puts(fn *types.Func) bool {
	return fn != nil && fn.Pkg() != nil && (fn.Pkg().Path() == "sync" || fn.Pkg().Path() == "sync/atomic") &&
		slices.Contains([]string{"Store", "Swap", "CompareAndSwap", "LoadOrStore"}, fn.Name())
}

// hollow reports whether a call gives for a parameter, an interface, what closes nothing by the
// methods that the interface has for that.
func (c *code) hollow(call *Call, fn *types.Func, i int) bool {
	iface, ok := ParamOf(fn.Signature(), i).Type().Underlying().(*types.Interface)
	if !ok {
		return false
	}
	hollow := false
	for _, arg := range call.Args(fn.Signature(), i) {
		t := c.info.TypeOf(arg)
		for m := range iface.Methods() {
			if !dbapi.SoundsClosing(m.Name()) {
				continue
			}
			obj, _, _ := types.LookupFieldOrMethod(t, true, c.pass.Pkg, m.Name())
			method, ok := obj.(*types.Func)
			if !ok || types.IsInterface(t) || dbapi.ReleaseOf(method) != nil {
				return false
			}
			if f := c.byObj[method.Origin()]; f != nil && c.deeds[f] == nil {
				return false // it is summarized later
			}
			if deeds := c.deedsOf(method); deeds == nil || deeds.Ends(Receiver) || deeds.Keeps.Has(Receiver) {
				return false
			}
			hollow = true
		}
	}
	return hollow
}

// paramOfRow returns the number of the parameter that a row of the catalogue names.
func paramOfRow(arg int) int {
	if arg == dbapi.Receiver {
		return Receiver
	}
	return arg + 1
}

// paramOf returns the number of the parameter of fn that takes argument i of a call: of a
// method expression the first is the receiver.
func (c *code) paramOf(call *Call, fn *types.Func, i int) int {
	sig := fn.Signature()
	if value, ok := underlying(c.info.TypeOf(call.Expr.Fun)).(*types.Signature); ok && sig.Recv() != nil && value.Params().Len() > sig.Params().Len() {
		if i == 0 {
			return Receiver
		}
		i--
	}
	return ParamOfArg(sig, i)
}

// lends reports whether a function hands out something smaller than the handle, its
// parameter, that it makes it of: a transaction, a borrowed connection, rows. Giving that
// back does not release the handle. A client of the module's own that can be closed as well as
// rolled back is the handle's other face.
func (t *tracker) lends(fn *types.Func, param, result int) bool {
	if fn == nil || result >= fn.Signature().Results().Len() {
		return false
	}
	names := t.lentAs(fn.Signature().Results().At(result).Type())
	if names == nil || t.lent != nil && names[0] == t.lent[0] {
		return false
	}
	of := ParamOf(fn.Signature(), param)
	return of == nil || !t.isGivenBack(of.Type(), names)
}

// lentAs returns the methods that give a value of the type back, if a handle lends such; else nil.
func (c *code) lentAs(t types.Type) []string {
	for _, names := range smaller {
		if c.isGivenBack(t, names) && (names[0] == "Scan" || !c.ownClosable(t)) {
			return names
		}
	}
	return nil
}

// lentBy is lentAs for what a call hands out: of a library, the catalogue knows it.
func (c *code) lentBy(call *Call, result int) []string {
	if call.Fn != nil {
		if row := catalogue.Opener(call.Fn); row != nil && row.Kind == dbapi.Tx {
			return smaller[0]
		}
	}
	return c.lentIn(resultOf(c.info.TypeOf(call.Expr), result))
}

// lentIn is lentAs for a value of the type, or for what all handles in a struct are.
func (c *code) lentIn(t types.Type) (names []string) {
	if t == nil {
		return nil
	}
	s, ok := Pointee(t).Underlying().(*types.Struct)
	if names = c.lentAs(t); names != nil || !ok {
		return names
	}
	for field := range s.Fields() {
		if !dbapi.Handle(field.Type()) {
			continue
		}
		if names = c.lentAs(field.Type()); names == nil {
			return nil
		}
	}
	return names
}

// smaller are the methods of what a handle lends: of transactions, connections and rows. What can be
// rolled back and not committed is no transaction: a migrator, a deployment.
var smaller = [][]string{{"Rollback", "Commit"}, {"Release"}, {"Scan"}}

// ownClosable reports whether a type that the module declares has a method Close.
func (c *code) ownClosable(t types.Type) bool {
	named, ok := types.Unalias(Pointee(t)).(*types.Named)
	return ok && config.Ours(c.pass, named.Obj().Pkg()) && c.isGivenBack(t, []string{"Close"})
}

// isGivenBack reports whether methods of those names give a value of the type back to what it
// is a part of.
func (c *code) isGivenBack(t types.Type, names []string) bool {
	for _, name := range names {
		obj, _, _ := types.LookupFieldOrMethod(t, true, c.pass.Pkg, name)
		method, ok := obj.(*types.Func)
		if !ok || dbapi.Chains(method) || name != "Scan" && !takesNothing(method) {
			return false
		}
	}
	return true
}

// takesNothing reports whether fn has no parameters, or a context alone.
func takesNothing(fn *types.Func) bool {
	params := fn.Signature().Params()
	return params.Len() == 0 || params.Len() == 1 && dbapi.TypeName(params.At(0).Type()) == "context.Context"
}

// borrowers are packages of the standard library that look at values and hold on to none.
var borrowers = []string{
	"context", "fmt", "log", "errors", "reflect", "encoding", "time", "io", "strings", "database/sql",
}

// borrows reports whether a function of another module only looks at its arguments.
func borrows(fn *types.Func) bool {
	if fn.Pkg() == nil { // error.Error
		return true
	}
	path := fn.Pkg().Path()
	return testlib.Asserts(path) || slices.ContainsFunc(borrowers, func(b string) bool {
		return path == b || strings.HasPrefix(path, b+"/")
	})
}

// serves reports whether a function or method belongs to net/http, whose servers and clients close nothing
// that a handler holds.
func serves(fn *types.Func) bool {
	return fn.Pkg() != nil && (fn.Pkg().Path() == "net/http" || fn.Pkg().Path() == "net/http/httptest")
}

// wraps reports whether a function of another module may hand out a value that
// holds its arguments.
func (c *code) wraps(fn *types.Func) bool {
	results := fn.Signature().Results()
	if results.Len() == 0 {
		return false
	}
	switch results.At(0).Type().Underlying().(type) {
	case *types.Pointer, *types.Interface, *types.Struct, *types.Signature:
		return !IsError(results.At(0).Type())
	}
	return false
}
