package sqltext_test

import (
	"testing"

	"github.com/poollint/poollint/internal/passtest"
	"github.com/poollint/poollint/internal/sqltext"
)

// BenchmarkAnalyzer reads one package an operation; plain has no SQL.
func BenchmarkAnalyzer(b *testing.B) {
	passtest.Benchmark(b, sqltext.Analyzer, "testdata/queries", "./raw", "./sq", "./gq", "./bunq", "./gormq", "./generated", "./plain")
}
