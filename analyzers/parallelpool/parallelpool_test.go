package parallelpool

import (
	"go/token"
	"testing"

	"github.com/poollint/poollint/internal/finding"
	"github.com/poollint/poollint/internal/ruletest"
)

func TestAnalyzer(t *testing.T) {
	t.Parallel()
	ruletest.Run(t, Rule, "../poollimit/testdata", "./parallel/...", "testdata/*.txtar") // one module for both rules
}

func TestFinish(t *testing.T) {
	t.Parallel()
	const shared, other = "example.com/shop/dbtest/dbtest.go:13:15", "example.com/shop/store/store_test.go:9:2"
	at := token.Position{Filename: "dbtest.go", Line: 13, Column: 15}
	evidence := []finding.Evidence{
		{Key: shared, Pos: at, Data: helper{"example.com/shop/dbtest", opened{By: "github.com/jackc/pgx/v5/pgxpool.New", Pools: 1}}},
		{Key: shared, Data: test("TestOne")},
		{Key: shared, Data: test("TestTwo")},
		{Key: shared, Data: test("TestTwo")}, // in a second variant of its package
		{Key: "example.com/shop/dbtest/unused.go:1:1", Data: helper{Opens: opened{By: "database/sql.Open", Pools: 1}}},
		{Key: other, Data: helper{Opens: opened{By: "database/sql.Open", Pools: 1}}},
		{Key: other, Data: test("TestThree")},
	}
	reported := finding.Located{Data: opened{}, Key: other}
	got := finish([]finding.Located{reported}, evidence)
	if len(got) != 2 {
		t.Fatalf("%d findings, want the one that was there and one more: %v", len(got), got)
	}
	want := "pgxpool.New opens a pool for each of 2 parallel tests (TestOne, TestTwo), " +
		"so that -parallel multiplies its connections; open one a process and share it"
	if f := got[1]; f.Data.Message() != want || f.Key != shared || f.Package != "example.com/shop/dbtest" || f.Pos != at || f.Severity != finding.Warning {
		t.Errorf("got  %+v\nwant %s", f, want)
	}
}
