// Package parallel finds out which code the tests of a package run, and whether in
// parallel: in tests and subtests that call t.Parallel, themselves, through a helper or in
// a subtest around.
package parallel

import (
	"go/types"
	"reflect"
	"slices"
	"sync"

	"golang.org/x/tools/go/analysis"

	"github.com/poollint/poollint/internal/config"
	"github.com/poollint/poollint/internal/dbapi"
	"github.com/poollint/poollint/internal/flow"
	"github.com/poollint/poollint/internal/testscope"
)

// Analyzer reads the tests of a package; its result is a *Package.
var Analyzer = &analysis.Analyzer{
	Name:             "poollintparallel",
	Doc:              "find out which tests run in parallel",
	Run:              run,
	RunDespiteErrors: true,
	Requires:         []*analysis.Analyzer{flow.Analyzer},
	FactTypes:        []analysis.Fact{new(parallelizes), new(starts)},
	ResultType:       reflect.TypeFor[*Package](),
}

// parallelizes is the fact of functions that call Parallel on the test they take, or on
// that of the suite that they are a method of.
type parallelizes struct{}

func (*parallelizes) AFact()         {}
func (*parallelizes) String() string { return "parallelizes" }

// A Package holds the tests of one package.
type Package struct {
	Tests []*Test // in source order

	pass     *analysis.Pass
	code     *flow.Package
	parallel map[*flow.Func]bool // those that call Parallel
	starts   map[*flow.Func]*starts

	mu    sync.Mutex
	steps map[*flow.Func][]step // see stepsOf

	beside func() map[*Test]bool // see besides
}

// A Test is a test, a benchmark, a fuzz test or a suite's method.
type Test struct {
	Name     string
	Func     *flow.Func
	Parallel bool // it calls t.Parallel itself, not only a subtest
}

func run(pass *analysis.Pass) (any, error) {
	p := &Package{pass: pass, code: flow.Of(pass), parallel: map[*flow.Func]bool{}, starts: map[*flow.Func]*starts{}, steps: map[*flow.Func][]step{}}
	p.beside = sync.OnceValue(p.besides)
	if config.Dependency(pass) || !imports(pass.Pkg, "testing") {
		return p, nil
	}
	p.code.BottomUp(p.summarize)
	p.summarizeStarts()
	for _, f := range p.code.Funcs() {
		if f.Obj != nil && f.When&testscope.PerTest != 0 {
			p.Tests = append(p.Tests, &Test{Name: nameOf(f.Obj), Func: f, Parallel: p.parallel[f]})
		}
	}
	return p, nil
}

func imports(pkg *types.Package, path string) bool {
	return slices.ContainsFunc(pkg.Imports(), func(dep *types.Package) bool { return dep.Path() == path })
}

func nameOf(fn *types.Func) string {
	if recv := fn.Signature().Recv(); recv != nil {
		return dbapi.Name("(" + dbapi.TypeName(recv.Type()) + ")." + fn.Name()).Short()
	}
	return fn.Name()
}

// CallsParallel reports whether a function calls Parallel on a running test, itself or
// through a helper. Literals in it count only if it calls them.
func (p *Package) CallsParallel(f *flow.Func) bool { return p.parallel[f] }

// summarize notes whether a function calls Parallel, once what it calls is known.
func (p *Package) summarize(f *flow.Func) (changed bool) {
	if p.parallel[f] || !slices.ContainsFunc(f.Calls, p.IsParallel) {
		return false
	}
	p.parallel[f] = true
	if f.Obj != nil && Serves(f.Sig) {
		p.pass.ExportObjectFact(f.Obj, new(parallelizes))
	}
	return true
}

// IsParallel reports whether a call makes the running test, which the function has, a parallel
// one.
func (p *Package) IsParallel(call *flow.Call) bool {
	for _, to := range call.Targets() {
		if p.parallel[to] && (Serves(to.Sig) || to.Within(call.In)) {
			return true
		}
	}
	if call.Fn == nil {
		return false
	}
	if recv := call.Fn.Signature().Recv(); recv != nil && call.Fn.Name() == "Parallel" {
		return testscope.IsTB(recv.Type()) || call.Fn.Pkg() != nil && call.Fn.Pkg().Path() == "testing"
	}
	return p.IsParallelFunc(call.Fn)
}

// IsParallelFunc reports whether a function of another package makes the test that it is
// given a parallel one.
func (p *Package) IsParallelFunc(fn *types.Func) bool {
	return Serves(fn.Signature()) && p.pass.ImportObjectFact(fn, new(parallelizes))
}

// Serves reports whether a function has the running test of its caller: it takes it, alone
// or in a struct, or is a method of the suite.
func Serves(sig *types.Signature) bool {
	if sig == nil {
		return false
	}
	for i := range flow.ParamCount(sig) {
		if v := flow.ParamOf(sig, i); v != nil && (testscope.Serves(v) || holdsTest(v.Type())) {
			return true
		}
	}
	return false
}

// holdsTest reports whether a struct has a running test in a field.
func holdsTest(t types.Type) bool {
	t = flow.Pointee(t)
	s, ok := t.Underlying().(*types.Struct)
	if !ok {
		return false
	}
	for field := range s.Fields() {
		if testscope.IsTB(field.Type()) {
			return true
		}
	}
	return false
}
