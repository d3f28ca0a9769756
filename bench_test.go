package poollint_test

import (
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/go/analysis"

	"github.com/poollint/poollint"
	"github.com/poollint/poollint/internal/passtest"
)

// BenchmarkAnalyzers runs each analyzer, of rules and facts, on packages with
// queries and with tests that open pools, and on a large one that has nothing to
// do with a database: that should cost next to nothing.
func BenchmarkAnalyzers(b *testing.B) {
	for _, a := range inOrder(poollint.Analyzers()) {
		b.Run(strings.TrimPrefix(a.Name, "poollint"), func(b *testing.B) {
			passtest.Benchmark(b, a, "testdata/service", "./billing", "./store")
			passtest.Benchmark(b, a, ".", "./internal/sqlast")
		})
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
