package hostile

import (
	"fmt"
	"slices"
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
	bounds := map[string]struct {
		files map[string]string
		note  string // path, colon, beginning of the text
	}{
		"a-large-literal":      {query("SELECT id FROM orders WHERE id = '" + strings.Repeat("x", 9<<20) + "'"), "shape.go:part of a query is not judged: text is too long"},
		"deep-subqueries":      {query("SELECT id FROM orders WHERE id IN " + strings.Repeat("(SELECT id FROM orders WHERE id IN ", 500) + "(1)" + strings.Repeat(")", 500)), "shape.go:part of a query is not judged: nested too deeply"},
		"many-tables":          {query("SELECT 1 FROM " + join(5_000, ", ", "orders o#") + " WHERE " + join(5_000, " AND ", "o#.id = o0.id")), "shape.go:a statement is too large to be judged"},
		"many-pieces":          {map[string]string{"shape.go": codeHead + "func run(db *sql.DB, s string) { db.Query(\"SELECT id FROM orders WHERE \"" + strings.Repeat(" + s + \" AND \"", 5_000) + ") }\n"}, "shape.go:a query is not judged: the text has too many pieces"},
		"a-wide-table":         {ddl("CREATE TABLE wide (" + join(5_000, ", ", "c# int") + ");"), "migrations/2.sql:more than 4096 columns"},
		"a-large-migration":    {ddl("CREATE TABLE wide (id int);" + strings.Repeat(" ", 17<<20)), "migrations/2.sql:not read: larger than 16 MiB"},
		"many-migrations":      {migrations, "migrations/10001.sql:too much DDL"},
		"a-deep-configuration": {sqlc(strings.Repeat("[", 20_000)), "sqlc.yaml:not read as a configuration of sqlc"},
		"a-long-configuration": {sqlc(strings.Repeat("#", 300_000)), "sqlc.yaml:not read as a configuration of sqlc"},
	}
	modules := map[string]map[string]string{}
	for name, c := range bounds {
		modules[name] = beside(c.files)
	}
	runs, err := lintAll(t, modules)
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range bounds {
		r := runs[name]
		if told := r.ofNeighbour(); len(told) < 3 {
			t.Errorf("%s: of the neighbour only %v is told", name, told)
		}
		if !slices.ContainsFunc(r.notes, func(n note) bool { return strings.HasPrefix(n.Path+":"+n.Message, c.note) }) {
			t.Errorf("%s: no note %q in %v", name, c.note, r.notes)
		}
	}
}
