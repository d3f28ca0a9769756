package hostile

import (
	"fmt"
	"strings"
	"testing"
)

// Every bound on SQL, schemas and YAML says what it cut off.
func TestBoundsAreNoted(t *testing.T) {
	t.Parallel()
	migrations := map[string]string{}
	for i := range 10_001 {
		migrations[fmt.Sprintf("migrations/%d.sql", i+1)] = nth(i, "CREATE TABLE orders (id uuid PRIMARY KEY, tenant_id uuid NOT NULL, total int);\n")
	}
	for name, c := range map[string]struct {
		files map[string]string
		note  string // path, colon, beginning of the text
	}{
		"a large literal":      {query("SELECT id FROM orders WHERE id = '" + strings.Repeat("x", 9<<20) + "'"), "shape.go:part of a query is not judged: text is too long"},
		"deep subqueries":      {query("SELECT id FROM orders WHERE id IN " + strings.Repeat("(SELECT id FROM orders WHERE id IN ", 500) + "(1)" + strings.Repeat(")", 500)), "shape.go:part of a query is not judged: nested too deeply"},
		"many tables":          {query("SELECT 1 FROM " + join(5_000, ", ", "orders o#") + " WHERE " + join(5_000, " AND ", "o#.id = o0.id")), "shape.go:a statement is too large to be judged"},
		"many pieces":          {map[string]string{"shape.go": codeHead + "func run(db *sql.DB, s string) { db.Query(\"SELECT id FROM orders WHERE \"" + strings.Repeat(" + s + \" AND \"", 5_000) + ") }\n"}, "shape.go:a query is not judged: the text has too many pieces"},
		"a wide table":         {ddl("CREATE TABLE wide (" + join(5_000, ", ", "c# int") + ");"), "migrations/2.sql:more than 4096 columns"},
		"a large migration":    {ddl("CREATE TABLE wide (id int);" + strings.Repeat(" ", 17<<20)), "migrations/2.sql:not read: larger than 16 MiB"},
		"many migrations":      {migrations, "migrations/10001.sql:too much DDL"},
		"a deep configuration": {sqlc(strings.Repeat("[", 20_000)), "sqlc.yaml:not read as a configuration of sqlc"},
		"a long configuration": {sqlc(strings.Repeat("#", 300_000)), "sqlc.yaml:not read as a configuration of sqlc"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := lint(t, c.files)
			if len(r.told) < 3 {
				t.Errorf("of the neighbour only %v is told", r.told)
			}
			for _, n := range r.notes {
				if strings.HasPrefix(n.Path+":"+n.Message, c.note) {
					return
				}
			}
			t.Errorf("no note %q in %v", c.note, r.notes)
		})
	}
}
