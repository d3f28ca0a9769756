package ownership

import (
	"fmt"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ast/edge"
	"golang.org/x/tools/go/ast/inspector"

	"github.com/poollint/poollint/internal/dbapi"
	"github.com/poollint/poollint/internal/flow"
	"github.com/poollint/poollint/internal/testscope"
)

// Globals says what a function does with handles that package variables hold. It is the object
// fact of every function that does anything with them. Variables are named "import/path.Name".
type Globals struct {
	Puts  []Put    // each call puts another one there, and the function closes none
	Lets  []string // those that it closes, or lets somebody have who may
	Hands []string // those that it returns
}

// AFact marks Globals as a fact.
func (*Globals) AFact() {}

func (g *Globals) String() string {
	parts := make([]string, len(g.Puts))
	for i, put := range g.Puts {
		parts[i] = fmt.Sprintf("puts a %s into %s", put.Kind, put.Into)
	}
	return strings.Join(parts, ", ")
}

// A Put is a handle that a function puts into a package variable.
type Put struct {
	Into   string
	Name   string // as code of other packages names it
	Opener dbapi.Name
	Kind   dbapi.Kind
}

// A Left is a call in test code of what puts a handle into a package variable.
type Left struct {
	Put
	Call  *flow.Call
	Ended bool // the test code lets go of it again, not only at the end of the process or suite
}

// followGlobals finds out what the functions of the package do with package variables.
func (p *pkg) followGlobals() {
	lets, hands := map[*flow.Func][]string{}, map[*flow.Func][]string{}
	note := func(name string, c inspector.Cursor) {
		f := p.code.Around(c)
		if f == nil {
			return
		}
		for _, s := range p.code.FateOf(c).Sinks {
			switch {
			case s.Kind == flow.Returned || s.Kind == flow.Supplied:
				hands[f] = add(hands[f], name)
			case p.letsGo(s, nil):
				lets[f] = add(lets[f], name)
			}
		}
	}
	for obj := range p.code.Mentioned() {
		if v, ok := obj.(*types.Var); ok && flow.Global(v) && dbapi.Handle(v.Type()) {
			for _, m := range p.code.Mentions(v) {
				if m.ParentEdgeKind() == edge.SelectorExpr_Sel {
					m = m.Parent()
				}
				note(globalName(v), m)
			}
		}
	}
	p.code.BottomUp(func(f *flow.Func) (changed bool) {
		fact := new(Globals)
		for _, call := range f.Calls {
			of := p.globalsOf(call.Fn)
			for _, name := range of.Hands {
				note(name, call.At)
			}
			for _, name := range of.Lets {
				lets[f] = add(lets[f], name)
			}
		}
		for _, ref := range f.Refs {
			for _, name := range p.globalsOf(ref.Of).Lets {
				lets[f] = add(lets[f], name)
			}
		}
		fact.Lets, fact.Hands = slices.Clone(lets[f]), slices.Clone(hands[f])
		for _, lit := range f.Lits {
			if inner := p.globals[lit]; inner != nil {
				for _, name := range inner.Lets {
					fact.Lets = add(fact.Lets, name)
				}
			}
		}
		for _, put := range p.putsOf(f) {
			if !slices.Contains(fact.Lets, put.Into) && !slices.Contains(fact.Puts, put) {
				fact.Puts = append(fact.Puts, put)
			}
		}
		slices.Sort(fact.Lets)
		slices.Sort(fact.Hands)
		before := p.globals[f]
		p.globals[f] = fact
		return before == nil || len(before.Puts) != len(fact.Puts) || len(before.Lets) != len(fact.Lets) || len(before.Hands) != len(fact.Hands)
	})
}

// putsOf returns what a function puts into package variables whenever it is called.
func (p *pkg) putsOf(f *flow.Func) (all []Put) {
	if f.When&testscope.Once != 0 {
		return nil
	}
	for _, h := range p.handles[f] {
		if v := h.intoGlobal(); v != nil && v.Pkg() == p.pass.Pkg && !p.code.AddressTaken(v) && !p.lifecycle.Guarded(h.Expr()) {
			all = append(all, Put{globalName(v), v.Pkg().Name() + "." + v.Name(), h.Opener, h.Kind})
		}
	}
	return all
}

