// Package parallel finds out which code of a package's tests runs in parallel:
// in tests and subtests that call t.Parallel, themselves, through a helper or in
// a subtest around.
package parallel

import (
	"go/ast"
	"go/types"
	"reflect"
	"slices"

	"golang.org/x/tools/go/analysis"

	"github.com/poollint/poollint/internal/config"
	"github.com/poollint/poollint/internal/dbapi"
	"github.com/poollint/poollint/internal/testscope"
)

// Analyzer reads the tests of a package; its result is a *Package.
var Analyzer = &analysis.Analyzer{
	Name:             "poollintparallel",
	Doc:              "find out which tests run in parallel",
	Run:              run,
	RunDespiteErrors: true,
	FactTypes:        []analysis.Fact{new(parallelizes)},
	ResultType:       reflect.TypeFor[*Package](),
}

// parallelizes is the fact of functions that call Parallel on the test they take.
type parallelizes struct{}

func (*parallelizes) AFact()         {}
func (*parallelizes) String() string { return "parallelizes" }

// A Package holds the tests of one package.
type Package struct {
	Tests []*Test // in source order

	pass     *analysis.Pass
	decls    map[*types.Func]*ast.FuncDecl
	literals map[types.Object]ast.Expr // composite literals that variables hold
	parallel map[*ast.BlockStmt]bool   // the bodies of functions and literals that call Parallel
}

// A Test is a test, a benchmark, a fuzz test or a suite's method.
type Test struct {
	Name     string
	Decl     *ast.FuncDecl
	Parallel bool // its own body calls t.Parallel, not only a subtest's
}

func run(pass *analysis.Pass) (any, error) {
	p := &Package{pass: pass, decls: map[*types.Func]*ast.FuncDecl{}, literals: map[types.Object]ast.Expr{}, parallel: map[*ast.BlockStmt]bool{}}
	if config.Dependency(pass) || !imports(pass.Pkg, "testing") {
		return p, nil
	}
	for _, file := range pass.Files {
		p.collectLiterals(file)
		inTest := testscope.InTestFile(pass.Fset.PositionFor(file.Package, false).Filename)
		for _, d := range file.Decls {
			decl, ok := d.(*ast.FuncDecl)
			if !ok || decl.Body == nil {
				continue
			}
			fn, ok := pass.TypesInfo.Defs[decl.Name].(*types.Func)
			if !ok {
				continue
			}
			p.decls[fn] = decl
			if testscope.Func(pass.TypesInfo, decl, inTest)&testscope.PerTest != 0 {
				p.Tests = append(p.Tests, &Test{Name: name(fn), Decl: decl})
			}
		}
	}
	p.exportFacts()
	p.collectParallel()
	for _, test := range p.Tests {
		test.Parallel = p.CallsParallel(test.Decl.Body)
	}
	return p, nil
}

func imports(pkg *types.Package, path string) bool {
	return slices.ContainsFunc(pkg.Imports(), func(dep *types.Package) bool { return dep.Path() == path })
}

// collectLiterals notes the tables of test cases.
func (p *Package) collectLiterals(file *ast.File) {
	note := func(name ast.Expr, value ast.Expr) {
		if id, ok := name.(*ast.Ident); ok {
			if lit, ok := ast.Unparen(value).(*ast.CompositeLit); ok {
				p.literals[p.pass.TypesInfo.ObjectOf(id)] = lit
			}
		}
	}
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.AssignStmt:
			if len(n.Lhs) == len(n.Rhs) {
				for i := range n.Lhs {
					note(n.Lhs[i], n.Rhs[i])
				}
			}
		case *ast.ValueSpec:
			if len(n.Names) == len(n.Values) {
				for i := range n.Names {
					note(n.Names[i], n.Values[i])
				}
			}
		}
		return true
	})
}

func name(fn *types.Func) string {
	if recv := fn.Signature().Recv(); recv != nil {
		return dbapi.Name("(" + dbapi.TypeName(recv.Type()) + ")." + fn.Name()).Short()
	}
	return fn.Name()
}

// exportFacts marks the helpers that call Parallel, also those that do so
// through others of the package.
func (p *Package) exportFacts() {
	for changed := true; changed; {
		changed = false
		for fn, decl := range p.decls {
			if !testscope.TakesTB(fn.Signature()) || p.pass.ImportObjectFact(fn, new(parallelizes)) || !p.callsParallel(decl.Body) {
				continue
			}
			p.pass.ExportObjectFact(fn, new(parallelizes))
			changed = true
		}
	}
}

// collectParallel notes which bodies call Parallel, once the helpers that do are marked.
func (p *Package) collectParallel() {
	note := func(body *ast.BlockStmt) {
		if body != nil && p.callsParallel(body) {
			p.parallel[body] = true
		}
	}
	for _, file := range p.pass.Files {
		ast.Inspect(file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.FuncDecl:
				note(n.Body)
			case *ast.FuncLit:
				note(n.Body)
			}
			return true
		})
	}
}

// CallsParallel reports whether the body of a function or a literal, literals in it
// left out, calls Parallel on a running test.
func (p *Package) CallsParallel(body *ast.BlockStmt) bool { return p.parallel[body] }

func (p *Package) callsParallel(body *ast.BlockStmt) bool {
	found := false
	ast.Inspect(body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			return false
		case *ast.CallExpr:
			found = found || p.isParallel(n)
		}
		return !found
	})
	return found
}

func (p *Package) isParallel(call *ast.CallExpr) bool {
	fn := dbapi.Callee(p.pass.TypesInfo, call)
	if fn == nil {
		return false
	}
	if recv := fn.Signature().Recv(); recv != nil && fn.Name() == "Parallel" {
		return testscope.IsTB(recv.Type()) || fn.Pkg() != nil && fn.Pkg().Path() == "testing"
	}
	return testscope.TakesTB(fn.Signature()) && p.pass.ImportObjectFact(fn, new(parallelizes))
}
