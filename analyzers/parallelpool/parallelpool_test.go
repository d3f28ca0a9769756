package parallelpool

import (
	"fmt"
	"go/token"
	"strings"
	"testing"

	"github.com/poollint/poollint/internal/finding"
	"github.com/poollint/poollint/internal/ruletest"
)

func TestAnalyzer(t *testing.T) {
	t.Parallel()
	result := ruletest.Run(t, Rule, "../poollimit/testdata", "./parallel/...", "testdata/*.txtar") // one module for both rules
	ruletest.Page(t, Rule, result)
}

func TestLibraries(t *testing.T) {
	t.Parallel()
	ruletest.Run(t, Rule, "testdata/libraries", "./...")
}

func TestFinish(t *testing.T) {
	t.Parallel()
	const shared, other = "example.com/shop/dbtest/dbtest.go:13:15", "example.com/shop/store/store_test.go:9:2"
	at := token.Position{Filename: "dbtest.go", Line: 13, Column: 15}
	evidence := []finding.Evidence{
		{Key: shared, Pos: at, Data: helper{"example.com/shop/dbtest", opened{By: "github.com/jackc/pgx/v5/pgxpool.New", Count: 1}}},
		{Key: shared, Data: test{Name: "TestOne"}},
		{Key: shared, Data: test{Name: "TestTwo"}},
		{Key: shared, Data: test{Name: "TestTwo"}}, // in a second variant of its package
		{Key: "example.com/shop/dbtest/unused.go:1:1", Data: helper{Opens: opened{By: "database/sql.Open", Count: 1}}},
		{Key: other, Data: helper{Opens: opened{By: "database/sql.Open", Count: 1}}},
		{Key: other, Data: test{Name: "TestThree"}},
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

// TestTheOnlyOpener combines how the only test of a package that opens a pool does so with how
// often: once is one a process yet, whatever runs in parallel.
func TestTheOnlyOpener(t *testing.T) {
	t.Parallel()
	programs := ruletest.Programs{}
	for i, open := range []struct{ decls, stmts string }{
		{"", `db, err := sql.Open("postgres", dsn) WANT
if err != nil { t.Fatal(err) }; defer db.Close()`},
		{`func open(t *testing.T) *sql.DB { db, err := sql.Open("postgres", dsn) WANT
if err != nil { t.Fatal(err) }; t.Cleanup(func() { db.Close() }); return db }`, `_ = open(t)`},
		{`type env struct { db *sql.DB }
func newEnv(t *testing.T) *env { return &env{dial(t)} }
func dial(t *testing.T) *sql.DB { db, err := sql.Open("postgres", dsn) WANT
if err != nil { t.Fatal(err) }; t.Cleanup(func() { db.Close() }); return db }`, `_ = newEnv(t)`},
		{`var dbtest int`, `_ = fixtures.Open(t)`},
	} {
		for name, run := range map[string]struct {
			text  string
			found bool
		}{
			"test":      {`func TestIt(t *testing.T) { t.Parallel(); OPEN }`, false},
			"besides":   {`func TestIt(t *testing.T) { t.Parallel(); OPEN }; func TestPure(t *testing.T) { t.Parallel() }`, false},
			"subtest":   {`func TestIt(t *testing.T) { t.Parallel(); t.Run("a", func(t *testing.T) { t.Parallel(); OPEN }) }`, false},
			"subtests":  {`func TestIt(t *testing.T) { t.Parallel(); OPEN; for _, n := range []string{"a", "b"} { t.Run(n, func(t *testing.T) { t.Parallel() }) } }`, false},
			"loop":      {`func TestIt(t *testing.T) { for _, n := range []string{"a", "b"} { t.Run(n, func(t *testing.T) { t.Parallel(); OPEN }) } }`, true},
			"named":     {`func sub(t *testing.T) { t.Parallel(); OPEN }; func TestIt(t *testing.T) { t.Run("a", sub); t.Run("b", sub) }`, true},
			"benchmark": {`func TestIt(t *testing.T) { t.Parallel(); OPEN }; func BenchmarkIt(b *testing.B) { db, _ := sql.Open("postgres", dsn); db.Close() }`, false},
			"serial":    {`func TestIt(t *testing.T) { t.Parallel(); OPEN }; func TestOther(t *testing.T) { db, _ := sql.Open("postgres", dsn); db.Close() }`, false},
			"two": {`func TestIt(t *testing.T) { t.Parallel(); OPEN }; func TestOther(t *testing.T) { t.Parallel(); db, _ := sql.Open("postgres", dsn) // want "in parallel|parallel test"
db.Close() }`, true},
		} {
			want, elsewhere := "// want info:`next parallel test`", strings.Contains(open.stmts, "fixtures")
			if run.found {
				want = "// want `so that -parallel multiplies`"
			}
			text := open.decls + "\n" + strings.ReplaceAll(run.text, "OPEN", open.stmts)
			imports := "\"database/sql\"\n\"os\"\n\"testing\"\n"
			dir := fmt.Sprintf("%s%d", name, i)
			if elsewhere {
				imports += `"example.com/pools/` + dir + `/fixtures"`
				programs[dir+"/fixtures/fixtures.go"] = strings.ReplaceAll(fixtures, "WANT", want)
			}
			programs[dir+"/x_test.go"] = strings.ReplaceAll("package x\nimport (\n"+imports+")\nvar (\ndsn = os.Getenv(\"DSN\")\n_ *sql.DB\n)\n"+text+"\n", "WANT", want+"\n")
		}
	}
	programs.Run(t, Rule, "../poollimit/testdata")
}

const fixtures = `package fixtures

import (
	"database/sql"
	"os"
	"testing"
)

func Open(t *testing.T) *sql.DB {
	db, err := sql.Open("postgres", os.Getenv("DSN")) WANT
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}
`
