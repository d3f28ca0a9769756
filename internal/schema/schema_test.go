package schema_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/poollint/poollint/internal/config"
	"github.com/poollint/poollint/internal/schema"
	"github.com/poollint/poollint/internal/sqlast"
)

// write puts the files of an archive into a new module.
func write(t *testing.T, archive string) *config.Files {
	t.Helper()
	root := t.TempDir()
	for _, f := range txtar.Parse([]byte(archive)).Files {
		name := filepath.Join(root, filepath.FromSlash(f.Name))
		if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, f.Data, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	return config.NewFiles(root)
}

func load(t *testing.T, archive string, c config.Tenant) *schema.Set {
	t.Helper()
	set, err := schema.Load(write(t, archive), c)
	if err != nil {
		t.Fatal(err)
	}
	return set
}

func tenant() config.Tenant { return config.Default().Tenant }

// columns writes the tables down: "a(id,tenant_id) b(id)".
func columns(d *schema.Database) string {
	var tables []string
	for _, t := range d.Tables {
		names := make([]string, len(t.Columns))
		for i, c := range t.Columns {
			names[i] = c.Name
		}
		name := t.Name
		if t.Schema != "" {
			name = t.Schema + "." + name
		}
		tables = append(tables, name+"("+strings.Join(names, ",")+")")
	}
	return strings.Join(tables, " ")
}

// roles writes the roles down: "a scoped tenant_id; b global".
func roles(d *schema.Database) string {
	var all []string
	for _, t := range d.Tables {
		all = append(all, strings.TrimSpace(fmt.Sprintf("%s %s %s%s", t.Name, t.Role, strings.Join(t.TenantColumns, ","), t.Parent)))
	}
	return strings.Join(all, "; ")
}

func TestTools(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ name, archive, want string }{
		{"prefix of a template", `
-- db/1.up.sql --
{{- /* the prefix is empty, or ends in _ */ -}}
CREATE TABLE IF NOT EXISTS {{.prefix}}boards (
	id VARCHAR(36),
	{{if .postgres}}created_at TIMESTAMPTZ,{{end}}
	{{if .mysql}}created_at DATETIME(6),{{end}}
	{{if .mysql}}` + "`schema`" + `{{else}}schema{{end}} BIGINT,
	tenant_id {{ $.id }} NOT NULL
) {{if .mysql}}DEFAULT CHARACTER SET utf8mb4{{end}};
CREATE INDEX IF NOT EXISTS by_tenant ON {{.prefix}}boards (tenant_id);
-- db/2.up.sql --
ALTER TABLE {{.prefix}}boards ADD COLUMN title TEXT;
CREATE TABLE {{.schema}}.cards (id int, board_id text);
`, "boards(id,created_at,schema,tenant_id,title) cards(id,board_id)"},
		{"branches of a template", `
-- db/1.up.sql --
{{if eq .Dialect "mysql"}}
CREATE TABLE a (id int, tenant_id int);
{{else if eq .Dialect "sqlite"}}
CREATE TABLE b (id int);
{{else}}
CREATE TABLE c (id int);
{{end}}
CREATE TABLE d (id int);
{{end}}
`, "a(id,tenant_id) d(id)"},
		{"helpers of a template", `
-- db/1.up.sql --
CREATE TABLE blocks (id int, workspace_id int, note text);
CREATE TABLE users (id int);
-- db/2.up.sql --
{{ renameColumnIfNeeded "blocks" "workspace_id" "team_id" "varchar(36)" }}
{{ addColumnIfNeeded "blocks" "board_id" "varchar(36)" "" }}
{{ dropColumnIfNeeded "blocks" "note" }}
{{ renameTableIfNeeded "users" "members" }}
{{ createIndexIfNeeded "blocks" "board_id" }}
`, "blocks(id,team_id,board_id) members(id)"},
		{"names of templates and of other files", `
-- a/1.sql.tmpl --
CREATE TABLE a (id int);
-- a/1.down.sql.tmpl --
DROP TABLE a;
-- a/2.DDL --
CREATE TABLE b (id int);
-- a/3.pgsql --
CREATE TABLE c (id int);
-- a/queries.sql.go --
package a
-- a/4.sql.bak --
CREATE TABLE e (id int);
`, "a(id) b(id) c(id)"},
		{"golang-migrate", `
-- db/9_b.up.sql --
ALTER TABLE a ADD COLUMN tenant_id uuid;
-- db/9_b.down.sql --
ALTER TABLE a DROP COLUMN tenant_id;
-- db/10_c.up.sql --
ALTER TABLE a RENAME COLUMN tenant_id TO org_id;
-- db/1_a.up.sql --
CREATE TABLE a (id int);
-- db/1_a.down.sql --
DROP TABLE a;
`, "a(id,org_id)"},
		{"goose", `
-- migrations/20200101_a.sql --
-- +goose Up
CREATE TABLE a (id int, tenant_id int);
-- +goose StatementBegin
CREATE FUNCTION f() RETURNS trigger AS $$ BEGIN DROP TABLE a; END $$ LANGUAGE plpgsql;
-- +goose StatementEnd
-- +goose Down
DROP TABLE a;
`, "a(id,tenant_id)"},
		{"goose in Go", `
-- migrations/0001_init.sql --
-- +goose Up
CREATE TABLE a (id int);
-- migrations/0002_tenant.go --
package migrations

func init() { goose.AddMigrationContext(upTenant, downTenant) }

func upTenant(ctx context.Context, tx *sql.Tx) error {
	_, err := tx.ExecContext(ctx, ` + "`ALTER TABLE a ADD COLUMN tenant_id uuid`" + `)
	return err
}

func downTenant(ctx context.Context, tx *sql.Tx) error {
	_, err := tx.ExecContext(ctx, "ALTER TABLE a DROP COLUMN tenant_id")
	return err
}
`, "a(id,tenant_id)"},
		{"in fields of Go", `
-- migrations/all.go --
package migrations

var all = []Migration{
	{ID: "1", Up: "CREATE TABLE a (id int)", Down: "DROP TABLE a"},
	{ID: "2", Up: "ALTER TABLE a ADD COLUMN tenant_id int", Rollback: "ALTER TABLE a DROP COLUMN tenant_id"},
}

var more = map[string]string{"3": "ALTER TABLE a ADD COLUMN name text"}
`, "a(id,tenant_id,name)"},
		{"a directory named like a file", `
-- db.sql/1.sql --
CREATE TABLE a (id int);
`, "a(id)"},
		{"sql-migrate", `
-- m/1.sql --
-- +migrate Up
CREATE TABLE a (id int);
-- +migrate Down
DROP TABLE a;
`, "a(id)"},
		{"dbmate", `
-- db/migrations/1.sql --
-- migrate:up
CREATE TABLE a (id int);
-- migrate:down
DROP TABLE a;
`, "a(id)"},
		{"tern", `
-- m/001_a.sql --
CREATE TABLE a (id int);
---- create above / drop below ----
DROP TABLE a;
`, "a(id)"},
		{"a directory each", `
-- m/01_a/up.sql --
CREATE TABLE a (id int);
-- m/01_a/down.sql --
DROP TABLE a;
-- m/02_b/up.sql --
CREATE TABLE b (id int);
-- m/02_b/down.sql --
DROP TABLE b;
`, "a(id) b(id)"},
		{"a directory each, by Prisma", `
-- m/20240101_a/migration.sql --
CREATE TABLE "A" (id int);
-- m/20240201_b/migration.sql --
ALTER TABLE "A" ADD COLUMN "tenantId" text;
`, "A(id,tenantId)"},
		{"flyway", `
-- m/V2__b.sql --
ALTER TABLE a ADD b int;
-- m/V10__c.sql --
ALTER TABLE a ADD c int;
-- m/V1__a.sql --
CREATE TABLE a (id int);
-- m/U1__a.sql --
DROP TABLE a;
`, "a(id,b,c)"},
		{"sqlc", `
-- sqlc.yaml --
version: "2"
sql:
  - engine: postgresql
    schema: ["db/b.sql", "db/a.sql"]
    queries: db/queries
    gen: {go: {out: internal/db}}
-- db/a.sql --
ALTER TABLE a ADD COLUMN tenant_id int;
-- db/b.sql --
CREATE TABLE a (id int);
-- db/queries/a.sql --
-- name: Get :one
SELECT * FROM a;
`, "a(id,tenant_id)"},
		{"sqlc version 1 in JSON", `
-- sqlc.json --
{"version": "1", "packages": [{"path": "db", "engine": "mysql", "schema": "schema/"}]}
-- schema/1.sql --
CREATE TABLE a (id int, KEY (id)) ENGINE=InnoDB;
`, "a(id)"},
		{"seeds and tests left out", `
-- schema.sql --
CREATE TABLE a (id int);
-- db/seeds/x.sql --
CREATE TABLE seed (id int);
-- testdata/x.sql --
CREATE TABLE test (id int);
-- vendor/x/x.sql --
CREATE TABLE vendored (id int);
-- other/go.mod --
module other
-- other/x.sql --
CREATE TABLE other (id int);
`, "a(id)"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			set := load(t, test.archive, tenant())
			if len(set.Databases) != 1 {
				t.Fatalf("%d databases", len(set.Databases))
			}
			if got := columns(set.Databases[0]); got != test.want {
				t.Errorf("got %s, want %s", got, test.want)
			}
		})
	}
}

