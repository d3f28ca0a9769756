package testscope

import (
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"testing"
)

const source = `package p

import (
	"sync"
	"testing"
)

func TestIt(t *testing.T)        {} // PerTest
func Test(t *testing.T)          {} // PerTest
func TestΩ(t *testing.T)         {} // PerTest
func Testify(t *testing.T)       {} // 0
func TestTwo(t *testing.T, n int) {} // 0
func TestB(b *testing.B)         {} // 0
func BenchmarkIt(b *testing.B)   {} // PerTest
func FuzzIt(f *testing.F)        {} // PerTest
func Example()                   {} // Documentation
func ExampleIt_suffix()          {} // Documentation
func Examples()                  {} // 0
func TestMain(m *testing.M)      {} // Once
func wrap(m *testing.M, n int)   {} // Once
func init()                      {} // Once
func helper(t testing.TB)        {} // 0

type S struct{}

func (S) TestIt(t *testing.T) {} // 0
func (S) SetupTest()          {} // 0

type TB interface {
	Helper()
	Fatalf(string, ...any)
}
type logger interface{ Logf(string, ...any) }
type closer interface {
	Cleanup(func())
	Close()
}

var (
	t    *testing.T
	tb   TB
	log  logger
	both closer
	anything any
	once sync.Once
)

func calls(t *testing.T, tb testing.TB, b *testing.B, f *testing.F) {
	t.Run("", nil)       // PerTest
	b.Run("", nil)       // PerTest
	f.Fuzz(nil)          // PerTest
	t.Cleanup(nil)       // After
	tb.Cleanup(nil)      // After
	both.Cleanup(nil)    // 0
	once.Do(nil)         // Once
	sync.OnceFunc(nil)   // Once
	t.Helper()           // 0
}
`

var whens = map[string]When{"0": 0, "Once": Once, "PerTest": PerTest, "Documentation": Documentation, "After": After}

func check(t *testing.T) (*ast.File, *token.FileSet, *types.Info, *types.Package) {
	t.Helper()
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, "p_test.go", source, parser.ParseComments)
	if err != nil {
		t.Fatal(err)
	}
	info := &types.Info{Defs: map[*ast.Ident]types.Object{}, Uses: map[*ast.Ident]types.Object{}}
	conf := types.Config{Importer: importer.ForCompiler(fset, "source", nil)}
	pkg, err := conf.Check("p", fset, []*ast.File{file}, info)
	if err != nil {
		t.Fatal(err)
	}
	return file, fset, info, pkg
}

func TestScopes(t *testing.T) {
	t.Parallel()
	file, fset, info, pkg := check(t)
	wants := map[int]When{} // by line
	for _, group := range file.Comments {
		wants[fset.Position(group.Pos()).Line] = whens[group.Text()[:len(group.Text())-1]]
	}
	ast.Inspect(file, func(n ast.Node) bool {
		line := 0
		if n != nil {
			line = fset.Position(n.Pos()).Line
		}
		want, ok := wants[line]
		switch n := n.(type) {
		case *ast.FuncDecl:
			if got := Func(info, n, true); ok && got != want {
				t.Errorf("line %d: Func(%s) = %b, want %b", line, n.Name.Name, got, want)
			}
			if got := Func(info, n, false); got&^Once != 0 {
				t.Errorf("Func(%s) = %b in a file that is no test file", n.Name.Name, got)
			}
		case *ast.CallExpr:
			sel := n.Fun.(*ast.SelectorExpr).Sel
			if got := Argument(info.Uses[sel].(*types.Func)); got != want {
				t.Errorf("line %d: Argument(%s) = %b, want %b", line, sel.Name, got, want)
			}
		}
		return true
	})
	for name, want := range map[string]bool{"t": true, "tb": true, "log": false, "both": false, "anything": false} {
		if got := IsTB(pkg.Scope().Lookup(name).Type()); got != want {
			t.Errorf("IsTB(%s) = %t, want %t", name, got, want)
		}
	}
	if !Supports(file) {
		t.Error("a file that imports testing supports no tests")
	}
}
