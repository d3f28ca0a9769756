package budget

import (
	"flag"
	"io"
	"strings"
	"testing"

	"github.com/poollint/poollint/internal/dbapi"
	"github.com/poollint/poollint/internal/lifecycle"
)

// pools of the cases
var (
	perCPU    = of1("perCPU", "github.com/jackc/pgx/v5/pgxpool.New", limit{PerCPU: 1, Min: 4})
	three     = of1("three", "github.com/jackc/pgx/v5/pgxpool.New", limit{N: 3, By: "pool_max_conns"})
	unlimited = of1("unlimited", "database/sql.Open", limit{Unknown: "nothing limits it", Remedy: "call SetMaxOpenConns(3) on it"})
	single    = of1("single", "github.com/jackc/pgx/v5.Connect", limit{N: 1})
	early     = of1("early", "database/sql.Open", limit{N: 2, By: "SetMaxOpenConns"})
	here      = of1("here", "database/sql.Open", limit{N: 5, By: "SetMaxOpenConns"}, "localhost:5433")
	local     = of1("local", "database/sql.Open", limit{N: 5, By: "SetMaxOpenConns"}, "127.0.0.1:5433")
	there     = of1("there", "database/sql.Open", limit{N: 7, By: "SetMaxOpenConns"}, "db:5432")
	somewhere = of1("somewhere", "database/sql.Open", limit{N: 2, By: "SetMaxOpenConns"}, "$DSN")
)

func init() { early.Early = true }

func of1(at lifecycle.Place, opener dbapi.Name, l limit, servers ...string) open {
	return open{At: at + ":1", Spot: spot{"/src/" + string(at) + ".go", 1}, Opener: opener, Limit: l, Servers: servers, Times: 1, Until: until{Kind: ended}}
}

func (o open) times(n int) open              { o.Times = n; return o }
func (o open) arm(branch uint64, i int) open { o.Branch, o.Arm = branch, i; return o }

func opens(all ...open) demand { return demand{Opens: all} }
func leaks(all ...open) demand { return demand{Leaks: all} }

func (d demand) with(subs ...sub) demand { d.Subs = subs; return d }

func serially(d demand) sub         { return sub{Demand: d, Times: 1} }
func besides(n int, d demand) sub   { return sub{Demand: d, Times: n, Parallel: true} }
func process(all ...open) []once    { return []once{{Key: "process", Demand: &demand{Opens: all}}} }
func parallelTest(d demand) test    { return test{Parallel: true, Demand: d} }
func serialTest(d demand) test      { return test{Demand: d} }
func binaryOf(tests ...test) record { return record{Tests: tests} }

