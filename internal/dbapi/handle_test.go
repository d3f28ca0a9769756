package dbapi

import (
	"go/types"
	"testing"
)

func TestHandles(t *testing.T) {
	t.Parallel()
	pkg := check(t, "example.com/p", `package p
import "database/sql"
type store struct{ db *sql.DB }
type suite struct{ store *store }
type deep struct{ suite suite }
type dbtx interface { ExecContext(); QueryRowContext() }
type half interface { Exec(); QueryRowContext() }
var (
	db *sql.DB
	tx sql.Tx
	stmt *sql.Stmt
	fixture store
	around *suite
	further deep
	runner dbtx
	other half
	number int
)`)
	for name, want := range map[string]struct{ handle, holds, prepared bool }{
		"db":      {handle: true, holds: true},
		"tx":      {handle: true, holds: true},
		"stmt":    {handle: true, holds: true, prepared: true},
		"fixture": {holds: true},
		"around":  {holds: true},
		"further": {}, // too deep
		"runner":  {holds: true},
		"other":   {},
		"number":  {},
	} {
		typ := pkg.Scope().Lookup(name).Type()
		if Handle(typ) != want.handle || Holds(typ) != want.holds || Prepared(typ) != want.prepared {
			t.Errorf("%s is not as %+v", name, want)
		}
	}
}

// What is said of a handle's methods, seen through what embeds it.
func TestMethods(t *testing.T) {
	t.Parallel()
	pkg := check(t, "example.com/p", `package p
import "database/sql"
type DB struct{ *sql.DB }
func (DB) Own() {}`)
	openers, queries := NewCatalogue([]string{"(*example.com/p.DB).Own"}), NewQueries([]string{"example.com/p.Unused"})
	for name, want := range map[string]struct{ kind, handle Kind }{
		"Begin": {kind: Tx}, "Conn": {kind: Acquired}, "PrepareContext": {kind: Stmt, handle: Pool}, "QueryContext": {handle: Pool}, "Own": {kind: Pool}, "Ping": {},
	} {
		obj, _, _ := types.LookupFieldOrMethod(pkg.Scope().Lookup("DB").Type(), true, pkg, name)
		fn := obj.(*types.Func)
		row, query := openers.Opener(fn), queries.Of(fn)
		if (row != nil) != (want.kind != 0) || row != nil && row.Kind != want.kind {
			t.Errorf("%s opens %+v, want a %s", name, row, want.kind)
		}
		if (query != nil) != (want.handle != 0) || query != nil && query.Handle != want.handle {
			t.Errorf("%s asks %+v, want a %s", name, query, want.handle)
		}
		if ReleaseOf(fn) != nil || Chains(fn) {
			t.Errorf("%s ends the handle's life, or returns another face of it", name)
		}
	}
	obj, _, _ := types.LookupFieldOrMethod(pkg.Scope().Lookup("DB").Type(), true, pkg, "Close")
	if r := ReleaseOf(obj.(*types.Func)); r == nil || r.Arg != Receiver || r.Name != "(database/sql.DB).Close" {
		t.Errorf("Close releases %+v", r)
	}
}

func TestDialectors(t *testing.T) {
	t.Parallel()
	const source = `package postgres
type Dialector struct{}
func (Dialector) DataTypeOf() {}
func (Dialector) BindVarTo() {}
func (Dialector) QuoteTo() {}
type Interface interface { DataTypeOf(); BindVarTo(); QuoteTo() }
type Config struct{ Interface }`
	for path, dials := range map[string]bool{"gorm.io/driver/postgres": true, "example.com/fake": false} {
		pkg := check(t, path, source)
		dialector := pkg.Scope().Lookup("Dialector").Type()
		if !IsDialector(dialector) || IsDialector(pkg.Scope().Lookup("Config").Type()) {
			t.Errorf("%s: a dialector has its methods", path)
		}
		if DialsServer(dialector) != dials {
			t.Errorf("%s: dials a server: %t", path, !dials)
		}
	}
}

func TestShort(t *testing.T) {
	t.Parallel()
	for name, want := range map[Name]string{
		"github.com/jackc/pgx/v5/pgxpool.New": "pgxpool.New", "github.com/go-pg/pg/v10.Connect": "pg.Connect",
		"(database/sql.DB).Begin": "DB.Begin", "github.com/redis/go-redis/v9.NewClient": "redis.NewClient", "gopkg.in/pg.v5.Connect": "pg.Connect",
	} {
		if got := name.Short(); got != want {
			t.Errorf("%s is written %s, want %s", name, got, want)
		}
	}
}

func TestPackage(t *testing.T) {
	t.Parallel()
	for name, want := range map[Name]string{
		"database/sql.Open": "database/sql", "(database/sql.DB).Query": "database/sql", "(example.com/a.b/c.T).M": "example.com/a.b/c",
		"(interface).ExecContext": "", "(error).Error": "",
	} {
		if got := name.Package(); got != want {
			t.Errorf("%s: %q", name, got)
		}
	}
}
