package dbapi

import (
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"strings"
	"testing"

	"golang.org/x/tools/go/packages"
)

// TestQueryRows holds the rows to the libraries that the testdata of sqltext uses.
func TestQueryRows(t *testing.T) {
	t.Parallel()
	pkgs, err := packages.Load(&packages.Config{
		Dir:  "../sqltext/testdata/queries",
		Mode: packages.NeedName | packages.NeedTypes | packages.NeedImports | packages.NeedDeps | packages.NeedExportFile,
	}, "database/sql", "github.com/jackc/pgx/v5", "github.com/jackc/pgx/v5/pgconn", "github.com/jackc/pgx/v5/pgxpool",
		"github.com/jmoiron/sqlx", "gorm.io/gorm", "github.com/uptrace/bun", "github.com/doug-martin/goqu/v9")
	if err != nil {
		t.Fatal(err)
	}
	for _, pkg := range pkgs {
		if len(pkg.Errors) > 0 {
			t.Fatalf("%s: %v", pkg.PkgPath, pkg.Errors)
		}
		for _, row := range queryRows {
			if row.pkg != pkg.PkgPath {
				continue
			}
			owners := strings.Fields(row.types)
			if len(owners) == 0 {
				owners = []string{""}
			}
			for _, owner := range owners {
				for _, name := range strings.Fields(row.methods) {
					checkRow(t, pkg.Types, owner, name, row.sql, row.args, row.flags)
				}
			}
		}
	}
}

// checkRow holds a row to the function, where there is one: not every type of a
// row need have every method, and what it promotes belongs to another.
func checkRow(t *testing.T, pkg *types.Package, owner, name string, sql, args int, flags queryFlag) {
	t.Helper()
	var obj types.Object = pkg.Scope().Lookup(name)
	if owner != "" {
		typ := pkg.Scope().Lookup(owner)
		if typ == nil {
			t.Errorf("%s has no type %s", pkg.Path(), owner)
			return
		}
		obj, _, _ = types.LookupFieldOrMethod(typ.Type(), true, pkg, name)
	}
	fn, ok := obj.(*types.Func)
	if !ok {
		return
	}
	params := fn.Signature().Params()
	if params.Len() <= sql {
		t.Errorf("%s takes %d arguments, the row says that %d is SQL", NameOf(fn), params.Len(), sql)
		return
	}
	if typ := params.At(sql).Type(); !isString(typ) && !holdsAny(typ) && flags&copies == 0 {
		t.Errorf("argument %d of %s is %v", sql, NameOf(fn), typ)
	}
	if args != None && (params.Len() <= args || !holdsAny(params.At(args).Type())) {
		t.Errorf("argument %d of %s holds no values", args, NameOf(fn))
	}
}

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
