package budget

import (
	"go/token"
	"strings"
	"testing"

	"github.com/poollint/poollint/internal/finding"
	"github.com/poollint/poollint/internal/lifecycle"
)

// pools of the cases, by place
var (
	perCPU    = pool{At: "perCPU", Opener: "github.com/jackc/pgx/v5/pgxpool.New", PerCPU: 1, Least: 4}
	three     = pool{At: "three", Opener: "github.com/jackc/pgx/v5/pgxpool.New", Conns: 3, By: "pool_max_conns"}
	unlimited = pool{At: "unlimited", Opener: "database/sql.Open"}
	single    = pool{At: "single", Opener: "github.com/jackc/pgx/v5.Connect", Conns: 1}
	brief     = pool{At: "brief", Opener: "github.com/jackc/pgx/v5.Connect", Conns: 1, Brief: true}
	arm       = pool{At: "arm", Arm: "three", Opener: "database/sql.Open", Conns: 5, By: "SetMaxOpenConns"}
	perhaps   = pool{At: "perhaps", Opener: "database/sql.Open", Conns: 2, By: "SetMaxOpenConns", Perhaps: true}
	elsewhere = pool{At: "elsewhere", Opener: "database/sql.Open", Conns: 5, By: "SetMaxOpenConns", Servers: []string{"localhost:5433", "$OTHER_DSN"}}
)

func at(places ...lifecycle.Place) []lifecycle.Place { return places }

func TestPlan(t *testing.T) {
	t.Parallel()
	run := Run{Packages: 2, Parallel: 4, CPUs: 8, Limit: 20}
	for _, c := range []struct {
		name    string
		records []record
		want    Need // of the unknown server
		over    bool
	}{
		{name: "default grows with the CPUs", records: []record{{Process: at("perCPU")}}, want: Need{Worst: 8, Least: 1}},
		{name: "no limit", records: []record{{Process: at("unlimited")}}, want: Need{Worst: 1, Unbounded: true, Least: 1}, over: true},
		{name: "serial tests count once, the largest", records: []record{{Tests: []test{
			{Opens: at("three")}, {Opens: at("three", "single")}, {Opens: at("single")},
		}}}, want: Need{Worst: 4, Least: 2}},
		{name: "parallel tests add up", records: []record{{Tests: []test{
			{Opens: at("three"), Parallel: true}, {Opens: at("three"), Parallel: true}, {Opens: at("three")},
		}}}, want: Need{Worst: 6, Least: 2}},
		{name: "up to -parallel of them", records: []record{{Tests: []test{
			{Opens: at("three"), Parallel: true}, {Opens: at("three"), Parallel: true}, {Opens: at("three"), Parallel: true},
			{Opens: at("three"), Parallel: true}, {Opens: at("three"), Parallel: true}, {Opens: at("single"), Parallel: true},
		}}}, want: Need{Worst: 12, Least: 4}},
		{name: "a table of parallel subtests fills -parallel", records: []record{{Tests: []test{
			{Opens: at("three"), Parallel: true, Many: true},
		}}}, want: Need{Worst: 12, Least: 4}},
		{name: "leaks add up", records: []record{{Tests: []test{
			{Opens: at("three"), Leaks: []leak{{"three", 5}}}, {Opens: at("three"), Leaks: []leak{{"three", 1}}}, {Opens: at("single")},
		}}}, want: Need{Worst: 19, Least: 7}},
		{name: "what is opened once does not count for each test", records: []record{{Process: at("three"), Tests: []test{
			{Opens: at("three"), Parallel: true}, {Opens: at("three"), Parallel: true},
		}}}, want: Need{Worst: 3, Least: 1}},
		{name: "the -p largest packages", records: []record{
			{Package: "a", Process: at("perCPU")}, {Package: "b", Process: at("three")}, {Package: "c", Process: at("three")},
		}, want: Need{Worst: 11, Least: 2}},
		{name: "over the limit", records: []record{
			{Package: "a", Process: at("perCPU", "three")}, {Package: "b", Process: at("perCPU", "three")},
		}, want: Need{Worst: 22, Least: 4}, over: true},
		{name: "admin handles", records: []record{{Tests: []test{
			{Opens: at("brief", "three")}, {Opens: at("brief", "three")},
		}}}, want: Need{Worst: 4, Least: 1}},
		{name: "external tests belong to the package's binary", records: []record{
			{Package: "a", Tests: []test{{Name: "TestA", Opens: at("three"), Parallel: true}}},
			{Package: "a_test", Tests: []test{{Name: "TestB", Opens: at("three"), Parallel: true}}},
			{Package: "b", Process: at("single")}, {Package: "c", Process: at("single")},
		}, want: Need{Worst: 7, Least: 3}},
		{name: "one arm of a branch opens", records: []record{{Tests: []test{
			{Opens: at("three", "arm", "single")},
		}}}, want: Need{Worst: 6, Least: 2}},
		{name: "one arm opens once a process", records: []record{{Process: at("three", "arm")}}, want: Need{Worst: 5, Least: 1}},
		{name: "of what a call may open, one at least", records: []record{{Process: at("perhaps")}}, want: Need{Worst: 4, Least: 1}},
		{name: "another server", records: []record{{Process: at("elsewhere", "three")}}, want: Need{Worst: 3, Least: 1}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			report := mustPlan(t, run, c.records)
			for _, s := range report.Servers {
				if s.Name != unknownServer {
					continue
				}
				if s.Need != c.want || s.Over != c.over || report.Over() != c.over {
					t.Errorf("need %+v, over %t; want %+v, %t", s.Need, s.Over, c.want, c.over)
				}
				return
			}
			t.Errorf("no such server in %+v", report)
		})
	}
}

