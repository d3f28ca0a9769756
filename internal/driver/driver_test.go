package driver

import (
	"context"
	"errors"
	"fmt"
	"go/types"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/unitchecker"

	"github.com/poollint/poollint/internal/cache"
	"github.com/poollint/poollint/internal/config"
	"github.com/poollint/poollint/internal/directive"
	"github.com/poollint/poollint/internal/finding"
)

// vettool makes the test binary speak go vet's protocol.
const vettool = "POOLLINT_TEST_VETTOOL"

func TestMain(m *testing.M) {
	if os.Getenv(vettool) != "" {
		unitchecker.Main(opens)
	}
	if asked := os.Getenv(askedAlone); asked != "" {
		answerAlone(asked)
		return
	}
	os.Exit(m.Run())
}

// service is a module in which facts cross packages, also through test
// variants: store's own test file opens, web's external test recompiles
// nothing, api's external test imports a package that imports api.
const service = `
-- go.mod --
module example.com/service
go 1.26
-- store/store.go --
package store
import "database/sql"
type Store struct{ DB *sql.DB }
func New(dsn string) *Store { return &Store{open(dsn)} }
func open(dsn string) *sql.DB { db, _ := sql.Open("x", dsn); return db }
func (s *Store) Again() *Store { return New("") }
-- store/store_test.go --
package store
func Helper() *Store { return New("test") }
-- store/export_test.go --
package store_test
import ("testing"; "example.com/service/store")
func TestHelper(t *testing.T) { store.Helper().Again() }
-- web/web.go --
package web
import "example.com/service/store"
func Serve() { store.New("") }
-- web/web_test.go --
package web
import "testing"
func TestServe(t *testing.T) { Serve() }
-- api/api.go --
package api
import "example.com/service/store"
func Start() *store.Store { return store.New("") }
-- api/fixture_test.go --
package api
func Fixture() { Start() }
-- api/api_test.go --
package api_test
import ("testing"; "example.com/service/api"; "example.com/service/apitest")
func TestAPI(t *testing.T) { apitest.Start(); api.Fixture() }
-- apitest/apitest.go --
package apitest
import "example.com/service/api"
func Start() { api.Start() }
-- plain/plain.go --
package plain
import "strings"
var _ = strings.ToUpper
`

var serviceFindings = []string{
	"api/api.go:3: opens: New > open > sql.Open",
	"api/api_test.go:3: opens: Start > Start > New > open > sql.Open",
	"api/api_test.go:3: opens: Fixture > Start > New > open > sql.Open",
	"api/fixture_test.go:2: opens: Start > New > open > sql.Open",
	"apitest/apitest.go:3: opens: Start > New > open > sql.Open",
	"store/export_test.go:3: opens: Again > New > open > sql.Open",
	"store/export_test.go:3: opens: Helper > New > open > sql.Open",
	"store/store.go:4: opens: open > sql.Open",
	"store/store.go:5: opens: sql.Open",
	"store/store.go:6: opens: New > open > sql.Open",
	"store/store_test.go:2: opens: New > open > sql.Open",
	"web/web.go:3: opens: New > open > sql.Open",
	"web/web_test.go:3: opens: Serve > New > open > sql.Open",
}

func TestFactsCrossPackages(t *testing.T) {
	t.Parallel()
	dir := tree(t, service)
	for _, load := range []Load{LoadAuto, LoadExport, LoadSource} {
		o := options(dir)
		o.Load = load
		result := mustRun(t, o)
		equal(t, string(load), lines(dir, result), serviceFindings)
		if result.Failures != nil {
			t.Errorf("%s: %v", load, result.Failures)
		}
		equal(t, "listed", result.Listed, []string{
			"example.com/service/api", "example.com/service/api_test", "example.com/service/apitest", "example.com/service/plain",
			"example.com/service/store", "example.com/service/store_test", "example.com/service/web",
		})
		if slices.Contains(result.Analysed, "example.com/service/plain") || len(result.Analysed) != len(result.Listed)-1 {
			t.Errorf("analysed %v", result.Analysed)
		}
	}
}