func TestStatements(t *testing.T) {
	t.Parallel()
	const a = "CREATE TABLE a (id int PRIMARY KEY, tenant_id int);"
	for _, test := range []struct{ name, ddl, want string }{
		{"drop column", a + "ALTER TABLE a DROP COLUMN tenant_id", "a(id)"},
		{"rename column", a + "ALTER TABLE a RENAME COLUMN tenant_id TO org_id", "a(id,org_id)"},
		{"rename table", a + "ALTER TABLE a RENAME TO b; ALTER TABLE b ADD c int", "b(id,tenant_id,c)"},
		{"several actions over lines", a + "ALTER TABLE ONLY a\n  ADD COLUMN x int,\n  ADD COLUMN IF NOT EXISTS\n    y text NOT NULL DEFAULT 'a,b'", "a(id,tenant_id,x,y)"},
		{"drop table", a + "DROP TABLE IF EXISTS a CASCADE", ""},
		{"create anew", a + "DROP TABLE a; CREATE TABLE a (id int)", "a(id)"},
		{"if not exists", a + "CREATE TABLE IF NOT EXISTS a (other int)", "a(id,tenant_id)"},
		{"temporary", "CREATE TEMP TABLE a (id int)", ""},
		{"partition", a + "CREATE TABLE a_1 PARTITION OF a FOR VALUES IN (1)", "a(id,tenant_id) a_1(id,tenant_id)"},
		{"like", a + "CREATE TABLE b (LIKE a INCLUDING ALL, c int)", "a(id,tenant_id) b(id,tenant_id,c)"},
		{"inherits", a + "CREATE TABLE b (c int) INHERITS (a)", "a(id,tenant_id) b(id,tenant_id,c)"},
		{"as query", a + "CREATE TABLE b AS SELECT x.*, 1 AS one FROM a x", "a(id,tenant_id) b(id,tenant_id,one)"},
		{"as query under names of its own", a + "CREATE TABLE b (x, y) AS SELECT id, tenant_id FROM a; ALTER TABLE b ADD COLUMN id int; ALTER TABLE b DROP COLUMN y", "a(id,tenant_id) b(x,id)"},
		{"view", a + "CREATE VIEW v AS SELECT id AS k, tenant_id FROM a", "a(id,tenant_id) v(k,tenant_id)"},
		{"materialized view", a + "CREATE MATERIALIZED VIEW v (x, y) AS SELECT id, tenant_id FROM a", "a(id,tenant_id) v(x,y)"},
		{"view of a union", a + "CREATE VIEW v AS SELECT id, tenant_id FROM a UNION SELECT id, tenant_id FROM a UNION SELECT 1, 2", "a(id,tenant_id) v(id,tenant_id)"},
		{"schemas", "CREATE TABLE x.a (id int); CREATE TABLE y.a (tenant_id int); ALTER TABLE y.a ADD b int", "x.a(id) y.a(tenant_id,b)"},
		{"public is no schema", "CREATE TABLE public.a (id int); ALTER TABLE a ADD b int", "a(id,b)"},
		{"set schema", a + "ALTER TABLE a SET SCHEMA s", "s.a(id,tenant_id)"},
		{"drop schema", a + "CREATE TABLE s.b (id int); DROP SCHEMA s CASCADE", "a(id,tenant_id)"},
		{"quoted", `CREATE TABLE "WorkItem" ("id" int, "tenantId" int)`, "WorkItem(id,tenantId)"},
		{"DO block", a + "DO $$ BEGIN IF NOT EXISTS (SELECT 1) THEN ALTER TABLE a ADD COLUMN b int; END IF; END $$;", "a(id,tenant_id,b)"},
		{"unknown table", "ALTER TABLE nowhere ADD b int", ""},
		{"broken text", "CREATE TABLE a (id int); CREATE TABEL b; CREATE TABLE c (id int);", "a(id) c(id)"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if got := columns(schema.Parse(test.ddl, sqlast.Postgres, tenant())); got != test.want {
				t.Errorf("got %s, want %s", got, test.want)
			}
		})
	}
}

