package schema_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/poollint/poollint/internal/passtest"
	"github.com/poollint/poollint/internal/schema"
	"github.com/poollint/poollint/internal/sqlast"
)

// BenchmarkParse reads the DDL of a hundred tables an operation.
func BenchmarkParse(b *testing.B) {
	var ddl strings.Builder
	for i := range 100 {
		fmt.Fprintf(&ddl, "CREATE TABLE t%[1]d (id uuid PRIMARY KEY, tenant_id uuid NOT NULL REFERENCES tenants (id), name text, made_at timestamptz NOT NULL DEFAULT now(), UNIQUE (tenant_id, name));\n"+
			"CREATE INDEX t%[1]d_name ON t%[1]d (name);\n", i)
	}
	b.ReportAllocs()
	for b.Loop() {
		schema.Parse(ddl.String(), sqlast.Postgres, tenant())
	}
}

// BenchmarkAnalyzer looks for the tables of one package an operation; plain has no
// models.
func BenchmarkAnalyzer(b *testing.B) {
	passtest.Benchmark(b, schema.Analyzer, "../sqltext/testdata/queries", "./models", "./plain")
}