// Findings under go vet are those of a run in one process.
func TestSameFindingsAsGoVet(t *testing.T) {
	t.Parallel()
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	dir := tree(t, service)
	vet := exec.Command("go", "vet", "-vettool="+exe, "./...")
	vet.Dir = dir
	vet.Env = append(vet.Environ(), vettool+"=1", "GOFLAGS=") // whose flags change how go vet prints paths
	out, _ := vet.CombinedOutput()                            // its status says only that there are findings
	var got []string
	for _, m := range regexp.MustCompile(`(?m)^(\S+\.go:\d+):\d+: (.*)$`).FindAllStringSubmatch(string(out), -1) {
		got = append(got, m[1]+": "+m[2])
	}
	want := slices.Clone(serviceFindings)
	slices.Sort(got)
	slices.Sort(want)
	equal(t, "go vet", slices.Compact(got), want)
}

func TestPatternsAndOptions(t *testing.T) {
	t.Parallel()
	dir := tree(t, service)
	o := options(dir, "./web")
	equal(t, "facts of packages that are not asked for", lines(dir, mustRun(t, o)), serviceFindings[11:])
	o.Tests = false
	equal(t, "no tests", lines(dir, mustRun(t, o)), serviceFindings[11:12])
	o = options(filepath.Join(dir, "store"), ".")
	if got := mustRun(t, o); len(got.Findings) != 6 {
		t.Errorf("in a directory below: %v", lines(dir, got))
	}
	write(t, dir, "-- empty/README --\n")
	for _, pattern := range []string{"./empty/...", "example.com/nothing/..."} {
		if _, err := Run(t.Context(), options(dir, pattern)); err == nil || !strings.Contains(err.Error(), "no packages match") {
			t.Errorf("%s: %v", pattern, err)
		}
	}
	for _, pattern := range []string{"./nothing/...", "./nothing", "./empty", "example.com/nothing"} {
		if result := mustRun(t, options(dir, pattern)); len(result.Failures) != 1 {
			t.Errorf("%s: %v", pattern, result.Failures)
		}
	}
	write(t, dir, "-- newer/go.mod --\nmodule newer\n\ngo 1.999\n-- newer/a.go --\npackage newer\n")
	if _, err := Run(t.Context(), options(filepath.Join(dir, "newer"), "./...")); err == nil || errors.Is(err, ErrNoPackages) || !strings.Contains(err.Error(), "1.999") {
		t.Errorf("a go.mod for a newer go command: %v", err)
	}
	result := mustRun(t, options(dir, "./nothing", "./web"))
	if len(result.Failures) != 1 || len(result.Findings) != 2 {
		t.Errorf("one pattern of two matches: %v, %v", result.Failures, lines(dir, result))
	}
}

func TestFinishSeesEveryPackage(t *testing.T) {
	t.Parallel()
	dir := tree(t, service)
	o := options(dir)
	o.Rules[0].Finish = func(findings []finding.Located, evidence []finding.Evidence) []finding.Located {
		var at []string
		for _, e := range evidence {
			at = append(at, fmt.Sprintf("%s:%d", filepath.Base(e.Pos.Filename), e.Pos.Line))
		}
		first := findings[0]
		first.Data = finding.Text(strings.Join(at, " "))
		return []finding.Located{first}
	}
	equal(t, "finish", lines(dir, mustRun(t, o)), []string{
		"api/api.go:3: api.go:3 api_test.go:3 api_test.go:3 fixture_test.go:2 apitest.go:3 export_test.go:3" +
			" store.go:4 store.go:5 store.go:6 store_test.go:2 web.go:3 web_test.go:3",
	})
}

