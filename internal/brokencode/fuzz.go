package brokencode

import (
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"math/rand/v2"
	"os"
	"testing"

	"golang.org/x/tools/go/analysis"

	"github.com/poollint/poollint/internal/config"
	"github.com/poollint/poollint/internal/passtest"
)

// Fuzz breaks the source of the module in the directory and runs the analyzer on it,
// and those that it requires, with the default configuration: they must not panic.
func Fuzz(f *testing.F, a *analysis.Analyzer, dir string) {
	imports := load(f, dir, func(source string) { f.Add(source, uint64(0)); f.Add(source, uint64(1)) })
	f.Fuzz(func(t *testing.T, source string, seed uint64) {
		if seed > 0 {
			source = Break(source, 20<<(seed%6), rand.New(rand.NewPCG(seed, 0)))
		}
		if pass := check(imports, source); pass != nil {
			if _, err := run(a, pass, map[*analysis.Analyzer]any{config.Analyzer: config.Default()}); err != nil {
				t.Error(err)
			}
		}
	})
}

// run runs the analyzer once those that it requires are done.
func run(a *analysis.Analyzer, pass *analysis.Pass, done map[*analysis.Analyzer]any) (any, error) {
	if result, ok := done[a]; ok {
		return result, nil
	}
	own := *pass
	own.Analyzer, own.ResultOf = a, map[*analysis.Analyzer]any{config.Analyzer: done[config.Analyzer]}
	for _, required := range a.Requires {
		result, err := run(required, pass, done)
		if err != nil {
			return nil, err
		}
		own.ResultOf[required] = result
	}
	result, err := a.Run(&own)
	done[a] = result
	return result, err
}

// imported are the packages that code may import.
type imported map[string]*types.Package

func (i imported) Import(path string) (*types.Package, error) {
	if pkg := i[path]; pkg != nil {
		return pkg, nil
	}
	return nil, errors.New("not found")
}

// load returns what the packages of a module import, and hands on their files.
func load(f *testing.F, dir string, each func(source string)) imported {
	f.Helper()
	imports := imported{}
	for _, a := range passtest.Analyse(f, nil, dir, "./...") {
		imports.add(a.Pkg)
		for _, file := range a.Files {
			text, err := os.ReadFile(a.Fset.PositionFor(file.Package, false).Filename)
			if err != nil {
				f.Fatal(err)
			}
			each(string(text))
		}
	}
	return imports
}

// add adds the package and all that it imports.
func (i imported) add(pkg *types.Package) {
	if i[pkg.Path()] != nil {
		return
	}
	i[pkg.Path()] = pkg
	for _, dep := range pkg.Imports() {
		i.add(dep)
	}
}

// check type-checks the source as far as it goes, as a test file. The pass knows no facts
// of other packages; nil if there is no package.
func check(imports imported, source string) *analysis.Pass {
	fset := token.NewFileSet()
	file, _ := parser.ParseFile(fset, "/module/p/p_test.go", source, parser.SkipObjectResolution|parser.ParseComments)
	if file == nil || file.Name == nil {
		return nil
	}
	info := &types.Info{
		Types: map[ast.Expr]types.TypeAndValue{}, Instances: map[*ast.Ident]types.Instance{},
		Defs: map[*ast.Ident]types.Object{}, Uses: map[*ast.Ident]types.Object{}, Implicits: map[ast.Node]types.Object{},
		Selections: map[*ast.SelectorExpr]*types.Selection{}, Scopes: map[ast.Node]*types.Scope{}, FileVersions: map[*ast.File]string{},
	}
	conf := types.Config{Importer: imports, Error: func(error) {}}
	pkg, _ := conf.Check("example.com/module/p", fset, []*ast.File{file}, info)
	return &analysis.Pass{
		Fset: fset, Files: []*ast.File{file}, Pkg: pkg, TypesInfo: info, TypesSizes: types.SizesFor("gc", "amd64"),
		Module:            &analysis.Module{Path: "example.com/module"},
		Report:            func(analysis.Diagnostic) {},
		ImportObjectFact:  func(types.Object, analysis.Fact) bool { return false },
		ImportPackageFact: func(*types.Package, analysis.Fact) bool { return false },
		ExportObjectFact:  func(types.Object, analysis.Fact) {},
		ExportPackageFact: func(analysis.Fact) {},
		AllObjectFacts:    func() []analysis.ObjectFact { return nil },
		AllPackageFacts:   func() []analysis.PackageFact { return nil },
	}
}
