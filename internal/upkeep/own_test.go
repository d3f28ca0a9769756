package upkeep

import (
	"fmt"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"strings"
	"testing"

	"golang.org/x/tools/go/analysis"
)

// one imports a package, and the standard library's.
type one struct {
	*types.Package
	types.Importer
}

func (o one) Import(path string) (*types.Package, error) {
	if path == o.Path() {
		return o.Package, nil
	}
	return o.Importer.Import(path)
}

// What an engine runs is registered as a function or a method, or named where it is asked for.
func TestEngines(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ path, declares, call, want string }{
		{"go.temporal.io/sdk/worker", "type Registry interface { RegisterActivity(any) }\ntype Worker interface { Registry; Stop(any) }\nfunc New() Worker", "x.New().RegisterActivity(job)", works},
		{"go.temporal.io/sdk/worker", "type Registry interface { RegisterActivity(any) }\ntype Worker interface { Registry; Stop(any) }\nfunc New() Worker", "x.New().Stop(job)", ""},
		{"go.temporal.io/sdk/workflow", "func ExecuteActivity(any, any, ...any)", "x.ExecuteActivity(nil, job, 1)", works},
		{"go.temporal.io/sdk/workflow", "func SetQueryHandler(any, any)", "x.SetQueryHandler(nil, job)", ""},
		{"go.uber.org/cadence/activity", "func Register(any)", "x.Register(job)", works},
		{"github.com/robfig/cron/v3", "type Cron struct{}\nfunc (*Cron) AddFunc(string, func())", `new(x.Cron).AddFunc("@daily", job)`, scheduled},
		{"example.com/worker", "func RegisterActivity(any)", "x.RegisterActivity(job)", ""},
	} {
		fset := token.NewFileSet()
		parse := func(src string) []*ast.File {
			f, err := parser.ParseFile(fset, "x.go", src, 0)
			if err != nil {
				t.Fatal(err)
			}
			return []*ast.File{f}
		}
		lib, err := new(types.Config).Check(test.path, fset, parse("package x\n"+test.declares), nil)
		if err != nil {
			t.Fatal(err)
		}
		files := parse(fmt.Sprintf("package p\nimport x %q\nfunc job() {}\nfunc f() { %s }", test.path, test.call))
		info := &types.Info{Uses: map[*ast.Ident]types.Object{}, Selections: map[*ast.SelectorExpr]*types.Selection{}, Types: map[ast.Expr]types.TypeAndValue{}}
		if _, err := (&types.Config{Importer: one{lib, importer.Default()}}).Check("p", fset, files, info); err != nil {
			t.Fatal(err)
		}
		ast.Inspect(files[0], func(n ast.Node) bool {
			if call, ok := n.(*ast.CallExpr); ok && strings.HasSuffix(types.ExprString(call), test.call[strings.LastIndex(test.call, "."):]) {
				if got := schedules(info, call); got != test.want {
					t.Errorf("%s of %s: %q", test.call, test.path, got)
				}
				return false
			}
			return true
		})
	}
}

// A function stands in a field of a library's type: of a command, of what starts with the
// program, or of a job.
func TestFields(t *testing.T) {
	t.Parallel()
	ours := &analysis.Pass{Module: &analysis.Module{Path: "example.com/ours"}}
	for _, test := range []struct{ path, name, field, want string }{
		{"github.com/spf13/cobra", "Command", "RunE", command},
		{"github.com/spf13/cobra", "Command", "Args", ""},
		{"go.uber.org/fx", "Hook", "OnStart", starts},
		{"example.com/loops", "CronJob", "Task", scheduled},
		{"example.com/loops", "Worker", "Do", scheduled},
		{"example.com/loops", "Route", "Do", ""},
		{"example.com/ours/loops", "CronJob", "Task", ""},
		{"example.com/ours2/loops", "CronJob", "Task", scheduled},
	} {
		of := types.NewNamed(types.NewTypeName(token.NoPos, types.NewPackage(test.path, "x"), test.name, nil), types.NewStruct(nil, nil), nil)
		lit := &ast.CompositeLit{}
		info := &types.Info{Types: map[ast.Expr]types.TypeAndValue{lit: {Type: of}}}
		if got := runsField(ours, info, lit, test.field); got != test.want {
			t.Errorf("%s of %s.%s: %q, want %q", test.field, test.path, test.name, got, test.want)
		}
	}
}