func TestRoles(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, ddl string
		config    config.Tenant
		want      string
	}{
		{"default", `
CREATE TABLE tenants (id int PRIMARY KEY);
CREATE TABLE a (id int PRIMARY KEY, tenant_id int);
CREATE TABLE b (id int, a_id int NOT NULL REFERENCES a(id));
CREATE TABLE c (id int, b_id int NOT NULL);
CREATE TABLE d (id int, a_id int REFERENCES a(id));
CREATE TABLE e (id int);`, tenant(), "tenants root; a scoped tenant_id; b owned a; c owned b; d global; e global"},
		{"spelling", `CREATE TABLE "A" (id int, "tenantId" int); CREATE TABLE b (tenant_id int)`, tenant(), "A scoped tenantId; b scoped tenant_id"},
		{"found by frequency", `
CREATE TABLE orgs (id int PRIMARY KEY);
CREATE TABLE a (org_id int REFERENCES orgs(id));
CREATE TABLE b (org_id int REFERENCES orgs(id));
CREATE TABLE c (org_id int, project_id int);`, tenant(), "orgs root; a scoped org_id; b scoped org_id; c scoped org_id"},
		{"too few", `CREATE TABLE a (org_id int); CREATE TABLE b (id int)`, tenant(), "a global; b global"},
		{"the tenants, by their column", `CREATE TABLE tenants (tenant_id int PRIMARY KEY, name text); CREATE TABLE a (id int, tenant_id int REFERENCES tenants (tenant_id)); CREATE TABLE b (tenant_id int PRIMARY KEY REFERENCES tenants (tenant_id))`, tenant(), "tenants root; a scoped tenant_id; b scoped tenant_id"},
		{"one and its tenants", `CREATE TABLE a (org_id int); CREATE TABLE organizations (id int)`, tenant(), "a scoped org_id; organizations root"},
		{"customers are no tenants", `
CREATE TABLE customers (id int PRIMARY KEY);
CREATE TABLE a (customer_id int REFERENCES customers(id));
CREATE TABLE b (customer_id int REFERENCES customers(id));
CREATE TABLE c (customer_id int REFERENCES customers(id));`, tenant(), "customers global; a global; b global; c global"},
		{"torn", `
CREATE TABLE a (org_id int, project_id int);
CREATE TABLE b (org_id int, project_id int);
CREATE TABLE c (org_id int, project_id int);`, tenant(), "a global; b global; c global"},
		{"one within the other", `
CREATE TABLE orgs (id int PRIMARY KEY);
CREATE TABLE clusters (id int PRIMARY KEY, org_id int NOT NULL REFERENCES orgs(id));
CREATE TABLE projects (id int PRIMARY KEY, cluster_id int NOT NULL REFERENCES clusters(id));
CREATE TABLE a (project_id int NOT NULL REFERENCES projects(id));
CREATE TABLE b (project_id int REFERENCES projects(id));
CREATE TABLE c (org_id int REFERENCES orgs(id), project_id int REFERENCES projects(id));`, tenant(),
			"orgs root; clusters scoped org_id; projects root; a scoped project_id; b global; c scoped org_id,project_id"},
		{"a schema put in at run time", "CREATE TABLE \x00.a (tenant_id int, \x00 int); CREATE TABLE {{schema}}.b (id int); ALTER TABLE {{schema}}.b ADD tenant_id int", tenant(), "a scoped tenant_id; b scoped tenant_id"},
		{"configured column", `CREATE TABLE a (shop int); CREATE TABLE b (tenant_id int)`, config.Tenant{Column: "shop"}, "a scoped shop; b global"},
		{"configured by table", `CREATE TABLE a (org_id int, project_id int); CREATE TABLE b (tenant_id int); CREATE TABLE c (tenant_id int)`,
			config.Tenant{Column: "tenant_id", Columns: map[string][]string{"a": {"project_id", "org_id"}, "c": {}}}, "a scoped project_id,org_id; b scoped tenant_id; c global"},
		{"shared", `CREATE TABLE a (tenant_id int); CREATE TABLE b (tenant_id int)`, config.Tenant{Column: "tenant_id", SharedTables: []string{"b"}}, "a scoped tenant_id; b shared"},
		{"configured root", `CREATE TABLE customers (id int); CREATE TABLE a (tenant_id int)`, config.Tenant{Column: "tenant_id", Root: []string{"customers"}}, "customers root; a scoped tenant_id"},
		{"no tenants at all", `CREATE TABLE a (id int)`, tenant(), "a global"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if got := roles(schema.Parse(test.ddl, sqlast.Postgres, test.config)); got != test.want {
				t.Errorf("got %s, want %s", got, test.want)
			}
		})
	}
}