// intoGlobal returns the package variable that takes a handle, if nothing else has it.
func (h *Handle) intoGlobal() *types.Var {
	fate := h.Fate
	if !h.Kind.Own() || h.Kept || fate.Released() || fate.Returned|fate.Closers != 0 || len(fate.Keepers) != 1 || len(fate.Fields) > 0 {
		return nil
	}
	if v := fate.Keepers[0]; flow.Global(v) && dbapi.Handle(v.Type()) {
		return v
	}
	return nil
}

// letsGo reports whether a sink closes a pool, or lets somebody have it who may. What ends a
// transaction closes no pool. Fields are those that are being asked.
func (p *pkg) letsGo(s flow.Sink, fields []*types.Var) bool {
	switch s.Kind {
	case flow.Closed, flow.Called:
		return !s.OnError
	case flow.Undone, flow.Returned, flow.Supplied:
		return true
	case flow.Kept:
		if s.Place == nil || !s.Place.IsField() || s.Place.Pkg() != p.pass.Pkg {
			return true
		}
		return !slices.Contains(fields, s.Place) && slices.ContainsFunc(p.code.Mentions(s.Place), func(m inspector.Cursor) bool {
			return m.ParentEdgeKind() == edge.SelectorExpr_Sel && slices.ContainsFunc(p.code.FateOf(m.Parent()).Sinks, func(next flow.Sink) bool {
				return p.letsGo(next, append(slices.Clip(fields), s.Place))
			})
		})
	}
	return false
}

// globalsOf returns what a function, of this package or another, does with package variables.
func (p *pkg) globalsOf(fn *types.Func) *Globals {
	fact := new(Globals)
	if fn == nil {
		return fact
	}
	if f := p.code.Func(fn); f == nil {
		p.pass.ImportObjectFact(fn, fact)
	} else if known := p.globals[f]; known != nil {
		return known
	}
	return fact
}

// left lists the calls in test code that leave handles in package variables.
func (p *pkg) left() (all []Left) {
	released := map[string]bool{} // by code that may run for other tests too
	for _, f := range p.code.Funcs() {
		if p.tests(f) && !ofTest(f) && !runsOnce(f, maxBases) {
			for _, name := range p.globals[f].Lets {
				released[name] = true
			}
		}
	}
	for _, f := range p.code.Funcs() {
		if !p.tests(f) {
			continue
		}
		for _, call := range f.Calls {
			for _, put := range p.globalsOf(call.Fn).Puts {
				all = append(all, Left{put, call, p.ends(f, put.Into, released, maxBases)})
			}
		}
	}
	return all
}

// ends reports whether a function of the tests, or each of the tests that it is a helper of, sees to it
// that what it puts into a variable is closed. Of those released, any may.
func (p *pkg) ends(f *flow.Func, name string, released map[string]bool, hops int) bool {
	f = f.Outer()
	switch {
	case ofTest(f):
		return slices.Contains(p.globals[f].Lets, name)
	case released[name], hops == 0:
		return true
	}
	return len(f.Callers) > 0 && len(f.Uses) == 0 && !slices.ContainsFunc(f.Callers, func(call *flow.Call) bool { return !p.ends(call.In, name, released, hops-1) })
}

// ofTest reports whether a function is a test of its own, or stands in one: no method of a suite, no spec.
func ofTest(f *flow.Func) bool {
	f = f.Outer()
	return f.Decl != nil && f.Sig != nil && f.Sig.Recv() == nil && f.When&testscope.PerTest != 0
}

func (p *pkg) tests(f *flow.Func) bool {
	if decl := f.Outer().Decl; decl != nil {
		return p.lifecycle.IsTest(decl)
	}
	return f.File.Test
}

// runsOnce reports whether a function runs once a process or suite, as far as the package shows.
func runsOnce(f *flow.Func, hops int) bool {
	for in := f; in != nil; in = in.Parent {
		if in.When != 0 {
			return in.When&testscope.Once != 0 || in.Obj != nil && strings.HasSuffix(in.Obj.Name(), "Suite")
		}
	}
	f = f.Outer()
	return hops > 0 && len(f.Callers) > 0 && len(f.Uses) == 0 && !slices.ContainsFunc(f.Callers, func(call *flow.Call) bool { return !runsOnce(call.In, hops-1) })
}

func globalName(v *types.Var) string { return v.Pkg().Path() + "." + v.Name() }

func add(names []string, name string) []string {
	if slices.Contains(names, name) {
		return names
	}
	return append(names, name)
}
