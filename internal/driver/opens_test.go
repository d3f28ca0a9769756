package driver

import (
	"context"
	"errors"
	"fmt"
	"go/ast"
	"go/types"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/types/typeutil"
	"golang.org/x/tools/txtar"

	"github.com/poollint/poollint/internal/config"
	"github.com/poollint/poollint/internal/directive"
	"github.com/poollint/poollint/internal/finding"
)

// opens is a rule for these tests: it reports calls that open a database,
// directly or through functions of whatever package, and names the chain.
var opens = &analysis.Analyzer{
	Name:       "opens",
	Doc:        "report calls that open a database",
	Requires:   []*analysis.Analyzer{opener, directive.Analyzer, config.Analyzer},
	Run:        runOpens,
	ResultType: reflect.TypeFor[*finding.Result](),
}

var opener = &analysis.Analyzer{
	Name:      "opener",
	Doc:       "find functions that open a database",
	Requires:  []*analysis.Analyzer{config.Analyzer},
	Run:       runOpener,
	FactTypes: []analysis.Fact{new(through), new(openers)},
}

// through is the fact about a function that opens; Chain ends with sql.Open.
type through struct{ Chain []string }

// openers is the fact about a package with such functions.
type openers struct{ Names []string }

func (*through) AFact()           {}
func (*openers) AFact()           {}
func (f *through) String() string { return strings.Join(f.Chain, " > ") }

func runOpener(pass *analysis.Pass) (any, error) {
	if pass.Pkg.Path() == os.Getenv("POOLLINT_TEST_PANIC") {
		panic("as asked")
	}
	if config.Dependency(pass) {
		return nil, nil
	}
	var names openers
	for known := -1; known < len(names.Names); { // functions may stand in any order
		known = len(names.Names)
		for _, file := range pass.Files {
			for _, decl := range file.Decls {
				fn, ok := decl.(*ast.FuncDecl)
				if !ok {
					continue
				}
				object := pass.TypesInfo.Defs[fn.Name].(*types.Func)
				calls(pass, fn, func(call *ast.CallExpr, chain []string) {
					if !slices.Contains(names.Names, object.Name()) {
						names.Names = append(names.Names, object.Name())
						pass.ExportObjectFact(object, &through{append([]string{object.Name()}, chain...)})
					}
				})
			}
		}
	}
	if names.Names != nil {
		slices.Sort(names.Names)
		pass.ExportPackageFact(&names)
	}
	return nil, nil
}

// calls visits the calls that open.
func calls(pass *analysis.Pass, root ast.Node, visit func(*ast.CallExpr, []string)) {
	ast.Inspect(root, func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		if !ok {
			return true
		}
		fn := typeutil.StaticCallee(pass.TypesInfo, call)
		if fn == nil {
			return true
		}
		var fact through
		if fn.FullName() == "database/sql.Open" {
			visit(call, []string{"sql.Open"})
		} else if pass.ImportObjectFact(fn, &fact) {
			visit(call, fact.Chain)
		}
		return true
	})
}

// note tells what the rule reads besides Go files: settings, a schema, and
// whether there is an environment file.
func note(pass *analysis.Pass) (string, error) {
	c := config.Of(pass)
	note := ""
	if c.Tenant.Column != "tenant_id" {
		note += " by " + c.Tenant.Column
	}
	schema, err := config.Once(c, "schema", func(files *config.Files) (string, error) {
		names, err := fs.Glob(files, "db/*.sql")
		all := ""
		for _, name := range names {
			text, readErr := files.ReadFile(name)
			err = errors.Join(err, readErr)
			all += " " + strings.TrimSpace(string(text))
		}
		return all, err
	})
	if _, statErr := c.Files.Stat(".env.test"); statErr == nil {
		note += " with environment"
	}
	return note + schema, err
}

func runOpens(pass *analysis.Pass) (any, error) {
	suffix, err := note(pass)
	if err != nil {
		return nil, err
	}
	reporter := finding.NewReporter(pass, finding.Error)
	for _, file := range pass.Files {
		calls(pass, file, func(call *ast.CallExpr, chain []string) {
			reporter.Report(finding.Finding{Diagnostic: analysis.Diagnostic{
				Pos: call.Pos(), End: call.End(),
			}, Data: finding.Text("opens: " + strings.Join(chain, " > ") + suffix)})
			reporter.Evidence("sql.Open", call.Pos(), pass.Pkg.Path())
		})
	}
	return reporter.Result(), nil
}

// tree writes a txtar archive to a directory of the test's own.
func tree(t testing.TB, archive string) string {
	t.Helper()
	dir, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	write(t, dir, archive)
	return dir
}

func write(t testing.TB, dir, archive string) {
	t.Helper()
	for _, f := range txtar.Parse([]byte(archive)).Files {
		file := filepath.Join(dir, filepath.FromSlash(f.Name))
		if err := os.MkdirAll(filepath.Dir(file), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, f.Data, 0o666); err != nil {
			t.Fatal(err)
		}
	}
}

func options(dir string, patterns ...string) Options {
	if patterns == nil {
		patterns = []string{"./..."}
	}
	return Options{
		Dir: dir, Patterns: patterns, Tests: true,
		Rules:     []finding.Rule{{Analyzer: opens}},
		Libraries: []string{"database/sql"},
	}
}

func mustRun(t testing.TB, o Options) *Result {
	t.Helper()
	config.Forget()
	result, err := Run(context.Background(), o)
	if err != nil {
		t.Fatal(err)
	}
	return result
}

// lines shows findings as "file:line: message", paths relative to dir.
func lines(dir string, result *Result) (lines []string) {
	for _, f := range result.Findings {
		path, _ := filepath.Rel(dir, f.Pos.Filename)
		lines = append(lines, fmt.Sprintf("%s:%d: %s", filepath.ToSlash(path), f.Pos.Line, f.Message))
	}
	return lines
}

func equal(t *testing.T, what string, got, want []string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("%s:\ngot  %s\nwant %s", what, strings.Join(got, "\n     "), strings.Join(want, "\n     "))
	}
}