func TestPlan(t *testing.T) {
	t.Parallel()
	run := Run{Packages: 2, Parallel: 4, CPUs: 8, Limit: 20, Count: 1}
	for _, c := range []struct {
		name    string
		run     func(*Run)
		records []record
		want    Need
		over    bool
	}{
		{name: "default grows with the CPUs", records: []record{{Once: process(perCPU)}}, want: Need{Worst: 8, Least: 1}},
		{name: "no limit", records: []record{{Once: process(unlimited)}}, want: Need{Worst: 1, Unbounded: true, Least: 1}, over: true},
		{name: "serial tests count once, the largest", records: []record{binaryOf(
			serialTest(opens(three)), serialTest(opens(three, single)), serialTest(opens(single)),
		)}, want: Need{Worst: 4, Least: 2}},
		{name: "parallel tests add up", records: []record{binaryOf(
			parallelTest(opens(three)), parallelTest(opens(three)), serialTest(opens(three)),
		)}, want: Need{Worst: 6, Least: 2}},
		{name: "up to -parallel of them", records: []record{binaryOf(
			parallelTest(opens(three)), parallelTest(opens(three)), parallelTest(opens(three)), parallelTest(opens(three)),
			parallelTest(opens(three)), parallelTest(opens(single)),
		)}, want: Need{Worst: 12, Least: 4}},
		{name: "as often as a loop goes round", records: []record{binaryOf(serialTest(opens(three.times(5))))}, want: Need{Worst: 15, Least: 5}},
		{name: "serial subtests count once", records: []record{binaryOf(
			serialTest(opens(single).with(serially(opens(three)), serially(opens(three, single)))),
		)}, want: Need{Worst: 5, Least: 3}},
		{name: "a table of parallel subtests of unknown length fills -parallel", records: []record{binaryOf(
			serialTest(opens(single).with(besides(0, opens(three)))),
		)}, want: Need{Worst: 13, Least: 5}},
		{name: "one of two does not", records: []record{binaryOf(serialTest(opens().with(besides(2, opens(three)))))}, want: Need{Worst: 6, Least: 2}},
		{name: "a parallel test holds its own while its subtests have the turns", records: []record{binaryOf(
			parallelTest(opens(single).with(besides(4, opens(three)))), parallelTest(opens(single).with(besides(4, opens(three)))),
			parallelTest(opens(single).with(besides(1, opens(three)))), parallelTest(opens(single).with(besides(1, opens(three)))),
			parallelTest(opens(single).with(besides(1, opens(three)))),
		)}, want: Need{Worst: 5 + 12, Least: 9}},
		{name: "what is opened before t.Parallel waits, all of it", records: []record{binaryOf(
			parallelTest(opens(early)), parallelTest(opens(early)), parallelTest(opens(early)), parallelTest(opens(early)),
			parallelTest(opens(early)), parallelTest(opens(early, single)), serialTest(opens(three)),
		)}, want: Need{Worst: 12 + 3, Least: 7}},
		{name: "so does that of subtests, of unknown number", records: []record{binaryOf(
			serialTest(opens().with(besides(0, opens(early)))),
		)}, want: Need{Worst: 8, Unbounded: true, Least: 4}, over: true},
		{name: "leaks add up", records: []record{binaryOf(
			serialTest(leaks(three.times(5))), serialTest(leaks(three)), serialTest(opens(single)),
		)}, want: Need{Worst: 19, Least: 7}},
		{name: "and again with -count", run: func(r *Run) { r.Count = 3 }, records: []record{binaryOf(
			serialTest(leaks(three)), serialTest(opens(single)),
		)}, want: Need{Worst: 10, Least: 4}},
		{name: "what is opened once does not count for each test", records: []record{binaryOf(
			parallelTest(demand{Once: process(three)}), parallelTest(demand{Once: process(three)}),
		)}, want: Need{Worst: 3, Least: 1}},
		{name: "the first that asks a guard is the only one", records: []record{{Once: []once{
			{Key: "a", Demand: &demand{Opens: []open{three}}, Guard: "g"}, {Key: "b", Demand: &demand{Opens: []open{here}}, Guard: "g"}, {Key: "c", Demand: &demand{Opens: []open{single}}},
		}}}, want: Need{Worst: 6, Least: 2}},
		{name: "benchmarks do not run", records: []record{binaryOf(serialTest(opens(single)), test{Benchmark: true, Demand: opens(three)})}, want: Need{Worst: 1, Least: 1}},
		{name: "or do, as often as they like", run: func(r *Run) { r.Bench = true }, records: []record{binaryOf(
			test{Benchmark: true, Demand: opens(three)}, test{Benchmark: true, Demand: leaks(single)},
		)}, want: Need{Worst: 4, Unbounded: true, Least: 2}, over: true},
		{name: "the -p largest packages", records: []record{
			{Package: "a", Once: process(perCPU)}, {Package: "b", Once: process(three)}, {Package: "c", Once: process(three)},
		}, want: Need{Worst: 11, Least: 2}},
		{name: "a package without tests", records: []record{{Package: "helper", Once: process(perCPU)}, {Once: process(three)}}, want: Need{Worst: 3, Least: 1}},
		{name: "over the limit", records: []record{
			{Package: "a", Once: process(perCPU, three)}, {Package: "b", Once: process(perCPU, three)},
		}, want: Need{Worst: 22, Least: 4}, over: true},
		{name: "external tests belong to the package's binary", records: []record{
			{Package: "a", Tests: []test{{Name: "TestA", Parallel: true, Demand: opens(three)}}},
			{Package: "a_test", Tests: []test{{Name: "TestA", Parallel: true, Demand: opens(three)}}},
			{Package: "b", Once: process(single)}, {Package: "c", Once: process(single)},
		}, want: Need{Worst: 7, Least: 3}},
		{name: "one arm of a branch opens", records: []record{binaryOf(
			serialTest(opens(three.arm(1, 0), here.arm(1, 1), single)),
		)}, want: Need{Worst: 6, Least: 2}},
		{name: "names of one server", records: []record{{Once: process(here, local, somewhere)}}, want: Need{Worst: 12, Least: 3}},
		{name: "two servers: what may be on either counts for both", records: []record{{Once: process(here, there, somewhere, single)}}, want: Need{Worst: 10, Least: 3}},
		{name: "a reason leaves no bound", records: []record{binaryOf(
			serialTest(demand{Opens: []open{three}, Reasons: []Reason{{What: "something is not known"}}}),
		)}, want: Need{Worst: 3, Unbounded: true, Least: 1}, over: true},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			run := run
			if c.run != nil {
				c.run(&run)
			}
			report := planOf(run, c.records)
			if len(report.Servers) == 0 {
				t.Fatal("no server")
			}
			s := report.Servers[0]
			if s.Need != c.want || s.Over != c.over || report.Over() != c.over {
				t.Errorf("need %+v, over %t; want %+v, %t", s.Need, s.Over, c.want, c.over)
			}
			if s.Unbounded != (len(s.Reasons) > 0) {
				t.Errorf("unbounded %t, reasons %v", s.Unbounded, s.Reasons)
			}
		})
	}
}

