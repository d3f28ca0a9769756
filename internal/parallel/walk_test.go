package parallel

import (
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"testing"

	"golang.org/x/tools/go/analysis"
)

func TestWalkEndsAtTheBound(t *testing.T) {
	t.Parallel()
	file, err := parser.ParseFile(token.NewFileSet(), "a_test.go", "package a\n\nfunc TestA() { print(1); print(2); print(3) }\n", 0)
	if err != nil {
		t.Fatal(err)
	}
	p := &Package{pass: &analysis.Pass{TypesInfo: &types.Info{Uses: map[*ast.Ident]types.Object{}}}}
	test := &Test{Decl: file.Decls[0].(*ast.FuncDecl)}
	visits := func(left int) (visited, rest int) {
		p.Walk(test, &left, func(ast.Node, Where) { visited++ })
		return visited, left
	}
	all, rest := visits(100)
	if all+rest != 100 || rest == 0 {
		t.Fatalf("of 100 nodes %d were visited and %d are left", all, rest)
	}
	if visited, rest := visits(all - 1); visited != all-1 || rest != 0 {
		t.Errorf("of %d nodes %d were visited and %d are left", all-1, visited, rest)
	}
}
