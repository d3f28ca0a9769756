// Package passtest runs an analyzer repeatedly, for benchmarks.
package passtest

import (
	"go/types"
	"strings"
	"testing"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/checker"
	"golang.org/x/tools/go/packages"
)

// Benchmark runs the analyzer on the packages of the module in dir that match the patterns,
// with their tests, in a sub-benchmark for each. The results that the analyzer requires are
// computed before. There are no facts of other packages.
func Benchmark(b *testing.B, a *analysis.Analyzer, dir string, patterns ...string) {
	loaded, err := packages.Load(&packages.Config{Dir: dir, Mode: packages.LoadSyntax | packages.NeedModule | packages.NeedForTest, Tests: true}, patterns...)
	if err != nil {
		b.Fatal(err)
	}
	if packages.PrintErrors(loaded) > 0 {
		b.Fatal("the packages do not load")
	}
	pkgs := withTests(loaded)
	var passes []*analysis.Pass
	keep := &analysis.Analyzer{
		Name: "passtest", Doc: "keep the pass", Requires: a.Requires,
		Run: func(pass *analysis.Pass) (any, error) {
			passes = append(passes, withoutFacts(a, pass))
			return nil, nil
		},
	}
	if _, err := checker.Analyze([]*analysis.Analyzer{keep}, pkgs, &checker.Options{Sequential: true}); err != nil {
		b.Fatal(err)
	}
	for _, pass := range passes {
		b.Run(pass.Pkg.Name(), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := a.Run(pass); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// withTests drops the generated mains, and the variants without test files of packages
// that have some.
func withTests(loaded []*packages.Package) (kept []*packages.Package) {
	tested := map[string]bool{}
	for _, p := range loaded {
		tested[p.ForTest] = tested[p.ForTest] || p.ForTest == p.PkgPath
	}
	for _, p := range loaded {
		if !strings.HasSuffix(p.ID, ".test") && (p.ForTest != "" || !tested[p.PkgPath]) {
			kept = append(kept, p)
		}
	}
	return kept
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
