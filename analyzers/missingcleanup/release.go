package missingcleanup

import (
	"fmt"
	"go/types"
	"strings"

	"github.com/poollint/poollint/internal/dbapi"
	"github.com/poollint/poollint/internal/flow"
	"github.com/poollint/poollint/internal/ownership"
)

// A release is the code that lets go of what a variable holds.
type release struct {
	Value   string // a function without parameters and results that does it, if there is one
	Code    string // statements that do it
	Context bool   // they name package context
}

// releases are the methods that let go of a handle: the first that the catalogue knows to, else
// the first that there is. A rollback does not end a handle with connections of its own.
var releases = []string{"Rollback", "Release", "Close", "Stop", "Shutdown", "Disconnect"}

// releaseOf returns how a variable lets go of the handle in it; not ok if its type has no
// method for that.
func (c *check) releaseOf(h *ownership.Handle) (release, bool) {
	if h.Holder == nil || h.Holder.Name() == "" || h.Holder.Name() == "_" {
		return release{}, false
	}
	return c.releaseBy(h, h.Holder.Name(), h.Holder.Type())
}

// releasable reports whether what is handed out with the handle lets go of it, if somebody takes it.
func (c *check) releasable(h *ownership.Handle) bool {
	t := c.pass.TypesInfo.TypeOf(h.Expr())
	if results, ok := t.(*types.Tuple); ok && h.Result >= 0 && h.Result < results.Len() {
		t = results.At(h.Result).Type()
	}
	_, ok := c.releaseBy(h, "", t)
	return ok
}

func (c *check) releaseBy(h *ownership.Handle, name string, t types.Type) (release, bool) {
	methods := releases
	if h.Kind.Own() {
		methods = releases[2:]
	}
	mayRelease := c.mayClose
	if !h.Kind.Own() {
		mayRelease = func(fn *types.Func) bool { return c.mayClose(fn) || c.code.Deeds(fn).Settles.Has(flow.Receiver) }
	}
	mayRelease = c.unlessSpared(h, mayRelease)
	for _, is := range []func(*types.Func) bool{known, mayRelease} {
		if r, ok := c.by(name, t, methods, is); ok {
			return r, true
		}
	}
	if h.Kind == dbapi.Pool {
		if r, ok := c.projection(name, t); ok {
			return r, true
		}
	}
	if r, ok := c.fieldBy(h, name, t, methods); ok {
		return r, true
	}
	if r, ok := c.part(name, t, methods); ok {
		return r, true
	}
	if fn := c.ender(h); fn != nil && c.mayClose(fn) && (fn.Signature().Results().Len() == 0 || flow.IsError(fn.Signature().Results().At(0).Type())) {
		return callOf(name+"."+fn.Name(), fn.Signature())
	}
	return release{}, false
}

// unlessSpared asks whether a method releases, of those that do not leave the handle's field as it is.
func (c *check) unlessSpared(h *ownership.Handle, is func(*types.Func) bool) func(*types.Func) bool {
	return func(fn *types.Func) bool {
		deeds := c.code.Deeds(fn)
		return !(deeds != nil && deeds.Spared(flow.Receiver, h.Within)) && is(fn)
	}
}

// ender returns the first method, under whatever name, by which what a function of the user's has handed out
// lets go of the handle; nil if there is none.
func (c *check) ender(h *ownership.Handle) *types.Func {
	if h.Direct || h.Holder == nil {
		return nil
	}
	t := h.Holder.Type()
	if !types.IsInterface(t) {
		t = types.NewPointer(flow.Pointee(t))
	}
	for method := range types.NewMethodSet(t).Methods() {
		fn, ok := method.Obj().(*types.Func)
		if !ok || !fn.Exported() && fn.Pkg() != c.pass.Pkg {
			continue
		}
		if deeds := c.code.Deeds(fn); deeds != nil && !deeds.Spared(flow.Receiver, h.Within) && (deeds.Ends(flow.Receiver) || !h.Kind.Own() && deeds.Settles.Has(flow.Receiver)) {
			return fn
		}
	}
	return nil
}

// by returns the call of the first of the methods that does it.
func (c *check) by(name string, t types.Type, methods []string, is func(*types.Func) bool) (release, bool) {
	for _, method := range methods {
		if fn := c.method(t, method); fn != nil && is(fn) {
			if r, ok := callOf(name+"."+method, fn.Signature()); ok {
				return r, true
			}
		}
	}
	return release{}, false
}

func known(fn *types.Func) bool { return dbapi.ReleaseOf(fn) != nil }