func TestKeysAndRLS(t *testing.T) {
	t.Parallel()
	d := schema.Parse(`
CREATE TABLE a (id int PRIMARY KEY, tenant_id int NOT NULL DEFAULT current_setting('app.tenant')::int, slug text UNIQUE, UNIQUE (tenant_id, slug));
CREATE UNIQUE INDEX a_lower ON a (tenant_id, id);
CREATE UNIQUE INDEX a_part ON a (slug) WHERE tenant_id <> '';
CREATE TABLE b (a_id int, n int DEFAULT 1, PRIMARY KEY (a_id, n), CONSTRAINT b_a FOREIGN KEY (a_id) REFERENCES a (id));
ALTER TABLE b RENAME COLUMN a_id TO parent_id;
ALTER TABLE a ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY p ON a USING (tenant_id = current_setting('app.tenant')::int);
CREATE POLICY q ON a FOR SELECT USING (true);
DROP POLICY q ON a;
`, sqlast.Postgres, tenant())
	a, b := d.Lookup("", "a"), d.Lookup("public", "B")
	fk := b.ForeignKeys[0]
	got := fmt.Sprint(a.PrimaryKey, a.Unique, a.Column("tenant_id").NotNull, a.Column("TENANT_ID").Default, a.RLS, b.PrimaryKey, fk.Name, fk.Columns, fk.RefSchema, fk.RefTable, fk.RefColumns, b.Column("n").Default)
	want := "[id] [{a_slug_key [slug]} {a_tenant_id_slug_key [tenant_id slug]} {a_lower [tenant_id id]}] true 2 " +
		"{true true [{p all [tenant_id] [app.tenant] false}]} [parent_id n]b_a[parent_id]a[id] 1"
	if got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if d.Lookup("information_schema", "a") != nil || d.Lookup("", "nowhere") != nil {
		t.Error("found a table that is not there")
	}
}