func TestEverywhere(t *testing.T) {
	t.Parallel()
	dir := tree(t, service)
	o := options(dir)
	o.Rules[0].Everywhere = true
	if result := mustRun(t, o); len(result.Analysed) != len(result.Listed) {
		t.Errorf("analysed %v of %v", result.Analysed, result.Listed)
	}
}

// Without export data in the build cache nothing is compiled to have it.
func TestEmptyBuildCache(t *testing.T) {
	cache := t.TempDir()
	t.Setenv("GOCACHE", cache)
	dir := tree(t, service)
	equal(t, "findings", lines(dir, mustRun(t, options(dir))), serviceFindings)
	filepath.WalkDir(cache, func(path string, entry os.DirEntry, err error) error {
		if info, statErr := entry.Info(); err == nil && statErr == nil && !entry.IsDir() && info.Size() > 1<<20 {
			t.Errorf("%s of %d bytes was compiled", path, info.Size())
		}
		return err
	})
}

// Export data of a compiler that this program does not know is no reason to
// give up, nor to go on with half of the types.
func TestUnreadableExportData(t *testing.T) {
	t.Parallel()
	dir := tree(t, service)
	o := options(dir)
	o.Load = LoadExport
	l, err := list(t.Context(), o, dir)
	if err != nil {
		t.Fatal(err)
	}
	junk := filepath.Join(t.TempDir(), "junk")
	if err := os.WriteFile(junk, []byte("junk"), 0o666); err != nil {
		t.Fatal(err)
	}
	l.byID["database/sql"].ExportFile = junk
	r := newRun(l, o)
	l.need(nil, false)
	r.all(t.Context())
	if r.unreadable == nil || !strings.HasPrefix(r.unreadable.Error(), "read export data of database/sql: ") {
		t.Errorf("%v", r.unreadable)
	}
}

func TestRunsAgree(t *testing.T) {
	t.Parallel()
	dir := tree(t, service)
	first := mustRun(t, options(dir))
	for range 5 {
		if again := mustRun(t, options(dir)); !reflect.DeepEqual(again, first) {
			t.Fatalf("got  %+v\nwant %+v", again, first)
		}
	}
}

func TestWhatCannotBeAnalysed(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		archive        string
		findings, fail []string
	}{
		"syntax": {
			archive:  "-- store/broken.go --\npackage store\nfunc {\n",
			findings: nil,
			fail:     []string{"store/broken.go:2:6: expected 'IDENT', found '{'"},
		},
		"types, in one package": {
			archive:  "-- web/broken.go --\npackage web\nvar x int = \"\"\n",
			findings: slices.Concat(serviceFindings[:11]),
			fail:     []string{`web/broken.go:2:13: cannot use "" (untyped string constant) as int value in variable declaration`},
		},
		"types, in the test files": {
			archive:  "-- web/broken_test.go --\npackage web\nvar x int = \"\"\n",
			findings: serviceFindings[:12],
			fail:     []string{`web/broken_test.go:2:13: cannot use "" (untyped string constant) as int value in variable declaration`},
		},
		"unused variable": {
			archive:  "-- web/broken.go --\npackage web\nfunc f() { x := 1 }\n",
			findings: serviceFindings,
			fail:     []string{"web/broken.go:2:12: declared and not used: x"},
		},
		"missing module": {
			archive:  "-- web/broken.go --\npackage web\nimport _ \"example.com/missing\"\n",
			findings: serviceFindings, // what is there is analysed
			fail:     []string{"could not import example.com/missing"},
		},
		"missing package": {
			archive:  "-- web/broken.go --\npackage web\nimport _ \"example.com/service/missing\"\n",
			findings: serviceFindings, // what is there is analysed
			fail:     []string{"could not import example.com/service/missing"},
		},
		"import cycle": {
			archive:  "-- web/broken.go --\npackage web\nimport _ \"example.com/service/cycle\"\n-- cycle/cycle.go --\npackage cycle\nimport _ \"example.com/service/web\"\n",
			findings: serviceFindings,
			fail:     []string{"import cycle"},
		},
		"two packages in a directory": {
			archive:  "-- plain/other.go --\npackage other\nimport _ \"database/sql\"\n",
			findings: serviceFindings,
			fail:     []string{"found packages"},
		},
		"configuration": {
			archive:  "-- web/.poollint.yml --\ntenant: {colum: x}\n",
			findings: serviceFindings[:11],
			fail:     []string{"web/.poollint.yml:1:10: unknown key colum; did you mean column?"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := tree(t, service)
			write(t, dir, c.archive)
			for _, load := range []Load{LoadAuto, LoadSource} {
				o := options(dir)
				o.Load = load
				result := mustRun(t, o)
				if c.findings != nil {
					equal(t, "findings", lines(dir, result), c.findings)
				}
				var fail []string
				for _, f := range result.Failures {
					fail = append(fail, strings.ReplaceAll(f.Error(), dir+"/", ""))
				}
				slices.Sort(fail)
				if len(fail) == 0 || !strings.Contains(strings.Join(fail, "\n"), c.fail[0]) {
					t.Errorf("%s: failures %q\nwant %q", load, fail, c.fail)
				}
			}
		})
	}
}