// mayClose reports whether a method lets go of what its receiver holds, or cannot be asked. Of a library
// of the catalogue those do that are known to: the Shutdown of a client may be that of its server.
func (c *check) mayClose(fn *types.Func) bool {
	deeds := c.code.Deeds(fn)
	return deeds == nil && !dbapi.Catalogued(fn.Pkg()) || deeds != nil && deeds.Ends(flow.Receiver)
}

// fieldBy releases what the field of a struct holds in which the handle is.
func (c *check) fieldBy(h *ownership.Handle, name string, t types.Type, methods []string) (release, bool) {
	obj, _, _ := types.LookupFieldOrMethod(t, true, c.pass.Pkg, h.Within)
	field, ok := obj.(*types.Var)
	if !ok {
		return release{}, false
	}
	return c.by(name+"."+field.Name(), field.Type(), methods, c.ofField)
}

// ofField reports whether a method of what a field holds lets go of that.
func (c *check) ofField(fn *types.Func) bool {
	return known(fn) || types.IsInterface(fn.Signature().Recv().Type()) || c.code.Deeds(fn) != nil && c.mayClose(fn)
}

// part releases what the one field of a struct holds that can be released.
func (c *check) part(name string, t types.Type, methods []string) (release, bool) {
	all, hidden := c.parts(name, t, methods)
	if len(all) != 1 || hidden {
		return release{}, false
	}
	return all[0], true
}

// parts returns how the fields of a struct are released, and whether there are others that code of the
// package cannot name.
func (c *check) parts(name string, t types.Type, methods []string) (all []release, hidden bool) {
	t = flow.Pointee(t)
	s, ok := t.Underlying().(*types.Struct)
	if !ok {
		return nil, false
	}
	for field := range s.Fields() {
		r, ok := c.by(name+"."+field.Name(), field.Type(), methods, c.ofField)
		switch {
		case ok && (field.Exported() || field.Pkg() == c.pass.Pkg):
			all = append(all, r)
		case ok:
			hidden = true
		}
	}
	return all, hidden
}

// endable reports whether what a function has handed out, or a part of it, can be released.
func (c *check) endable(h *ownership.Handle) bool {
	if h.Holder == nil {
		return c.releasable(h)
	}
	if _, ok := c.releaseOf(h); ok || h.Direct || h.Closer >= 0 {
		return true
	}
	all, hidden := c.parts("", h.Holder.Type(), releases)
	return len(all) > 0 || hidden
}

// projection releases a pool whose method DB gives the *sql.DB that can be closed.
func (c *check) projection(name string, t types.Type) (release, bool) {
	fn := c.method(t, "DB")
	if fn == nil {
		return release{}, false
	}
	sig := fn.Signature()
	if sig.Params().Len() > 0 || sig.Results().Len() == 0 || dbapi.TypeName(sig.Results().At(0).Type()) != "database/sql.DB" {
		return release{}, false
	}
	if sig.Results().Len() == 1 {
		return release{Code: fmt.Sprintf("_ = %s.DB().Close()", name)}, true
	}
	return release{Code: fmt.Sprintf("if sqlDB, err := %s.DB(); err == nil {\n\t_ = sqlDB.Close()\n}", name)}, true
}

// method returns a method that a variable of the type has; nil if it has none.
func (c *check) method(t types.Type, name string) *types.Func {
	obj, _, _ := types.LookupFieldOrMethod(t, true, c.pass.Pkg, name)
	fn, _ := obj.(*types.Func)
	return fn
}

// callOf returns the call of a function that takes nothing but a context and returns nothing
// but an error.
func callOf(fn string, sig *types.Signature) (release, bool) {
	var r release
	params, results := sig.Params(), sig.Results()
	switch {
	case params.Len() == 0:
		r.Code = fn + "()"
	case params.Len() == 1 && dbapi.TypeName(params.At(0).Type()) == "context.Context":
		r.Code, r.Context = fn+"(context.Background())", true
	default:
		return r, false
	}
	switch results.Len() {
	case 0:
		if params.Len() == 0 {
			r.Value = fn
		}
	case 1:
		r.Code = "_ = " + r.Code
	default:
		return r, false
	}
	return r, true
}

// registered returns the statement that registers the release with what registers functions
// that run when the test is over.
func (r release) registered(registrar string) string {
	switch {
	case r.Value != "":
		return registrar + "(" + r.Value + ")"
	case strings.Contains(r.Code, "\n"):
		return registrar + "(func() {\n\t" + strings.ReplaceAll(r.Code, "\n", "\n\t") + "\n})"
	}
	return registrar + "(func() { " + r.Code + " })"
}

// deferred returns the statement that defers the release.
func (r release) deferred() string {
	if r.Value != "" {
		return "defer " + r.Value + "()"
	}
	return "defer func() { " + r.Code + " }()"
}