func planOf(run Run, records []record) *Report {
	var all []record
	for i, r := range records {
		if r.Package == "" {
			r.Package = "p"
		}
		r.Binary = r.Package != "helper"
		for j := range r.Tests {
			if r.Tests[j].Name == "" {
				r.Tests[j].Name = string(rune('A' + i*20 + j))
			}
		}
		all = append(all, r)
	}
	return plan(run, all, func(file string) string { return strings.TrimPrefix(file, "/src/") })
}

func TestWriteText(t *testing.T) {
	t.Parallel()
	report := planOf(Run{Packages: 2, Parallel: 4, CPUs: 8, Limit: 97, Count: 1}, []record{
		{Package: "shop/orders", Once: process(three), Tests: []test{{Name: "TestA", Parallel: true, Demand: opens(perCPU)}}},
		{Package: "shop/items", Tests: []test{{Name: "TestB", Demand: demand{Opens: []open{unlimited}, Leaks: []open{somewhere.times(2)}}}}},
	})
	var b strings.Builder
	if err := report.WriteText(&b); err != nil {
		t.Fatal(err)
	}
	const want = `connection budget of go test -p 2 -parallel 4 on 8 CPUs

$DSN, a server that the code does not name: worst case no bound (16 without what has none), over the limit of 97; 5 with one connection in each pool
  counted as one server: different names do not tell whether they are several
  no bound, because
    unlimited.go:1: a pool of sql.Open: nothing limits it; call SetMaxOpenConns(3) on it
  PACKAGE      PEAK      PROCESS  LEAKED  TESTS     AT ONCE  DB TESTS  ONE EACH
  shop/items   no bound  0        4       no bound  1        1         3
  shop/orders  11        3        0       8         1        1         2
  POOL            OPENER       CONNECTIONS                OPENED
  somewhere.go:1  sql.Open     2 (SetMaxOpenConns)        by one test, 2 never closed
  unlimited.go:1  sql.Open     no bound                   by one test
  three.go:1      pgxpool.New  3 (pool_max_conns)         once a process
  perCPU.go:1     pgxpool.New  8 (max(4, CPUs), default)  by one test
  the bound may be larger than what happens, because
    somewhere.go:1: nothing is seen to close it when the test is over: it counts for every test; close it in t.Cleanup
`
	if b.String() != want {
		t.Errorf("got\n%s\nwant\n%s", b.String(), want)
	}
}

