package schema_test

import (
	"strings"
	"testing"
)

// Where a module has no other DDL, that in the texts of its code counts, a database for each
// directory.
func TestStoreCode(t *testing.T) {
	t.Parallel()
	const lists = `
-- a/postgres/init.go --
package postgres

func Migrations() []Migration {
	return []Migration{
		{ID: "1", Up: []string{"CREATE TABLE items (id text PRIMARY KEY, tenant_id text)", "ALTER TABLE items RENAME TO things"}, Down: []string{"DROP TABLE things"}},
	}
}
-- b/database.go --
package b

var files = map[string]string{
	"001_initial.up.sql":   "CREATE TABLE items (id text PRIMARY KEY)",
	"001_initial.down.sql": "DROP TABLE items",
	"002_more.up.sql":      "ALTER TABLE items ADD COLUMN tenant_id text",
	"002_more.down.sql":    "ALTER TABLE items DROP COLUMN tenant_id",
}
`
	for name, c := range map[string]struct{ archive, want string }{
		"lists and maps": {lists, "a/postgres: things(id,tenant_id); b: items(id,tenant_id)"},
		"other DDL": {lists + `
-- migrations/1.sql --
CREATE TABLE orders (id int);
`, "migrations: orders(id)"},
		"migrations by server": {`
-- migrations/1.sql --
CREATE TABLE orders (id int);
-- internal/migration/postgres/2_items.go --
package migrations

func up() string { return "CREATE TABLE items (id text PRIMARY KEY, tenant_id text)" }
func down() string { return "DROP TABLE items" }
-- internal/migration/postgres/deeper/still/3_more.go --
package still

const ddl = "CREATE TABLE more (id text)"
`, "internal/migration/postgres: items(id,tenant_id); migrations: orders(id)"},
		"tests and queries": {`
-- store/store_test.go --
package store

const ddl = "CREATE TABLE items (id text)"
-- store/query.go --
package store

const query = "ALTER TABLE items ADD COLUMN a text"
-- api/server.go --
package api

const help = "CREATE TABLE items (id text)"
`, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var got []string
			for _, d := range load(t, c.archive, tenant()).Databases {
				got = append(got, d.Dir+": "+columns(d))
			}
			if s := strings.Join(got, "; "); s != c.want {
				t.Errorf("tables are %q, not %q", s, c.want)
			}
		})
	}
}
