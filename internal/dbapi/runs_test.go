package dbapi

import (
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"strings"
	"testing"
)

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
		if got != byRoot()[test.want] {
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

func TestRunsBehind(t *testing.T) {
	t.Parallel()
	lib := check(t, "gorm.io/gorm", `package gorm
type DB struct{}
func (*DB) Find() {}
func (*DB) Save() {}
func (*DB) Where() {}`)
	own := check(t, "example.com/p", `package p
type store interface { Find(); Save() }
type narrow interface { Find(); Where() }
type wide interface { Find(); Save(); Other() }`)
	for name, want := range map[string]bool{"store": true, "narrow": false, "wide": false} {
		find, _, _ := types.LookupFieldOrMethod(own.Scope().Lookup(name).Type(), true, own, "Find")
		if LibraryOf(lib).RunsBehind(find.(*types.Func), lib) != want {
			t.Errorf("Find of %s runs a query: %t", name, !want)
		}
	}
}
