package dbapi

import (
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/go/packages"
)

// TestRunRows holds the rows to the libraries that the testdata of sqltext uses:
// some type of a row has each of its methods.
func TestRunRows(t *testing.T) {
	t.Parallel()
	paths := []string{"gorm.io/gorm", "github.com/uptrace/bun", "github.com/doug-martin/goqu", "github.com/Masterminds/squirrel", "github.com/jmoiron/sqlx"}
	pkgs, err := packages.Load(&packages.Config{
		Dir:  "../sqltext/testdata/queries",
		Mode: packages.NeedName | packages.NeedTypes | packages.NeedImports | packages.NeedDeps | packages.NeedExportFile,
	}, "gorm.io/gorm", "github.com/uptrace/bun", "github.com/doug-martin/goqu/v9", "github.com/doug-martin/goqu/v9/exec", "github.com/Masterminds/squirrel", "github.com/jmoiron/sqlx")
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range runRows {
		if !slices.Contains(paths, row.path) {
			continue
		}
		for name := range strings.FieldsSeq(row.methods) {
			if !slices.ContainsFunc(pkgs, func(p *packages.Package) bool {
				return LibraryOf(p.Types) == libraries[row.path] && has(p.Types, row.types, name)
			}) {
				t.Errorf("no type of %s (%s) has %s", row.path, row.types, name)
			}
		}
	}
}

// has reports whether one of the types, or the package itself, has the function.
func has(pkg *types.Package, owners, name string) bool {
	if owners == "" {
		return pkg.Scope().Lookup(name) != nil
	}
	return slices.ContainsFunc(strings.Fields(owners), func(owner string) bool { return hasMethods(pkg, owner, name) })
}

func TestLibraryOf(t *testing.T) {
	t.Parallel()
	const fork = `package gorm
type DB struct{}
func (db *DB) Where(query any, args ...any) *DB { return db }
func (db *DB) Find(out any) *DB { return db }
func (db *DB) Raw(text string) *DB { return db }
func (db *DB) Begin() *DB { return db }
type Config struct{}
func (Config) Find() {}`
	for _, test := range []struct{ path, source, want string }{
		{"github.com/go-jet/jet/v2/internal/jet", "package jet", "github.com/go-jet/jet"},
		{"gopkg.in/reform.v1", "package reform", "gopkg.in/reform"},
		{"github.com/gogf/gf/v2/database/gdb", "package gdb", "github.com/gogf/gf/database/gdb"},
		{"github.com/hashicorp/go-dbw", "package dbw", "github.com/hashicorp/go-dbw"},
		{"github.com/gobuffalo/popular", "package pop", ""},
		{"example.com/mirror/gorm", fork, "gorm.io/gorm"},
		{"example.com/mirror/gorm", "package gorm\ntype DB struct{}", ""},
		{"example.com/mirror/xorm", `package xorm
type Session struct{}
func (*Session) FindAndCount(any) (int64, error) { return 0, nil }
func (*Session) Iterate(any, func(int, any) error) error { return nil }
func (*Session) Where(any) *Session { return nil }
func (*Session) Sync2(...any) error { return nil }`, "xorm.io/xorm"}, // Sync in other versions
		{"example.com/renamed", "package renamed\ntype DbMap struct{}\nfunc (*DbMap) AddTable(any) {}\nfunc (*DbMap) SelectOne(any, string) {}", "github.com/go-gorp/gorp"},
	} {
		pkg := check(t, test.path, test.source)
		got := LibraryOf(pkg)
		if got != libraries[test.want] {
			t.Errorf("%s is not known as %q", test.path, test.want)
		}
		if test.source != fork {
			continue
		}
		for name, want := range map[string]bool{"DB.Find": true, "DB.Where": false, "DB.Begin": false, "Config.Find": false} {
			owner, method, _ := strings.Cut(name, ".")
			m, _, _ := types.LookupFieldOrMethod(pkg.Scope().Lookup(owner).Type(), true, pkg, method)
			if got.Runs(m.(*types.Func)) != want {
				t.Errorf("%s: got %v", name, !want)
			}
		}
	}
}

func check(t *testing.T, path, source string) *types.Package {
	t.Helper()
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, "p.go", source, 0)
	if err != nil {
		t.Fatal(err)
	}
	pkg, err := (&types.Config{Importer: importer.Default()}).Check(path, fset, []*ast.File{file}, nil)
	if err != nil {
		t.Fatal(err)
	}
	return pkg
}

// A mark tells a library that has rows.
func TestMarks(t *testing.T) {
	t.Parallel()
	for _, m := range marks {
		if libraries[m.path] == nil {
			t.Errorf("%s has no rows", m.path)
		}
	}
}