func TestPanicNamesAnalyzerAndPackage(t *testing.T) {
	t.Setenv("POOLLINT_TEST_PANIC", "example.com/service/web")
	dir := tree(t, service)
	result := mustRun(t, options(dir))
	equal(t, "the other packages", lines(dir, result), serviceFindings[:11])
	if len(result.Failures) != 1 || result.Failures[0].Error() != "example.com/service/web: opener: internal error: panic: as asked" || result.Failures[0].Stack == nil {
		t.Errorf("%v", result.Failures)
	}
}

func TestSkippedTests(t *testing.T) {
	t.Parallel()
	dir := tree(t, service)
	write(t, dir, `
-- web/a_test.go --
//go:build integration
package web
-- web/b_test.go --
// A comment.

//go:build integration && linux && !race

package web
-- web/c_test.go --
//go:build e2e || slow
package web
-- web/d_windows_test.go --
package web
-- web/e_test.go --
//go:build ignore
package web
-- web/f_test.go --
/* A licence. */
//go:build integration && postgres
package web
-- web/g.go --
//go:build integration
package web
-- only/only_test.go --
//go:build integration
package only
-- only/testdata/t_test.go --
//go:build integration
package only
-- nested/go.mod --
module nested
-- nested/n_test.go --
//go:build integration
package nested
`)
	got := mustRun(t, options(dir)).Skipped
	if want := []Skipped{{"integration", 3}, {"e2e", 1}, {"slow", 1}}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	o := options(dir)
	o.Tags = "integration,slow"
	got = mustRun(t, o).Skipped
	if want := []Skipped{{"postgres", 1}}; !slices.Equal(got, want) {
		t.Errorf("with tags: got %v, want %v", got, want)
	}
}

