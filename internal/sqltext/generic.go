package sqltext

import (
	"go/ast"
	"go/types"
)

// behind returns the method that a call of a generic interface's method runs, Keeper[Order].All
// that of keeper[T]: which one is known where one generic type beside the interface implements
// it. It is nil for any other call.
func (r *reader) behind(call *ast.CallExpr) *types.Func {
	sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr)
	if !ok {
		return nil
	}
	method, ok := r.info.Uses[sel.Sel].(*types.Func) // as instantiated
	if !ok {
		return nil
	}
	recv := method.Signature().Recv()
	if recv == nil || !types.IsInterface(recv.Type()) {
		return nil
	}
	iface, ok := types.Unalias(recv.Type()).(*types.Named)
	if !ok || iface.TypeArgs().Len() == 0 {
		return nil
	}
	t, known := r.keepers[iface]
	if !known {
		t = implementation(iface)
		r.keepers[iface] = t
	}
	if t == nil {
		return nil
	}
	obj, _, _ := types.LookupFieldOrMethod(types.NewPointer(t), true, method.Pkg(), method.Name())
	if fn, ok := obj.(*types.Func); ok {
		return fn.Origin()
	}
	return nil
}

// implementation returns the one generic type in the package of an interface that implements it
// with the same type arguments, nil if there is none or there are several.
func implementation(iface *types.Named) (found *types.Named) {
	args := make([]types.Type, iface.TypeArgs().Len())
	for i := range args {
		args[i] = iface.TypeArgs().At(i)
	}
	scope := iface.Obj().Pkg().Scope()
	for _, name := range scope.Names() {
		tn, ok := scope.Lookup(name).(*types.TypeName)
		if !ok || tn.IsAlias() {
			continue
		}
		generic, ok := tn.Type().(*types.Named)
		if !ok || generic.TypeParams().Len() != len(args) || types.IsInterface(generic) {
			continue
		}
		t, err := types.Instantiate(nil, generic, args, true)
		if err != nil || !types.Implements(types.NewPointer(t), iface.Underlying().(*types.Interface)) {
			continue
		}
		if found != nil {
			return nil
		}
		found, _ = t.(*types.Named)
	}
	return found
}
