// Package passtest runs an analyzer over testdata with our own driver and hands out
// what it works on and what it says, for tests that ask more of it than
// internal/ruletest, and for benchmarks.
package passtest

import (
	"go/types"
	"reflect"
	"sync"
	"testing"

	"golang.org/x/tools/go/analysis"

	"github.com/poollint/poollint/internal/driver"
	"github.com/poollint/poollint/internal/finding"
)

// An Analysed is one package with what an analyzer says of it.
type Analysed struct {
	*analysis.Pass
	Result any
}

// Analyse runs the analyzer, nil for none, on the packages of the module in dir that
// match the patterns, with their tests, and returns them in the order of their paths.
func Analyse(t testing.TB, a *analysis.Analyzer, dir string, patterns ...string) []Analysed {
	t.Helper()
	var required []*analysis.Analyzer
	if a != nil {
		required = append(required, a)
	}
	var all []Analysed
	for _, pass := range passes(t, required, dir, patterns) {
		all = append(all, Analysed{pass, pass.ResultOf[a]})
	}
	return all
}

// passes returns a pass over each package, with the results of the analyzers.
func passes(t testing.TB, required []*analysis.Analyzer, dir string, patterns []string) []*analysis.Pass {
	t.Helper()
	var mu sync.Mutex
	byPath := map[string]*analysis.Pass{}
	keep := &analysis.Analyzer{
		Name: "passtest", Doc: "keep the pass", Requires: required,
		ResultType: reflect.TypeFor[*finding.Result](),
		Run: func(pass *analysis.Pass) (any, error) {
			mu.Lock()
			defer mu.Unlock()
			byPath[pass.Pkg.Path()] = pass
			return new(finding.Result), nil
		},
	}
	result, err := driver.Run(t.Context(), driver.Options{
		Dir: dir, Patterns: patterns, Tests: true, Rules: []finding.Rule{{Analyzer: keep, Everywhere: true}},
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, failure := range result.Failures {
		t.Fatal(failure)
	}
	var all []*analysis.Pass
	for _, path := range result.Analysed {
		all = append(all, byPath[path])
	}
	return all
}

// Benchmark runs the analyzer again and again on each of the packages, in a
// sub-benchmark named after it. What the analyzer requires is computed before; there
// are no facts of other packages.
func Benchmark(b *testing.B, a *analysis.Analyzer, dir string, patterns ...string) {
	for _, pass := range passes(b, a.Requires, dir, patterns) {
		b.Run(pass.Pkg.Name(), func(b *testing.B) {
			pass := withoutFacts(a, pass)
			b.ReportAllocs()
			for b.Loop() {
				if _, err := a.Run(pass); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// withoutFacts returns the pass as one of the analyzer that neither reports nor
// knows facts.
func withoutFacts(a *analysis.Analyzer, pass *analysis.Pass) *analysis.Pass {
	own := *pass
	own.Analyzer = a
	own.Report = func(analysis.Diagnostic) {}
	own.ImportObjectFact = func(types.Object, analysis.Fact) bool { return false }
	own.ImportPackageFact = func(*types.Package, analysis.Fact) bool { return false }
	own.ExportObjectFact = func(types.Object, analysis.Fact) {}
	own.ExportPackageFact = func(analysis.Fact) {}
	own.AllObjectFacts = func() []analysis.ObjectFact { return nil }
	own.AllPackageFacts = func() []analysis.PackageFact { return nil }
	return &own
}