func TestParse(t *testing.T) {
	t.Parallel()
	parse := func(args ...string) (Run, error) {
		var o options
		flags := flag.NewFlagSet("", flag.ContinueOnError)
		flags.SetOutput(io.Discard)
		o.declare(flags)
		err := flags.Parse(args)
		return o.run.complete(), err
	}
	run, err := parse("-cpus=8", "-p", "2", "-format", "json", "-limit=60", "-count", "2", "-bench", "./store/...")
	if want := (Run{Packages: 2, Parallel: 8, CPUs: 8, Limit: 60, Count: 2, Bench: true}); err != nil || run != want {
		t.Errorf("got %+v %v", run, err)
	}
	for _, args := range [][]string{{"-p", "0"}, {"-parallel=-1"}, {"-format", "xml"}, {"-limit", "many"}, {"-count=0"}, {"-unknown"}} {
		if _, err := parse(args...); err == nil {
			t.Errorf("%q: no error", args)
		}
	}
}

func TestParseCommand(t *testing.T) {
	t.Parallel()
	run, a, err := parseCommand([]string{"/usr/bin/go", "test", "-p=3", "-run", "TestX", "-parallel", "5", "-count=2", "-cpu", "1,2,4", "-tags", "integration", "./...", "-args", "./not"})
	if err != nil || run.Packages != 3 || run.Parallel != 5 || run.Count != 6 || run.Bench || a.Tags != "integration" || strings.Join(a.Patterns, " ") != "./..." {
		t.Errorf("got %+v %+v %v", run, a, err)
	}
	if run, _, err := parseCommand([]string{"go", "test", "-bench", "."}); err != nil || !run.Bench || run.Count != 1 {
		t.Errorf("got %+v %v", run, err)
	}
	for _, command := range [][]string{{"go", "-C", "sub", "test", "-p", "3", "./a"}, {"go", "test", "-C=sub", "-p", "3", "./a"}, {"gotestsum", "--format", "dots", "--", "-C", "sub", "-p=3", "./a"}} {
		if run, a, err := parseCommand(command); err != nil || run.Packages != 3 || a.Dir != "sub" || strings.Join(a.Patterns, " ") != "./a" {
			t.Errorf("%q: %+v %+v %v", command, run, a, err)
		}
	}
	for command, want := range map[string]string{"go test": ".", "gotestsum -- -v": "./..."} {
		if _, a, err := parseCommand(strings.Fields(command)); err != nil || strings.Join(a.Patterns, " ") != want {
			t.Errorf("%s: %+v %v", command, a, err)
		}
	}
	for _, command := range [][]string{nil, {"go"}, {"go", "-C", "test"}, {"gotestsum", "./a"}, {"gotestsum", "--packages=./a", "--", "-v"}, {"gotestsum", "--raw-command", "--", "./a"}, {"make", "test"}, {"go", "build"}, {"go", "test", "-p", "x"}, {"go", "test", "-fuzz=FuzzX"}} {
		if _, _, err := parseCommand(command); err == nil {
			t.Errorf("%q: no error", command)
		}
	}
}

// That what runs at once is added up is said where it makes the bound twice as large, or more.
func TestOverlapNote(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		records []record
		said    bool
	}{
		"one test":                 {[]record{binaryOf(serialTest(opens(three)))}, false},
		"two packages alike":       {[]record{{Package: "p", Once: process(three)}, {Package: "q", Once: process(three)}}, true},
		"a large and a small":      {[]record{{Package: "p", Once: process(perCPU)}, {Package: "q", Once: process(three)}}, false},
		"parallel tests":           {[]record{binaryOf(parallelTest(opens(three)), parallelTest(opens(three)))}, true},
		"beside one for all":       {[]record{{Once: process(perCPU), Tests: []test{parallelTest(opens(three)), parallelTest(opens(three))}}}, false},
		"parallel tests that wait": {[]record{binaryOf(parallelTest(opens(early)), parallelTest(opens(early)))}, false},
	} {
		report := planOf(Run{Packages: 2, Parallel: 4, CPUs: 8, Limit: 97, Count: 1}, c.records)
		var said bool
		for _, n := range report.Servers[0].Notes {
			said = said || strings.Contains(n.What, "at its peak at the same time: with -p 1 -parallel 1 it is at most 3") || strings.Contains(n.What, "at most 8")
		}
		if said != c.said {
			t.Errorf("%s: said %t, want %t: %v", name, said, c.said, report.Servers[0].Notes)
		}
	}
}
