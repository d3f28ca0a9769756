package tenantfilter_test

import (
	"testing"

	"github.com/poollint/poollint/analyzers/tenantfilter"
	"github.com/poollint/poollint/internal/passtest"
)

// BenchmarkAnalyzer judges the queries of one package an operation; clause has none.
func BenchmarkAnalyzer(b *testing.B) {
	passtest.Benchmark(b, tenantfilter.Analyzer, "testdata", "./raw", "./joins", "./builders", "./models", "./level", "./clause")
}
