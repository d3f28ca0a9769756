package schema_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/poollint/poollint/internal/config"
	"github.com/poollint/poollint/internal/schema"
	"github.com/poollint/poollint/internal/sqlast"
)

// FuzzParse checks that any text is read, and that the tables hold together.
func FuzzParse(f *testing.F) {
	for _, s := range []string{
		"CREATE TABLE a (id int PRIMARY KEY, tenant_id int REFERENCES b); ALTER TABLE a RENAME TO c; DROP TABLE c",
		"CREATE TABLE a (LIKE b); CREATE VIEW v AS SELECT * FROM a; CREATE TABLE p PARTITION OF a FOR VALUES IN (1)",
		"-- +goose Up\nCREATE TABLE a (id int);\n-- +goose Down\nDROP TABLE a;",
		"DO $$ BEGIN ALTER TABLE a ADD b int; EXECUTE format('DROP TABLE %I', 'x'); END $$",
		"CREATE TABLE a (id int PRIMARY KEY, tenant_id int NOT NULL); CREATE TABLE b (id int PRIMARY KEY, a_id int NOT NULL REFERENCES a ON DELETE CASCADE, c_id int NOT NULL REFERENCES c); CREATE TABLE c (id int PRIMARY KEY, b_id int NOT NULL REFERENCES s.b); CREATE VIEW v AS SELECT x.id AS y, x.* FROM b x LEFT JOIN a ON a.id = x.a_id WHERE tenant_id = 1; CREATE SCHEMA s; SET search_path TO s",
		"ALTER TABLE a ENABLE ROW LEVEL SECURITY; CREATE POLICY p ON a USING (tenant_id = current_setting('x'))",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		d := schema.Parse(text, sqlast.Postgres, tenant())
		for _, table := range d.Tables {
			if table.Name == "" {
				t.Fatalf("a table of %q has no name", text)
			}
			for _, c := range table.Columns {
				if table.Column(c.Name) == nil {
					t.Fatalf("%q: no column %q", text, c.Name)
				}
			}
		}
	})
}

// FuzzSQLC checks that any configuration of sqlc is read, or refused.
func FuzzSQLC(f *testing.F) {
	for _, s := range []string{
		"version: \"2\"\nsql:\n- engine: postgresql\n  schema: [schema.sql]\n  gen: {go: {out: db}}\n",
		"version: 1\npackages: [{path: db, schema: schema.sql, engine: mysql}]\n",
		"version: \"2\"\nsql:\n- &base {engine: sqlite, schema: .}\n- <<: *base\n  schema: ../up\n",
		"{\"version\": \"2\", \"sql\": [null, {}]}",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		dir := t.TempDir()
		for name, text := range map[string]string{"sqlc.yaml": text, "schema.sql": "create table a (id int)"} {
			if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o666); err != nil {
				t.Fatal(err)
			}
		}
		if set, err := schema.Load(config.NewFiles(dir), tenant()); err == nil && set == nil {
			t.Error("no schema and no error")
		}
	})
}
