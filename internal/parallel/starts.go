package parallel

import (
	"go/ast"

	"github.com/poollint/poollint/internal/flow"
	"github.com/poollint/poollint/internal/testscope"
)

// starts is the fact of functions that have parallel subtests call what they are given, or
// that return such a subtest.
type starts struct {
	Params flow.Params // that are called, or hold what is
}

func (*starts) AFact()           {}
func (s *starts) String() string { return "parallel subtests call " + s.Params.String() }

// summarizeStarts exports the facts, once it is known what calls Parallel.
func (p *Package) summarizeStarts() {
	for _, f := range p.code.Funcs() {
		if !p.parallel[f] || f.Lit == nil || !testscope.TakesTB(f.Sig) || f.Outer().Obj == nil {
			continue
		}
		outer := f.Outer()
		fact := new(starts)
		if old := p.starts[outer]; old != nil {
			fact = old
		}
		p.noteCalled(fact, f, outer)
		if fact.Params != 0 && p.starts[outer] == nil {
			p.starts[outer] = fact
			p.pass.ExportObjectFact(outer.Obj, fact)
		}
	}
}

// noteCalled adds the parameters of a function that a literal in it calls.
func (p *Package) noteCalled(fact *starts, lit, outer *flow.Func) {
	for _, call := range lit.Calls {
		if call.Fn != nil || !call.Runs() {
			continue
		}
		v := flow.Root(p.pass.TypesInfo, call.Expr.Fun)
		if v == nil {
			continue
		}
		if param, ok := p.code.Param(v); ok && param.Of == outer {
			fact.Params.Add(param.I)
		}
		for _, s := range p.code.Into(v) { // an element of a table
			if root := flow.Root(p.pass.TypesInfo, s.Src); root != nil && s.Range {
				if param, ok := p.code.Param(root); ok && param.Of == outer {
					fact.Params.Add(param.I)
				}
			}
		}
	}
	for _, inner := range lit.Lits {
		p.noteCalled(fact, inner, outer)
	}
}

// started returns the functions that a helper of another package has parallel subtests call.
func (p *Package) started(call *flow.Call) (all []*flow.Func) {
	fact := new(starts)
	if call.Fn == nil || !p.pass.ImportObjectFact(call.Fn, fact) {
		return nil
	}
	for i := range fact.Params.All {
		for _, arg := range call.Args(call.Fn.Signature(), i) {
			all = append(all, p.code.FuncsGiven(arg)...)
			ast.Inspect(arg, func(n ast.Node) bool {
				lit, ok := n.(*ast.FuncLit)
				if ok {
					all = append(all, p.code.FuncAt(lit))
				}
				return !ok
			})
		}
	}
	return all
}