func TestSkipped(t *testing.T) {
	t.Parallel()
	set := load(t, `
-- m/1.sql --
CREATE TABLE a (tenant_id int);

DO $$ DECLARE t text; BEGIN
  FOR t IN SELECT 'a' LOOP EXECUTE format('ALTER TABLE %I ADD COLUMN x int', t); END LOOP;
END $$;
`, tenant())
	got := fmt.Sprint(set.Databases[0].Skipped)
	if want := "[{m/1.sql 3 a DO block makes statements from strings}]"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// What is beyond a bound is left out, and said to be.
func TestBounds(t *testing.T) {
	t.Parallel()
	many := func(n int, format string) string {
		parts := make([]string, n)
		for i := range parts {
			parts[i] = fmt.Sprintf(format, i)
		}
		return strings.Join(parts, ", ")
	}
	for _, test := range []struct{ ddl, want string }{
		{"CREATE TABLE a (" + many(4096, "c%d int") + ")", ""},
		{"CREATE TABLE a (" + many(4097, "c%d int") + ")", "more than 4096 columns: the rest is left out"},
		{"CREATE TABLE a (id int, UNIQUE (" + many(64, "c%d") + "))", ""},
		{"CREATE TABLE a (id int, UNIQUE (" + many(65, "c%d") + "))", "a key of more than 64 columns is left out"},
		{"CREATE TABLE a (id int, " + many(1024, "UNIQUE (c%d)") + ")", ""},
		{"CREATE TABLE a (id int, " + many(1025, "UNIQUE (c%d)") + ")", "more than 1024 unique keys: the rest is left out"},
		{"CREATE TABLE a (id int, " + many(1024, "FOREIGN KEY (c%d) REFERENCES b") + ")", ""},
		{"CREATE TABLE a (id int, " + many(1025, "FOREIGN KEY (c%d) REFERENCES b") + ")", "more than 1024 foreign keys: the rest is left out"},
	} {
		var got []string
		for _, s := range schema.Parse(test.ddl, sqlast.Postgres, tenant()).Skipped {
			got = append(got, s.Why)
		}
		if strings.Join(got, "; ") != test.want {
			t.Errorf("%.60s…: skipped %q, want %q", test.ddl, got, test.want)
		}
	}
}

// What nothing closes takes in all behind it, and the file is said to end there.
func TestNotClosed(t *testing.T) {
	t.Parallel()
	for begun, want := range map[string]string{
		"SELECT 'it":               "string is not closed",
		"DO $$ BEGIN":              "string is not closed",
		"/* first":                 "comment is not closed",
		`ALTER TABLE "a ADD c int`: "quoted name is not closed",
		"SELECT 'it'":              "",
		"/* first */":              "",
		"DO $x$ BEGIN END $x$":     "",
	} {
		var got []string
		for _, s := range schema.Parse("CREATE TABLE a (tenant_id int);\n"+begun+"\n;CREATE TABLE b (tenant_id int);", sqlast.Postgres, tenant()).Skipped {
			got = append(got, fmt.Sprint(s.Line, " ", s.Why))
		}
		if want != "" {
			want = "2 " + want + ": what is behind it is not read"
		}
		if strings.Join(got, "; ") != want {
			t.Errorf("%s: skipped %q, want %q", begun, got, want)
		}
	}
}

// A file of another encoding than UTF-8 says no statement.
func TestNULs(t *testing.T) {
	t.Parallel()
	utf16 := "\xff\xfe" + strings.ReplaceAll("CREATE TABLE b (tenant_id int);\n", "", "\x00")[1:]
	files := write(t, "-- m/1.sql --\nCREATE TABLE a (tenant_id int);\n-- m/2.sql --\n"+utf16+"\n-- m/3.sql --\nCREATE TABLE c (tenant_id int);\n\x00\n")
	set, err := schema.Load(files, tenant())
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, s := range set.Databases[0].Skipped {
		got = append(got, fmt.Sprintf("%s:%d: %s", s.Path, s.Line, s.Why))
	}
	const why = ": a NUL byte, as UTF-16 has them: save the file as UTF-8"
	if want := []string{"m/2.sql:1" + why, "m/3.sql:2" + why}; !slices.Equal(got, want) {
		t.Errorf("skipped %q, want %q", got, want)
	}
	if got := columns(set.Databases[0]); !strings.Contains(got, "a(tenant_id)") || !strings.Contains(got, "c(tenant_id)") {
		t.Errorf("read %s", got)
	}
}

// TestUnreadable has a file that is a link out of the module.
func TestUnreadable(t *testing.T) {
	t.Parallel()
	files := write(t, "-- m/1.sql --\nCREATE TABLE a (tenant_id int);\n")
	if err := os.Symlink(filepath.Join(t.TempDir(), "x"), filepath.Join(files.Root(), "m", "2.sql")); err != nil {
		t.Skip(err)
	}
	set, err := schema.Load(files, tenant())
	if err != nil {
		t.Fatal(err)
	}
	if d := set.Databases[0]; columns(d) != "a(tenant_id)" || len(d.Skipped) != 1 || d.Skipped[0].Path != "m/2.sql" {
		t.Errorf("tables %s, skipped %v", columns(d), d.Skipped)
	}
}

func TestDatabases(t *testing.T) {
	t.Parallel()
	set := load(t, `
-- sqlc.yaml --
version: "2"
sql:
  - {engine: postgresql, schema: shared/schema.sql, gen: {go: {out: gen/shared}}}
-- more/sqlc.yaml --
version: "2"
sql:
  - {engine: postgresql, schema: ../shared/schema.sql, gen: {go: {out: gen}}}
-- shared/schema.sql --
CREATE TABLE events (id int, tenant_id int); CREATE TABLE only_shared (tenant_id int);
-- billing/migrations/1.sql --
CREATE TABLE events (id int); CREATE TABLE invoices (id int, tenant_id int);
-- orders/migrations/1.sql --
CREATE TABLE events (id int, tenant_id int); CREATE TABLE orders (id int, tenant_id int); CREATE TABLE x (id int);
`, tenant())
	if n := len(set.Databases); n != 3 {
		t.Errorf("%d databases, want 3: sqlc may read one schema for two configurations", n)
	}
	for _, test := range []struct{ dir, table, want string }{
		{"billing/store", "events", "billing/migrations"},
		{"billing/store", "invoices", "billing/migrations"},
		{"billing/store", "orders", "orders/migrations"},
		{"orders", "events", "orders/migrations"},
		{"gen/shared", "events", "shared"},
		{"more/gen", "events", "shared"},
		{".", "only_shared", "shared"},
	} {
		d := set.For(test.dir)
		table := d.Lookup("", test.table)
		if table == nil {
			t.Errorf("%s: no table %s", test.dir, test.table)
			continue
		}
		if got := filepath.ToSlash(filepath.Dir(table.Path)); got != test.want {
			t.Errorf("%s: %s is from %s, want %s", test.dir, test.table, got, test.want)
		}
	}
	all := set.For(".")
	var names []string
	for _, table := range all.All() {
		names = append(names, filepath.ToSlash(filepath.Dir(table.Path))+" "+table.Name)
	}
	const tables = "orders/migrations events; orders/migrations orders; orders/migrations x; billing/migrations invoices; shared only_shared"
	if got := strings.Join(names, "; "); got != tables {
		t.Errorf("tables %s, want %s", got, tables)
	}
	if near := all.Near(); len(near) != 1 || near[0].Column != "tenant_id" || near[0].Why != "4 tables have it" {
		t.Errorf("near columns %v", near)
	}
}

func TestConfiguredSchema(t *testing.T) {
	t.Parallel()
	archive := `
-- a/1.up.sql --
CREATE TABLE a (tenant_id int);
-- a/sub/2.up.sql --
CREATE TABLE b (tenant_id int);
-- c.sql --
CREATE TABLE c (tenant_id int);
-- d.sql --
CREATE TABLE d (tenant_id int);
`
	c := tenant()
	c.Schema = []string{"a", "c.sql"}
	if got, want := columns(load(t, archive, c).Databases[0]), "a(tenant_id) b(tenant_id) c(tenant_id)"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	for _, missing := range []string{"nowhere.sql", "../outside.sql"} {
		c.Schema = []string{missing}
		if _, err := schema.Load(write(t, archive), c); err == nil || !strings.Contains(err.Error(), missing) {
			t.Errorf("%s: error %v does not name it", missing, err)
		}
	}
}

// What comments and strings hold tells nothing of the dialect: in MySQL ----- is no comment,
// and " begins no name.
func TestDialect(t *testing.T) {
	t.Parallel()
	const ddl = "-----\n-- Section\n-----\nCREATE TABLE \"a\" (id uuid PRIMARY KEY, tenant_id uuid NOT NULL);\n"
	for name, test := range map[string]struct {
		ddl  string
		want sqlast.Dialect
	}{
		"comment":               {ddl + "-- kept by `@>`\n", sqlast.Postgres},
		"block":                 {ddl + "/* `x` */\n", sqlast.Postgres},
		"string":                {ddl + "COMMENT ON TABLE a IS 'as `x`, AUTO_INCREMENT';\n", sqlast.Postgres},
		"name":                  {"CREATE TABLE `a` (id int PRIMARY KEY, tenant_id int NOT NULL);\n", sqlast.MySQL},
		"engine":                {"-- a\nCREATE TABLE a (id int, tenant_id int) ENGINE=InnoDB;\n", sqlast.MySQL},
		"what MySQL alone runs": {"CREATE TABLE a (id int, tenant_id int) /*!40100 ENGINE=InnoDB */;\n", sqlast.MySQL},
	} {
		d := load(t, "-- schema.sql --\n"+test.ddl, tenant()).Databases[0]
		if got, want := columns(d), "a(id,tenant_id)"; got != want || d.Dialect != test.want {
			t.Errorf("%s: %s, dialect %v; want %s, %v", name, got, d.Dialect, want, test.want)
		}
	}
}

// Of databases that are equally near, a package runs on that of the server it is named for.
func TestServers(t *testing.T) {
	t.Parallel()
	set := load(t, `
-- migrations/mysql/1.sql --
CREATE TABLE events (id int AUTO_INCREMENT, tenant_id int);
CREATE TABLE more (id int);
-- migrations/postgres/1.sql --
CREATE TABLE events (id uuid, tenant_id uuid);
`, tenant())
	for dir, want := range map[string]string{
		"pkg/events/mysql": "migrations/mysql", "pkg/events/postgres": "migrations/postgres", "pkg/events": "migrations/mysql",
	} {
		d := set.For(dir)
		if got := filepath.ToSlash(filepath.Dir(d.Lookup("", "events").Path)); got != want || (d.Dialect == sqlast.MySQL) != strings.HasSuffix(want, "mysql") {
			t.Errorf("%s: tables of %s, dialect %v; want those of %s", dir, got, d.Dialect, want)
		}
	}
}

// A pattern that finds DDL in several directories names several databases.
func TestSchemaPattern(t *testing.T) {
	t.Parallel()
	c := tenant()
	c.Schema = []string{"*/schema.sql", "common.sql"}
	set := load(t, `
-- billing/schema.sql --
CREATE TABLE events (id int, tenant_id int);
-- mail/schema.sql --
CREATE TABLE events (id int, address text);
-- common.sql --
CREATE TABLE countries (id int);
`, c)
	var got []string
	for _, d := range set.Databases {
		got = append(got, d.Dir+": "+columns(d))
	}
	const want = "billing: events(id,tenant_id); mail: events(id,address); common.sql: countries(id)"
	if strings.Join(got, "; ") != want {
		t.Errorf("got  %s\nwant %s", strings.Join(got, "; "), want)
	}
}

// A configuration of sqlc that cannot be read costs what it describes alone.
func TestBrokenSQLC(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"sql: {":                     "did not find",
		strings.Repeat("[", 100_000): "nested too deeply",
		strings.Repeat("#", 1<<20):   "larger than 256 KiB",
	} {
		files := write(t, "-- db/sqlc.yaml --\n"+text+"\n-- db/1.sql --\nCREATE TABLE a (tenant_id int);\n")
		set, err := schema.Load(files, tenant())
		if err != nil {
			t.Fatal(err)
		}
		if got := columns(set.Databases[0]); got != "a(tenant_id)" {
			t.Errorf("%.20q: got %s", text, got)
		}
		notes := files.Notes()
		if len(notes) != 1 || !strings.HasSuffix(notes[0].Pos.Filename, "sqlc.yaml") || !strings.Contains(notes[0].Text, want) {
			t.Errorf("%.20q: notes %v, want one of %q", text, notes, want)
		}
	}
}

// Aliases and merge keys stand for what they name; what an entry says itself goes
// before what it merges.
func TestSQLCMerges(t *testing.T) {
	t.Parallel()
	set := load(t, `
-- sqlc.yaml --
version: "2"
sql:
- &first
  engine: mysql
  schema: &where [a]
  gen: {go: &go {package: x, out: a/gen}}
- <<: *first
  schema: b
  gen:
    go:
      <<: [*go]
      out: b/gen
- schema: *where
  gen: {go: {<<: *go, out: c/gen}}
-- a/1.sql --
CREATE TABLE a (tenant_id int);
-- b/1.sql --
CREATE TABLE b (tenant_id int);
`, tenant())
	for dir, want := range map[string]string{"a/gen": "a", "b/gen": "b", "c/gen": "a"} {
		if d := set.For(dir); d.Dir != want || d.Dialect != sqlast.MySQL {
			t.Errorf("%s: %s %v, want %s", dir, d.Dir, d.Dialect, want)
		}
	}
}
