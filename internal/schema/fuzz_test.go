package schema_test

import (
	"testing"

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
