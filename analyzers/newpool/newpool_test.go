package newpool

import (
	"slices"
	"testing"

	"github.com/poollint/poollint/internal/finding"
	"github.com/poollint/poollint/internal/ruletest"
)

func TestAnalyzer(t *testing.T) {
	t.Parallel()
	result := ruletest.Run(t, Rule, "testdata", "./...", "testdata/*.txtar")
	ruletest.Page(t, Rule, result)
}

func TestFinish(t *testing.T) {
	t.Parallel()
	pgx, stdlib := call{Opener: "github.com/jackc/pgx/v5/pgxpool.New"}, call{Opener: "database/sql.Open"}
	through := pgx
	through.Through = "example.com/shop/store.New"
	findings := []finding.Located{
		{Key: "dbtest.go:1", Data: opened{Call: pgx}},
		{Key: "store_test.go:2", Data: opened{Call: through, Tests: []string{"TestStore"}, Once: true, Alone: true}},
		{Key: "dbtest.go:3", Data: unassigned{stdlib, "db"}},
		{Key: "dbtest.go:4", Data: opened{Call: stdlib}}, // all give it a database of their own
		{Key: "dbtest.go:5", Data: opened{Call: stdlib}}, // one does
	}
	var evidence []finding.Evidence
	for _, name := range []string{"TestA", "TestB", "TestC", "TestD", "TestA"} { // two packages have a TestA
		evidence = append(evidence, finding.Evidence{Key: "dbtest.go:1", Data: test{Name: name}})
	}
	evidence = append(evidence,
		finding.Evidence{Key: "store_test.go:2", Data: test{Name: "TestStore"}}, finding.Evidence{Key: "dbtest.go:3", Data: test{Name: "TestShared"}},
		finding.Evidence{Key: "dbtest.go:4", Data: test{Name: "TestOwn", Private: true}}, finding.Evidence{Key: "dbtest.go:5", Data: test{Name: "TestOwn", Private: true}},
		finding.Evidence{Key: "dbtest.go:5", Data: test{Name: "TestE", Private: false}}, finding.Evidence{Key: "dbtest.go:5", Data: test{Name: "TestF", Private: false}})

	var got []string
	for _, f := range finish(findings, evidence) {
		got = append(got, f.Data.Message())
	}
	const remedy = "; share one a process: open it in TestMain or behind sync.Once"
	want := []string{
		"pgxpool.New opens a pool for each of 5 tests (TestA, TestB, TestC, …)" + remedy,
		"store.New opens a pool (pgxpool.New) for this test alone" + remedy,
		"sql.Open opens a pool, but the package variable db that should share it is never assigned; assign with = instead of :=",
		"sql.Open opens a pool for each of 2 tests (TestE, TestF)" + remedy,
	}
	if !slices.Equal(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}
