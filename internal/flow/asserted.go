package flow

import (
	"fmt"
	"go/ast"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ast/inspector"
)

// Only says that a function ends a parameter where it is of one of some types alone, which it asks for
// by assertions and type switches.
type Only struct {
	Param int
	Types []string // see shapeOf
}

func (o Only) String() string {
	return fmt.Sprintf("ends %d as %s", o.Param, strings.Join(o.Types, " or "))
}

// noteTypes notes what parameter i has to be for what ends it to run, if all of that asks for types.
func (d *Deeds) noteTypes(i int, fate *Fate) {
	only := Only{Param: i}
	for _, s := range fate.Sinks {
		switch {
		case s.OnError || s.Kind != Closed && s.Kind != Settled && s.Kind != Called:
		case s.As == nil:
			return
		default:
			if shape := shapeOf(s.As); !slices.Contains(only.Types, shape) {
				only.Types = append(only.Types, shape)
			}
		}
	}
	if len(only.Types) > 0 {
		slices.Sort(only.Types)
		d.Only = append(d.Only, only)
	}
}

// without returns the deeds of a function that does not end parameter i.
func (d *Deeds) without(i int) *Deeds {
	c := d.clone()
	var ends Params
	ends.Add(i)
	c.Closes, c.Settles, c.Calls = c.Closes&^ends, c.Settles&^ends, c.Calls&^ends
	return c
}

// excluded reports whether none of what a call gives for a parameter is of a type for which the
// function ends it. What is an interface's may be any.
func (t *tracker) excluded(at inspector.Cursor, fn *types.Func, deeds *Deeds, i int) bool {
	k := slices.IndexFunc(deeds.Only, func(o Only) bool { return o.Param == i })
	if k < 0 {
		return false
	}
	call := t.calls[at.Node().(*ast.CallExpr)]
	sig, _ := underlying(t.info.TypeOf(call.Expr.Fun)).(*types.Signature)
	if fn != nil {
		sig = fn.Signature()
	}
	if sig == nil {
		return false
	}
	args := call.Args(sig, i)
	return len(args) > 0 && !slices.ContainsFunc(args, func(arg ast.Expr) bool {
		given := t.info.TypeOf(arg)
		return given == nil || types.IsInterface(given) || slices.ContainsFunc(deeds.Only[k].Types, func(shape string) bool { return fits(given, shape) })
	})
}

// shapeOf writes a type so that values of other packages can be held to it: an interface as its
// methods, any other by its name.
func shapeOf(t types.Type) string {
	iface, ok := t.Underlying().(*types.Interface)
	if !ok {
		return types.TypeString(t, nil)
	}
	var methods []string
	for m := range iface.Methods() {
		methods = append(methods, methodOf(m))
	}
	slices.Sort(methods)
	return "{" + strings.Join(methods, "; ") + "}"
}

// methodOf writes a method without the names of its parameters.
func methodOf(m *types.Func) string {
	list := func(vars *types.Tuple) string {
		var all []string
		for v := range vars.Variables() {
			all = append(all, types.TypeString(v.Type(), nil))
		}
		return "(" + strings.Join(all, ", ") + ")"
	}
	return m.Name() + list(m.Signature().Params()) + list(m.Signature().Results())
}

// fits reports whether a value of a type has a shape.
func fits(t types.Type, shape string) bool {
	methods, ok := strings.CutPrefix(shape, "{")
	if !ok {
		return types.TypeString(t, nil) == shape
	}
	methods = strings.TrimSuffix(methods, "}")
	if methods == "" {
		return true
	}
	var has []string
	set := types.NewMethodSet(t)
	for i := range set.Len() {
		if m, ok := set.At(i).Obj().(*types.Func); ok {
			has = append(has, methodOf(m))
		}
	}
	return !slices.ContainsFunc(strings.Split(methods, "; "), func(m string) bool { return !slices.Contains(has, m) })
}