func TestKindsOfModules(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		archive string
		dir     string
		want    []string
	}{
		"workspace": {`
-- go.work --
go 1.26
use (
	./a
	./b
)
-- a/go.mod --
module example.com/a
go 1.26
-- a/a.go --
package a
import "example.com/b"
func F() { b.Open() }
-- b/go.mod --
module example.com/b
go 1.26
-- b/b.go --
package b
import "database/sql"
func Open() { sql.Open("", "") }
`, "a", []string{"a/a.go:3: opens: Open > sql.Open"}},
		"vendor": {`
-- go.mod --
module example.com/a
go 1.26
require example.com/v v1.0.0
-- a.go --
package a
import ("database/sql"; "example.com/v")
func F() { v.Open(); sql.Open("", "") }
-- vendor/modules.txt --
# example.com/v v1.0.0
## explicit; go 1.26
example.com/v
-- vendor/example.com/v/v.go --
package v
import "database/sql"
func Open() { sql.Open("", "") }
`, ".", []string{"a.go:3: opens: sql.Open"}},
		"vendored workspace": {`
-- go.work --
go 1.26
use (
	./a
	./b
)
-- a/go.mod --
module example.com/a
go 1.26
require example.com/v v1.0.0
-- a/a.go --
package a
import ("example.com/b"; "example.com/v")
func F() { b.Open(); v.Open() }
-- b/go.mod --
module example.com/b
go 1.26
-- b/b.go --
package b
import "database/sql"
func Open() { sql.Open("", "") }
-- vendor/modules.txt --
## workspace
# example.com/v v1.0.0
## explicit; go 1.26
example.com/v
-- vendor/example.com/v/v.go --
package v
import "database/sql"
func Open() { sql.Open("", "") }
`, "a", []string{"a/a.go:3: opens: Open > sql.Open"}},
		"a replaced module outside the tree": {`
-- m/go.mod --
module example.com/a
go 1.26
require example.com/v v1.0.0
replace example.com/v => ../v
-- m/a.go --
package a
import ("database/sql"; "example.com/v")
func F() { v.Open(); sql.Open("", "") }
-- v/go.mod --
module example.com/v
go 1.26
-- v/deep/v.go --
package deep
import "database/sql"
func Open() { sql.Open("", "") }
-- v/v.go --
package v
import "example.com/v/deep"
func Open() { deep.Open() }
`, "m", []string{"m/a.go:3: opens: sql.Open"}},
		"line directives": {`
-- go.mod --
module example.com/a
go 1.26
-- a.go --
//line /etc/passwd:1
package a
import "database/sql"
//line gen.y:100
func F() { sql.Open("", "") }
`, ".", []string{"a.go:5: opens: sql.Open"}},
		"generated": {`
-- go.mod --
module example.com/a
go 1.26
-- a.go --
// Code generated by x. DO NOT EDIT.
package a
import "database/sql"
func F() { sql.Open("", "") }
`, ".", []string{"a.go:4: opens: sql.Open"}},
		"older language": {`
-- go.mod --
module example.com/a
go 1.17
-- a.go --
package a
import "database/sql"
func F() { for i := 0; i < 2; i++ { sql.Open("", "") } }
-- b.go --
//go:build go1.22
package a
func G() { for range 3 { F() } }
`, ".", []string{"a.go:3: opens: sql.Open", "b.go:3: opens: F > sql.Open"}},
		"directive": {`
-- go.mod --
module example.com/a
go 1.26
-- a.go --
package a
import "database/sql"
//poollint:ignore opens -- here it may
func F() { sql.Open("", "") }
`, ".", []string{"a.go:4: opens: sql.Open"}},
		"a package whose path ends in .test": {`
-- go.mod --
module example.com/a
go 1.26
-- x.test/main.go --
package main
import "database/sql"
func main() { sql.Open("", "") }
`, ".", []string{"x.test/main.go:3: opens: sql.Open"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			sameInAllWays(t, c.archive, c.dir, c.want)
		})
	}
}

// C code is not processed: what it declares has no type.
func TestCgo(t *testing.T) {
	t.Setenv("CGO_ENABLED", "1")
	sameInAllWays(t, `
-- go.mod --
module example.com/a
go 1.26
-- c/c.go --
package c
// int f(int x) { return x; }
// typedef struct { int a; } s;
import "C"
import "database/sql"
type S struct { s C.s }
func Open() { x, err := C.f(1); _, _ = x, err; sql.Open("", "") }
func Size() int { return int(C.f(C.int(2))) + int(C.sizeof_s) }
-- a.go --
package a
import "example.com/a/c"
func F() { c.Open(); var s c.S; _ = s }
`, ".", []string{"a.go:3: opens: Open > sql.Open", "c/c.go:7: opens: sql.Open"})
}

