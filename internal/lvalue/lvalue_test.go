package lvalue

import (
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"testing"
)

func TestVarAndRoot(t *testing.T) {
	t.Parallel()
	const source = `package p
type db struct{ next *db; all []db }
func f() db
var d db
var (
	_ = d         // d d
	_ = &d        // d d
	_ = (d.next)  // next d
	_ = *d.next   // next d
	_ = d.all[0]  // - d
	_ = d.all[0].next.next // next d
	_ = f().next  // next -
	_ = -1        // - -
)`
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, "p.go", source, parser.ParseComments)
	if err != nil {
		t.Fatal(err)
	}
	info := &types.Info{Defs: map[*ast.Ident]types.Object{}, Uses: map[*ast.Ident]types.Object{}}
	config := types.Config{IgnoreFuncBodies: true, Error: func(error) {}}
	_, _ = config.Check("p", fset, []*ast.File{file}, info) // f has no body
	for _, d := range file.Decls {
		decl, ok := d.(*ast.GenDecl)
		if !ok {
			continue
		}
		for _, s := range decl.Specs {
			spec, ok := s.(*ast.ValueSpec)
			if !ok || spec.Comment == nil {
				continue
			}
			got := name(Var(info, spec.Values[0])) + " " + name(Root(info, spec.Values[0])) + "\n"
			if want := spec.Comment.Text(); got != want {
				t.Errorf("%s: got %q, want %q", fset.Position(spec.Pos()), got, want)
			}
		}
	}
}

func name(v *types.Var) string {
	if v == nil {
		return "-"
	}
	return v.Name()
}
