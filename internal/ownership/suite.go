package ownership

import (
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ast/edge"
	"golang.org/x/tools/go/ast/inspector"

	"github.com/poollint/poollint/internal/dbapi"
	"github.com/poollint/poollint/internal/flow"
	"github.com/poollint/poollint/internal/testscope"
)

// Releases returns where functions of the package release, or hand on, what a field, of a
// generic type that of the declaration, holds once a function has put it there. Idle are the
// methods that do so and that nothing calls.
func (p *Package) Releases(field *types.Var, from *flow.Func) (all []inspector.Cursor, idle []*flow.Func) {
	for _, at := range p.releasing(field) {
		switch f := p.code.Around(at).Outer(); {
		case f != from && isTest(f) && from.When != 0:
			// of one test alone
		case p.runs(f, from):
			all = append(all, at)
		case f.When == 0 || !slices.ContainsFunc(p.suites(), func(suite types.Type) bool { return p.calls(suite, f, maxBases) }):
			idle = append(idle, f) // else some suites do
		}
	}
	return all, idle
}

// isTest reports whether a method is a test of a suite.
func isTest(f *flow.Func) bool {
	return f.When&testscope.PerTest != 0 && f.Obj != nil && strings.HasPrefix(f.Obj.Name(), "Test")
}

// releasing returns the mentions of a field at which what it holds is released or handed
// on. A field that takes it from there is asked in turn.
func (p *Package) releasing(field *types.Var) []inspector.Cursor {
	if known, ok := p.released[field]; ok {
		return known
	}
	p.released[field] = nil
	var all []inspector.Cursor
	for _, c := range p.code.Mentions(field) {
		if c.ParentEdgeKind() != edge.SelectorExpr_Sel {
			continue // the key of a literal
		}
		fate := p.code.FateOf(c.Parent())
		if len(fate.Ended()) > 0 || slices.ContainsFunc(fate.Sinks, func(s flow.Sink) bool { return p.handsOn(field, s) }) {
			all = append(all, c)
		}
	}
	p.released[field] = all
	return all
}

// handsOn reports whether somebody else may release what a field holds behind a sink.
func (p *Package) handsOn(field *types.Var, s flow.Sink) bool {
	switch s.Kind {
	case flow.Returned, flow.Undone, flow.Supplied:
		return true
	case flow.Kept:
		return s.Place == nil || !s.Place.IsField() || s.Place == field || len(p.releasing(s.Place)) > 0
	}
	return false
}

// runs reports whether a method of a suite is called, by code or by the library, in each
// suite in which from is.
func (p *Package) runs(f, from *flow.Func) bool {
	switch {
	case !ofSuite(f):
		return true
	case f.When == 0:
		return !p.Idle(f)
	}
	return !slices.ContainsFunc(p.suites(), func(suite types.Type) bool {
		return p.calls(suite, from, maxBases) && !p.calls(suite, f, maxBases)
	})
}

// Idle reports whether a function is a method of a suite in a test file that nothing calls, such as a misspelt hook.
func (p *Package) Idle(f *flow.Func) bool {
	return f.When == 0 && ofSuite(f) && len(f.Callers)+len(f.Uses) == 0 && f.File.Test &&
		(!dbapi.SoundsClosing(f.Obj.Name()) || soundsHook(f.Obj.Name())) && !p.handedTo(f)
}

// ofSuite reports whether a function is a method of a suite.
func ofSuite(f *flow.Func) bool {
	return f.Obj != nil && f.Sig.Recv() != nil && (testscope.Serves(f.Sig.Recv()) || testscope.TakesCheck(f.Obj))
}

// A handover is a value that code of the package gives to a function as an interface.
type handover struct{ as, of types.Type }

// findHandovers lists the handovers to interfaces that have methods.
func (p *Package) findHandovers() (all []handover) {
	for _, in := range p.code.Funcs() {
		for _, call := range in.Calls {
			if call.Fn == nil {
				continue
			}
			sig := call.Fn.Signature()
			for i, arg := range call.Expr.Args {
				param, of := flow.ParamOf(sig, flow.ParamOfArg(sig, i)), p.info.TypeOf(arg)
				if of == nil || param == nil {
					continue
				}
				if as, ok := param.Type().Underlying().(*types.Interface); ok && as.NumMethods() > 0 {
					all = append(all, handover{as, of})
				}
			}
		}
	}
	return all
}

// handedTo reports whether code of the package gives what has a method to a function, such as a runner
// of the user's own, as an interface that has that method.
func (p *Package) handedTo(f *flow.Func) bool {
	return slices.ContainsFunc(p.handovers(), func(h handover) bool { return has(h.as, f.Obj) && has(h.of, f.Obj) })
}

// has reports whether a type has a method: the one, or that of an interface of its name.
func has(t types.Type, method *types.Func) bool {
	obj, _, _ := types.LookupFieldOrMethod(t, true, method.Pkg(), method.Name())
	return obj == method || obj != nil && types.IsInterface(t)
}

// soundsHook reports whether a method is named as if a library for suites called it.
func soundsHook(name string) bool { return strings.HasPrefix(strings.ToLower(name), "teardown") }

// maxBases bounds the methods that call one another down to that of a base.
const maxBases = 8

// calls reports whether a suite calls a method: it is the suite's own one of that name, or
// one that calls it.
func (p *Package) calls(suite types.Type, f *flow.Func, bases int) bool {
	if f.Obj == nil || f.Sig.Recv() == nil || bases == 0 {
		return false
	}
	if obj, _, _ := types.LookupFieldOrMethod(suite, true, f.Obj.Pkg(), f.Obj.Name()); obj == f.Obj {
		return true
	}
	return slices.ContainsFunc(f.Callers, func(call *flow.Call) bool { return p.calls(suite, call.In.Outer(), bases-1) })
}

// findSuites returns the types of the suites that the package runs.
func (p *Package) findSuites() []types.Type {
	var all []types.Type
	for _, f := range p.code.Funcs() {
		for _, call := range f.Calls {
			if i, ok := testscope.RunsSuite(call.Fn); ok && i < len(call.Expr.Args) {
				all = append(all, p.info.TypeOf(call.Expr.Args[i]))
			}
		}
	}
	return all
}
