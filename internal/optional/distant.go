package optional

import (
	"go/types"

	"github.com/poollint/poollint/internal/byid"
	"github.com/poollint/poollint/internal/config"
	"github.com/poollint/poollint/internal/flow"
	"github.com/poollint/poollint/internal/tenantname"
)

// distantly names a switch as those know it who call the function as a method of an interface.
func distantly(fn *types.Func, s Switch) string { return byid.Distantly(fn, s.Param) + " " + s.place() }

// distant returns the switches that a call of an interface's method may have, whose implementations
// are out of sight: by the names of pointers and of fields.
func (r *reader) distant(call *flow.Call) (all []Switch) {
	if call.Fn == nil || !config.Ours(r.pass, call.Fn.Pkg()) {
		return nil
	}
	sig := call.Fn.Signature()
	if sig.Recv() == nil || !types.IsInterface(sig.Recv().Type()) {
		return nil
	}
	add := func(i int, v *types.Var, fields ...string) {
		_, nilable := v.Type().Underlying().(*types.Pointer)
		for _, filled := range []bool{false, true} {
			if s := (Switch{Param: i, Fields: fields, Filled: filled}); tenantname.Identifies(v.Name(), nil) && (filled || nilable) {
				s.Name = distantly(call.Fn, s)
				all = append(all, s)
			}
		}
	}
	for i := 1; i <= sig.Params().Len(); i++ {
		v := sig.Params().At(i - 1)
		s, ok := flow.Pointee(v.Type()).Underlying().(*types.Struct)
		if !ok {
			if _, pointer := v.Type().Underlying().(*types.Pointer); pointer {
				add(i, v)
			}
			continue
		}
		for field := range s.Fields() {
			add(i, field, field.Name())
		}
	}
	return all
}

// implements notes which switches those decide who know a function as a method of an interface.
func (r *reader) implements(f *flow.Func, s *Switches) {
	if f.Sig.Recv() == nil || !f.Obj.Exported() {
		return
	}
	for _, sw := range s.All {
		r.step(f, byid.Step{
			Pos: f.Obj.Pos(), Change: sw.Name, On: distantly(f.Obj, sw),
			Implements: byid.MethodsOf(types.NewPointer(flow.Pointee(f.Sig.Recv().Type()))),
		})
	}
}
