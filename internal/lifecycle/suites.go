package lifecycle

import (
	"go/types"
	"slices"
	"strings"

	"github.com/poollint/poollint/internal/dbapi"
	"github.com/poollint/poollint/internal/flow"
	"github.com/poollint/poollint/internal/testscope"
)

// A suiteRun is a test that runs a suite.
type suiteRun struct {
	test  *flow.Func
	call  *flow.Call
	suite types.Type
}

// suiteRuns lists the tests of the package that run suites.
func (g *graph) suiteRuns() (all []suiteRun) {
	for _, f := range g.code.Funcs() {
		for _, c := range f.Calls {
			if i, ok := testscope.RunsSuite(c.Fn); ok && i < len(c.Expr.Args) && f.Outer().When&testscope.PerTest != 0 {
				all = append(all, suiteRun{f.Outer(), c, g.info.TypeOf(c.Expr.Args[i])})
			}
		}
	}
	return all
}

// running returns the tests that run suites which call a hook: theirs, or what their own calls.
func (g *graph) running(hook *flow.Func) (tests []*flow.Func) {
	if hook.Obj == nil || hook.Sig.Recv() == nil {
		return nil
	}
	for _, run := range g.runs() {
		own := g.hookOf(run.suite, hook.Obj.Name())
		if own != nil && !slices.Contains(tests, run.test) &&
			(own == hook || slices.ContainsFunc(own.Calls, func(c *flow.Call) bool { return c.Fn == hook.Obj })) {
			tests = append(tests, run.test)
		}
	}
	return tests
}

// hookOf returns the method of a name that a suite has; nil if it is of another package.
func (g *graph) hookOf(suite types.Type, name string) *flow.Func {
	obj, _, _ := types.LookupFieldOrMethod(suite, true, g.pass.Pkg, name)
	fn, _ := obj.(*types.Func)
	return g.code.Func(fn)
}

// replaces reports whether opening again leaves behind what the package variable of a name
// keeps: nothing that the package calls seems to close it.
func (g *graph) replaces(into string) bool {
	is, known := g.replacing[into]
	if !known {
		is = into != "" && !slices.ContainsFunc(g.code.Funcs(), func(f *flow.Func) bool {
			return slices.ContainsFunc(f.Calls, func(c *flow.Call) bool { return g.mayClose(c, into) })
		})
		g.replacing[into] = is
	}
	return is
}

// mayClose reports whether a call closes the package variable, or is of a function beside it
// that may.
func (g *graph) mayClose(c *flow.Call, into string) bool {
	if c.Fn == nil || c.Fn.Pkg() == nil || !dbapi.SoundsClosing(c.Fn.Name()) {
		return false
	}
	of := g.root(c.Receiver())
	return of != nil && flow.Global(of) && globalName(of) == into ||
		c.Fn.Signature().Recv() == nil && c.Fn.Pkg().Path() == into[:strings.LastIndexByte(into, '.')]
}
