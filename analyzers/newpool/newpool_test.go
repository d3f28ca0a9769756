package newpool

import (
	"go/token"
	"slices"
	"testing"

	"github.com/poollint/poollint/internal/finding"
	"github.com/poollint/poollint/internal/ruletest"
)

func TestAnalyzer(t *testing.T) {
	t.Parallel()
	ruletest.Run(t, finding.Rule{Analyzer: Analyzer, Finish: Finish}, "testdata", "./...")
}

func TestFinish(t *testing.T) {
	t.Parallel()
	const remedy = "; share one a process: open it in TestMain or behind sync.Once"
	findings := []finding.Located{
		{Key: "dbtest.go:1", Message: "pgxpool.New opens a pool for each test" + remedy},
		{Key: "store_test.go:2", Message: "store.New opens a pool (pgxpool.New) for this test alone" + remedy},
		{Key: "dbtest.go:3", Message: "sql.Open opens a pool, but the package variable db that should share it is never assigned; assign with = instead of :="},
	}
	var evidence []finding.Evidence
	for i, test := range []string{"TestA", "TestB", "TestC", "TestD", "TestA"} {
		e := finding.Evidence{Key: "dbtest.go:1", Pos: token.Position{Filename: "x_test.go", Line: i}, Text: test}
		evidence = append(evidence, e, e) // each package is analysed in two variants
	}
	evidence = append(evidence,
		finding.Evidence{Key: "store_test.go:2", Text: "TestStore"}, finding.Evidence{Key: "dbtest.go:3", Text: "TestShared"})

	var got []string
	for _, f := range Finish(findings, evidence) {
		got = append(got, f.Message)
	}
	want := []string{
		"pgxpool.New opens a pool for each of 5 tests (TestA, TestB, TestC, …)" + remedy,
		findings[1].Message,
		findings[2].Message,
	}
	if !slices.Equal(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}
