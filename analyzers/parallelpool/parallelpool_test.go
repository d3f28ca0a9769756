package parallelpool

import (
	"go/token"
	"testing"

	"github.com/poollint/poollint/internal/finding"
	"github.com/poollint/poollint/internal/ruletest"
)

func TestAnalyzer(t *testing.T) {
	t.Parallel()
	rule := finding.Rule{Analyzer: Analyzer, Finish: Finish}
	ruletest.Run(t, rule, "../poollimit/testdata", "./parallel/...") // one module for both rules
}

func TestFinish(t *testing.T) {
	t.Parallel()
	const helper, other = "example.com/shop/dbtest/dbtest.go:13:15", "example.com/shop/store/store_test.go:9:2"
	at := token.Position{Filename: "dbtest.go", Line: 13, Column: 15}
	evidence := []finding.Evidence{
		{Key: helper, Pos: at, Text: candidate + "pgxpool.New opens a pool"},
		{Key: helper, Text: "TestOne"},
		{Key: helper, Text: "TestTwo"},
		{Key: helper, Text: "TestTwo"}, // in a second variant of its package
		{Key: "example.com/shop/dbtest/unused.go:1:1", Text: candidate + "sql.Open opens a pool"},
		{Key: other, Text: candidate + "sql.Open opens a pool"},
		{Key: other, Text: "TestThree"},
	}
	reported := finding.Located{Rule: "parallelpool", Key: other}
	got := Finish([]finding.Located{reported}, evidence)
	if len(got) != 2 {
		t.Fatalf("%d findings, want the one that was there and one more: %v", len(got), got)
	}
	want := finding.Located{
		Rule: "parallelpool",
		Message: "pgxpool.New opens a pool for each of 2 parallel tests (TestOne, TestTwo), " +
			"so that -parallel multiplies its connections; open one a process and share it",
		Severity: finding.Warning,
		Key:      helper,
		URL:      Analyzer.URL,
		Package:  "example.com/shop/dbtest",
		Pos:      at, End: at,
	}
	if f := got[1]; f.Message != want.Message || f.Package != want.Package || f.Pos != at || f.Severity != want.Severity {
		t.Errorf("got  %+v\nwant %+v", f, want)
	}
}
