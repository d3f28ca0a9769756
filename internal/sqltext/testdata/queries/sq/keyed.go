package sq

import (
	"database/sql"

	"github.com/Masterminds/squirrel"
)

// finder names columns by what its callers say.
type finder struct{ b squirrel.SelectBuilder }

func from(table string) *finder { return &finder{squirrel.Select("id").From(table)} }

func (f *finder) is(column string, v any) *finder {
	f.b = f.b.Where(squirrel.Eq{column: v})
	return f
}

func (f *finder) run(db *sql.DB) { f.b.RunWith(db).Query() }

func chained(db *sql.DB, t string) {
	from("users").is("tenant_id", t).is("name", "a").run(db)
	// wrapper: SELECT id FROM users WHERE tenant_id = ? AND name = ?
}

func by(db *sql.DB, column string, v any) {
	squirrel.Select("id").From("users").Where(squirrel.Eq{column: v}).RunWith(db).Query()
	// builder: SELECT id FROM users WHERE id = ?
	// builder: SELECT id FROM users WHERE tenant_id = ?
}

func byStored(db *sql.DB, column string, v any) {
	eq := squirrel.Eq{"name": "a"}
	eq[column] = v
	squirrel.Select("id").From("users").Where(eq).RunWith(db).Query()
	// builder: SELECT id FROM users WHERE (name = ? AND tenant_id = ?)
}

func unknown(db *sql.DB, column func() string, v any) {
	squirrel.Select("id").From("users").Where(squirrel.Eq{column(): v}).RunWith(db).Query()
	// builder: SELECT id FROM users WHERE _ = ?
}

func named(db *sql.DB, t string) {
	by(db, "id", 1)
	by(db, "tenant_id", t)
	byStored(db, "tenant_id", t)
}
