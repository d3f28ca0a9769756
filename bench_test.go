package poollint_test

import (
	"go/types"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/packages"

	"github.com/poollint/poollint"
)

// BenchmarkAnalyzers runs each analyzer, of rules and facts, on a package of
// tests that open pools, on one of queries, and on one that has nothing to do
// with a database: that should cost next to nothing.
func BenchmarkAnalyzers(b *testing.B) {
	loaded, err := packages.Load(&packages.Config{
		Mode:  packages.LoadSyntax,
		Dir:   "testdata/service",
		Tests: true,
	}, "./...", "golang.org/x/text/secure/precis")
	if err != nil {
		b.Fatal(err)
	}
	byID := map[string]*packages.Package{}
	packages.Visit(loaded, nil, func(p *packages.Package) { byID[p.ID] = p })
	for _, c := range []struct{ name, id string }{
		{"pools", "example.com/service/billing [example.com/service/billing.test]"},
		{"queries", "example.com/service/store"},
		{"neither", "golang.org/x/text/secure/precis"},
	} {
		pkg := byID[c.id]
		if pkg == nil || len(pkg.Errors) > 0 {
			b.Fatalf("%s is not loaded; there are %q", c.id, slices.Sorted(maps.Keys(byID)))
		}
		results := map[*analysis.Analyzer]any{}
		for _, a := range inOrder(poollint.Analyzers()) {
			once := func() {
				var err error
				if results[a], err = a.Run(passOf(pkg, a, results)); err != nil {
					b.Fatal(err)
				}
			}
			once()
			b.Run(c.name+"/"+strings.TrimPrefix(a.Name, "poollint"), func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					once()
				}
			})
		}
	}
}

// inOrder returns the analyzers and what they require, dependencies first.
func inOrder(analyzers []*analysis.Analyzer) (order []*analysis.Analyzer) {
	for _, a := range analyzers {
		for _, a := range append(inOrder(a.Requires), a) {
			if !slices.Contains(order, a) {
				order = append(order, a)
			}
		}
	}
	return order
}

// passOf returns a pass without facts of imports: what an analyzer does within
// its package is measured.
func passOf(pkg *packages.Package, a *analysis.Analyzer, results map[*analysis.Analyzer]any) *analysis.Pass {
	return &analysis.Pass{
		Analyzer:          a,
		Fset:              pkg.Fset,
		Files:             pkg.Syntax,
		Pkg:               pkg.Types,
		TypesInfo:         pkg.TypesInfo,
		TypesSizes:        pkg.TypesSizes,
		Module:            &analysis.Module{Path: "example.com/service"},
		ResultOf:          results,
		Report:            func(analysis.Diagnostic) {},
		ReadFile:          os.ReadFile,
		ImportObjectFact:  func(types.Object, analysis.Fact) bool { return false },
		ExportObjectFact:  func(types.Object, analysis.Fact) {},
		ImportPackageFact: func(*types.Package, analysis.Fact) bool { return false },
		ExportPackageFact: func(analysis.Fact) {},
		AllObjectFacts:    func() []analysis.ObjectFact { return nil },
		AllPackageFacts:   func() []analysis.PackageFact { return nil },
	}
}
