package dbapi

import (
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"testing"
)

func TestQueryShaped(t *testing.T) {
	t.Parallel()
	const source = `package p
type ctx interface{ Done() }
type DBTX interface {
	ExecContext(c ctx, query string, args ...interface{}) error
	QueryRow(query string, args ...any) error
	Get(dest any, query string, args ...any) error
	PrepareContext(c ctx, query string) error
	Prepare(c ctx, name, sql string) error
	NamedExec(query string, arg any) error
}
type other interface {
	Exec(cmd string, args ...string) error
	Query(id int, args ...any) error
	Select(names ...string) error
	Prepare(n int) error
	Run(query string, args ...any) error
}`
	want := map[string][2]int{
		"ExecContext": {1, 2}, "QueryRow": {0, 1}, "Get": {1, 2}, "PrepareContext": {1, None}, "Prepare": {2, None}, "NamedExec": {0, 1},
	}
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, "p.go", source, 0)
	if err != nil {
		t.Fatal(err)
	}
	pkg, err := (&types.Config{Importer: importer.Default()}).Check("p", fset, []*ast.File{file}, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"DBTX", "other"} {
		iface := pkg.Scope().Lookup(name).Type().Underlying().(*types.Interface)
		for m := range iface.Methods() {
			q := QueryShaped(m)
			if name == "other" {
				if q != nil {
					t.Errorf("%s looks like a query", m.Name())
				}
			} else if w := want[m.Name()]; q == nil || q.SQL != w[0] || q.Args != w[1] {
				t.Errorf("%s: got %+v, want %v", m.Name(), q, w)
			}
		}
	}
}

func TestConfiguredQueries(t *testing.T) {
	t.Parallel()
	q := NewQueries([]string{"(*example.com/db.Store).Run:2", "example.com/db.Exec"})
	for name, sql := range map[Name]int{"(example.com/db.Store).Run": 2, "example.com/db.Exec": 0} {
		if row := q.added[name]; row == nil || row.SQL != sql {
			t.Errorf("%s: %+v, want %d", name, row, sql)
		}
	}
}