// sameInAllWays analyses a folder of a module with and without export data and cache.
func sameInAllWays(t *testing.T, archive, folder string, want []string) {
	dir := tree(t, archive)
	for _, load := range []Load{LoadAuto, LoadSource} {
		o := options(filepath.Join(dir, folder))
		o.Load = load
		result := mustRun(t, o)
		equal(t, string(load), lines(dir, result), want)
		if result.Failures != nil {
			t.Errorf("%s: %v", load, result.Failures)
		}
		store, err := cache.Open(t.TempDir())
		if err != nil {
			t.Fatal(err)
		}
		o.Cache, o.Tool = store, "test"
		time.Sleep(60 * time.Millisecond) // else the files are too young to be kept
		for _, state := range []string{"cold", "warm"} {
			if cached := mustRun(t, o); !reflect.DeepEqual(cached, result) {
				t.Errorf("%s, cache %s:\ngot  %+v\nwant %+v", load, state, cached, result)
			}
		}
		for _, f := range result.Findings {
			if silenced := strings.Contains(archive, "//poollint:ignore"); silenced != (f.Suppressed != "") {
				t.Errorf("suppressed: %q", f.Suppressed)
			}
		}
	}
}

func TestProgress(t *testing.T) {
	t.Parallel()
	o := options(tree(t, service))
	last, total, calls := 0, 0, 0
	o.Progress = func(done, of int) { last, total, calls = done, of, calls+1 }
	mustRun(t, o)
	if last != total || calls != total || total == 0 {
		t.Errorf("%d calls, the last with %d of %d", calls, last, total)
	}
}

func TestCancelled(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	o := options(tree(t, service))
	o.Progress = func(int, int) { cancel() }
	if _, err := Run(ctx, o); err == nil {
		t.Error("a cancelled run succeeds")
	}
}

// declared reports the declaration of each constant that sql.Open is given.
var declared = &analysis.Analyzer{
	Name:       "declared",
	Doc:        "report constants",
	Requires:   []*analysis.Analyzer{directive.Analyzer, config.Analyzer},
	ResultType: reflect.TypeFor[*finding.Result](),
	Run: func(pass *analysis.Pass) (any, error) {
		reporter := finding.NewReporter(pass, finding.Error)
		for _, object := range pass.TypesInfo.Uses {
			if c, ok := object.(*types.Const); ok && c.Pkg() != nil {
				reporter.Report(finding.Finding{Diagnostic: analysis.Diagnostic{Pos: c.Pos()}, Data: finding.Text(c.Name())})
			}
		}
		return reporter.Result(), nil
	},
}

// A position in another package of the user's is exact wherever types come from.
func TestPositionsInOtherPackages(t *testing.T) {
	t.Parallel()
	dir := tree(t, `
-- go.mod --
module example.com/m
go 1.26
-- q/q.go --
package q
const ( A = 1; DSN = "dsn" )
-- a/a.go --
package a
import ("database/sql"; "example.com/m/q")
func F() { sql.Open("x", q.DSN) }
`)
	for _, load := range []Load{LoadAuto, LoadExport, LoadSource} {
		o := options(dir)
		o.Load, o.Rules = load, []finding.Rule{{Analyzer: declared}}
		result := mustRun(t, o)
		if len(result.Findings) != 1 || result.Findings[0].Pos.Line != 2 || result.Findings[0].Pos.Column != 16 {
			t.Errorf("%s: %+v", load, result.Findings)
		}
	}
}

// What a failure says has a bound, whatever the source that it quotes.
func TestLongFailure(t *testing.T) {
	t.Parallel()
	dir := tree(t, "-- go.mod --\nmodule example.com/m\ngo 1.26\n-- a.go --\npackage m\nimport _ \"database/sql\"\nvar x int = \""+strings.Repeat("a", 1<<20)+"\"\n")
	result := mustRun(t, options(dir))
	if len(result.Failures) != 1 || len(result.Failures[0].Message) > 2*maxMessage {
		t.Errorf("%d failures, of %.100v", len(result.Failures), result.Failures)
	}
}
