package flow

import (
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"strings"
	"testing"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/passes/inspect"
	"golang.org/x/tools/go/ast/inspector"

	"github.com/poollint/poollint/internal/config"
)

// stubs are the packages that test code may import: as much of them as it takes.
var stubs = map[string]string{
	"errors": "package errors\nfunc Is(err, target error) bool\nfunc As(err error, target any) bool",
	"os":     "package os\nvar ErrExist error\ntype PathError struct{ error }\nfunc Exit(code int)",
	"log":    "package log\nfunc Fatal(v ...any)",
	"sync":   "package sync\ntype Once struct{}\nfunc (*Once) Do(f func())",
	"testing": `package testing
type common struct{}
func (*common) Helper()
func (*common) Fatal(args ...any)
func (*common) Errorf(format string, args ...any)
func (*common) FailNow()
func (*common) Cleanup(f func())
type TB interface { Helper(); Fatal(args ...any); Errorf(format string, args ...any); FailNow(); Cleanup(f func()) }
type T struct{ common }
func (t *T) Run(name string, f func(t *T)) bool
func (t *T) Parallel()
type M struct{}
func (m *M) Run() int`,
	"github.com/onsi/ginkgo/v2":  "package ginkgo\nfunc Describe(text string, args ...any) bool\nfunc BeforeEach(args ...any) bool\nfunc It(text string, args ...any) bool",
	"example.com/module/closing": "package closing\ntype Closer interface { Close() error }\ntype File struct{}\nfunc (*File) Close() error { return nil }",
	"example.com/other":          "package other\ntype Closer interface { Close() error }\nvar Default Closer\nfunc Run(f func())",
}

type importer map[string]*types.Package

func (i importer) Import(path string) (*types.Package, error) {
	if pkg := i[path]; pkg != nil {
		return pkg, nil
	}
	source, ok := stubs[path]
	if !ok {
		return nil, errors.New("not found")
	}
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, "", source, parser.SkipObjectResolution)
	if err != nil {
		return nil, err
	}
	conf := types.Config{Importer: i, IgnoreFuncBodies: true}
	pkg, err := conf.Check(path, fset, []*ast.File{file}, nil)
	i[path] = pkg
	return pkg, err
}

// load reads code, which has no package clause, as the file a_test.go of a package of
// the module example.com/module.
func load(t testing.TB, source string) *Package {
	t.Helper()
	p, err := check("package p\n" + source)
	if err != nil {
		t.Fatalf("%v in\n%s", err, source)
	}
	return p
}

// check reads a file as far as it type-checks; it returns the first error.
func check(source string) (*Package, error) {
	fset := token.NewFileSet()
	file, first := parser.ParseFile(fset, "/module/p/a_test.go", source, parser.SkipObjectResolution|parser.ParseComments)
	info := &types.Info{
		Types: map[ast.Expr]types.TypeAndValue{}, Instances: map[*ast.Ident]types.Instance{},
		Defs: map[*ast.Ident]types.Object{}, Uses: map[*ast.Ident]types.Object{}, Implicits: map[ast.Node]types.Object{},
		Selections: map[*ast.SelectorExpr]*types.Selection{}, Scopes: map[ast.Node]*types.Scope{}, FileVersions: map[*ast.File]string{},
	}
	conf := types.Config{Importer: importer{}, Error: func(err error) {
		if first == nil {
			first = err
		}
	}}
	pkg, _ := conf.Check("example.com/module/p", fset, []*ast.File{file}, info)
	result, err := run(&analysis.Pass{
		Analyzer: Analyzer, Fset: fset, Files: []*ast.File{file}, Pkg: pkg, TypesInfo: info,
		Module:           &analysis.Module{Path: "example.com/module"},
		ExportObjectFact: func(types.Object, analysis.Fact) {},
		ImportObjectFact: func(types.Object, analysis.Fact) bool { return false },
		ResultOf: map[*analysis.Analyzer]any{
			config.Analyzer: config.Default(), inspect.Analyzer: inspector.New([]*ast.File{file}),
		},
	})
	if err != nil {
		return nil, err
	}
	return result.(*Package), first
}

// name names a function: run, T.Close; run$1 for the first literal in run; var x for the
// initialisers of x.
func name(f *Func) string {
	switch {
	case f == nil:
		return "nil"
	case f.Parent != nil:
		for i, lit := range f.Parent.Lits {
			if lit == f {
				return name(f.Parent) + "$" + string(rune('1'+i))
			}
		}
		return "?"
	case f.Obj != nil:
		return funcName(f.Obj)
	}
	spec := f.Cursor.Node().(*ast.GenDecl).Specs[0].(*ast.ValueSpec)
	return "var " + spec.Names[0].Name
}

func funcName(fn *types.Func) string {
	recv := fn.Signature().Recv()
	if recv == nil {
		return fn.Name()
	}
	t := types.TypeString(recv.Type(), func(*types.Package) string { return "" })
	t, _, _ = strings.Cut(strings.TrimPrefix(t, "*"), "[")
	return t + "." + fn.Name()
}

func names(funcs []*Func) string {
	all := make([]string, len(funcs))
	for i, f := range funcs {
		all[i] = name(f)
	}
	return strings.Join(all, " ")
}

// find returns the function of that name.
func find(t testing.TB, p *Package, want string) *Func {
	t.Helper()
	for _, f := range p.Funcs() {
		if name(f) == want {
			return f
		}
	}
	t.Fatalf("there is no %s among %s", want, names(p.Funcs()))
	return nil
}

// variable returns the variable, field or constant that is declared under the name.
func variable(t testing.TB, p *Package, name string) types.Object {
	t.Helper()
	for id, obj := range p.code().info.Defs {
		if id.Name == name && obj != nil {
			if _, isFunc := obj.(*types.Func); !isFunc {
				return obj
			}
		}
	}
	t.Fatalf("no variable is named %s", name)
	return nil
}

// lines compares what a question answers, a line each, with what is wanted.
func lines(t testing.TB, got []string, want string) {
	t.Helper()
	var wanted []string
	for _, line := range strings.Split(want, "\n") {
		if line = strings.TrimSpace(line); line != "" {
			wanted = append(wanted, line)
		}
	}
	for i := range got {
		got[i] = strings.TrimSpace(got[i])
	}
	if g, w := strings.Join(got, "\n"), strings.Join(wanted, "\n"); g != w {
		t.Errorf("got:\n%s\nwant:\n%s", g, w)
	}
}