func mustPlan(t *testing.T, run Run, records []record) *Report {
	t.Helper()
	home := record{Package: "home", Pools: []pool{perCPU, three, unlimited, single, brief, elsewhere, arm, perhaps, perhaps}}
	for i := range home.Pools {
		home.Pools[i].Where = token.Position{Filename: "/src/db_test.go", Line: i + 1}
	}
	var evidence []finding.Evidence
	for i, r := range append(records, home) {
		if r.Package == "" {
			r.Package = "p"
		}
		for j := range r.Tests {
			if r.Tests[j].Name == "" {
				r.Tests[j].Name = string(rune('A' + i*10 + j))
			}
		}
		evidence = append(evidence, finding.Evidence{Key: r.Package, Data: r})
	}
	return plan(run, evidence, func(file string) string { return strings.TrimPrefix(file, "/src/") })
}

func TestWriteText(t *testing.T) {
	t.Parallel()
	report := mustPlan(t, Run{Packages: 2, Parallel: 4, CPUs: 8, Limit: 97}, []record{
		{Package: "shop/orders", Process: at("three"), Tests: []test{{Name: "TestA", Opens: at("perCPU"), Parallel: true}}},
		{Package: "shop/items", Tests: []test{{Name: "TestB", Opens: at("elsewhere", "unlimited"), Leaks: []leak{{"elsewhere", 2}}}}},
	})
	var b strings.Builder
	if err := report.WriteText(&b); err != nil {
		t.Fatal(err)
	}
	const want = `connection budget of go test -p 2 -parallel 4 on 8 CPUs

a server that the code does not name: worst case no bound (12 without the pools that have no limit), over the limit of 97; dialled at least 3
  PACKAGE      PEAK      PROCESS  LEAKED  TESTS     AT ONCE  AT LEAST
  shop/items   no bound  0        0       no bound  1 of 1   1
  shop/orders  11        3        0       8         1 of 1   2
  POOL          OPENER       CONNECTIONS                OPENED
  db_test.go:3  sql.Open     no limit                   by one test
  db_test.go:2  pgxpool.New  3 (pool_max_conns)         once a process
  db_test.go:1  pgxpool.New  8 (max(4, CPUs), default)  by one test

$OTHER_DSN: worst case 10, within the limit of 97; dialled at least 2
  PACKAGE     PEAK  PROCESS  LEAKED  TESTS  AT ONCE  AT LEAST
  shop/items  10    0        10      0      0 of 1   2
  POOL          OPENER    CONNECTIONS          OPENED
  db_test.go:6  sql.Open  5 (SetMaxOpenConns)  by one test, 2 never closed
`
	if b.String() != want {
		t.Errorf("got\n%s\nwant\n%s", b.String(), want)
	}
}

func TestParse(t *testing.T) {
	t.Parallel()
	run, a, format, err := parse([]string{"-cpus=8", "-p", "2", "-format", "json", "-limit=60", "./store/..."})
	if want := (Run{Packages: 2, Parallel: 8, CPUs: 8, Limit: 60}); err != nil || run != want || format != "json" || len(a.Patterns) != 1 {
		t.Errorf("got %+v %+v %s %v", run, a, format, err)
	}
	for _, args := range [][]string{{"-p", "0"}, {"-parallel=-1"}, {"-format", "xml"}, {"-limit", "many"}, {"-unknown"}} {
		if _, _, _, err := parse(args); err == nil {
			t.Errorf("%q: no error", args)
		}
	}
}

func TestParseCommand(t *testing.T) {
	t.Parallel()
	run, a, err := parseCommand([]string{"/usr/bin/go", "test", "-p=3", "-run", "TestX", "-parallel", "5", "-tags", "integration", "./...", "-args", "./not"})
	if err != nil || run.Packages != 3 || run.Parallel != 5 || a.Tags != "integration" || strings.Join(a.Patterns, " ") != "./..." {
		t.Errorf("got %+v %+v %v", run, a, err)
	}
	for _, command := range [][]string{{"make", "test"}, {"go", "build"}, {"go", "test", "-p", "x"}} {
		if _, _, err := parseCommand(command); err == nil {
			t.Errorf("%q: no error", command)
		}
	}
}
