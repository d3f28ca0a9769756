package lifecycle

import (
	"bytes"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"golang.org/x/tools/go/analysis"

	"github.com/poollint/poollint/internal/dbapi"
)

// TestBrokenCode runs the analysis on code with lines missing: drivers may hand
// over packages that do not type-check.
func TestBrokenCode(t *testing.T) {
	t.Parallel()
	names, err := filepath.Glob("../../analyzers/newpool/testdata/*/*.go")
	if err != nil || len(names) == 0 {
		t.Fatalf("no testdata: %v", err)
	}
	std := importer.Default()
	rng := rand.New(rand.NewPCG(1, 2))
	for _, name := range names {
		source, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for range 20 {
			analyse(t, std, filepath.Base(name), without(rng, source))
		}
	}
}

// without drops some lines.
func without(rng *rand.Rand, source []byte) []byte {
	lines := bytes.SplitAfter(source, []byte("\n"))
	for range 1 + rng.IntN(4) {
		i := rng.IntN(len(lines))
		lines = append(lines[:i:i], lines[i+1:]...)
	}
	return bytes.Join(lines, nil)
}

func analyse(t *testing.T, std types.Importer, name string, source []byte) {
	t.Helper()
	fset := token.NewFileSet()
	file, _ := parser.ParseFile(fset, name, source, parser.SkipObjectResolution)
	if file == nil {
		return
	}
	info := &types.Info{
		Types: map[ast.Expr]types.TypeAndValue{}, Defs: map[*ast.Ident]types.Object{}, Uses: map[*ast.Ident]types.Object{},
		Implicits: map[ast.Node]types.Object{}, Selections: map[*ast.SelectorExpr]*types.Selection{},
	}
	conf := types.Config{Importer: std, Error: func(error) {}}
	pkg, _ := conf.Check("example.com/p", fset, []*ast.File{file}, info)
	pass := &analysis.Pass{
		Fset: fset, Files: []*ast.File{file}, Pkg: pkg, TypesInfo: info,
		ImportObjectFact: func(types.Object, analysis.Fact) bool { return false },
	}
	defer func() {
		if p := recover(); p != nil {
			t.Errorf("%v in\n%s", p, source)
			panic(p)
		}
	}()
	g := newGraph(pass, dbapi.NewCatalogue(nil), map[string]bool{"database/sql": true})
	for _, n := range g.nodes {
		g.summary(n)
	}
	g.judge()
}
