package hostile

import "strings"

// syntax is code that is deep, long or broad.
var syntax = []shape{
	{"nested-blocks", 250, func(n int) map[string]string {
		return map[string]string{"shape_test.go": testHead + openHelper + "func TestBlocks(t *testing.T) {\n\tdb := open(t)\n" +
			each(n, "{ rows#, _ := db.Query(\"SELECT #\"); rows#.Next()\n") + strings.Repeat("}", n) + "\n}\n"}
	}},
	{"nested-ifs", 250, func(n int) map[string]string {
		return map[string]string{"shape.go": codeHead + "func run(db *sql.DB, n int) {\n\ts := \"SELECT id FROM orders\"\n" +
			each(n, "if n > # { s += \" /* # */\"\n") + "db.Exec(s)\n" + strings.Repeat("}", n) + "\n}\n"}
	}},
	{"nested-loops", 250, func(n int) map[string]string {
		return map[string]string{"shape.go": codeHead + "func run(db *sql.DB, n int) {\n\ts := \"SELECT id FROM orders\"\n" +
			each(n, "for range n { s += \" /* # */\"\n") + "db.Exec(s)\n" + strings.Repeat("}", n) + "\n}\n"}
	}},
	{"else-ifs", 250, func(n int) map[string]string {
		return map[string]string{"shape.go": codeHead + "func run(db *sql.DB, n int) {\n\ts := \"SELECT id FROM orders\"\n\tif n < 0 {\n" +
			each(n, "\t} else if n == # {\n\t\ts += \" WHERE total = #\"\n") + "\t}\n\tdb.Exec(s)\n}\n"}
	}},
	{"nested-parentheses", 2_500, func(n int) map[string]string {
		return map[string]string{"shape.go": codeHead + "func run(db *sql.DB) { db.Exec(" + strings.Repeat("(", n) + "\"SELECT id FROM orders\"" + strings.Repeat(")", n) + ") }\n"}
	}},
	{"nested-calls", 250, func(n int) map[string]string {
		return map[string]string{"shape.go": codeHead + "func same(s string) string { return s }\n\nfunc run(db *sql.DB) { db.Exec(" + strings.Repeat("same(", n) + "\"SELECT id FROM orders\"" + strings.Repeat(")", n) + ") }\n"}
	}},
	{"cases-of-a-switch", 1_250, func(n int) map[string]string {
		return map[string]string{"shape.go": codeHead + "func run(db *sql.DB, n int) {\n\ts := \"SELECT id FROM orders\"\n\tswitch n {\n" +
			each(n, "\tcase #:\n\t\ts += \" WHERE total = #\"\n") + "\t}\n\tdb.Exec(s)\n}\n"}
	}},
	{"long-function", 5_000, func(n int) map[string]string {
		return map[string]string{"shape_test.go": testHead + openHelper + "func TestLong(t *testing.T) {\n\tdb := open(t)\n" +
			each(n, "\tif _, err := db.Exec(\"SELECT #\"); err != nil {\n\t\tt.Fatal(err)\n\t}\n") + "}\n"}
	}},
	{"fields", 1_250, func(n int) map[string]string {
		return map[string]string{"shape.go": codeHead + "type row struct {\n" + each(n, "\tF# string `db:\"f#\" gorm:\"column:f#\" bun:\"f#\"`\n") + "}\n\nfunc (r *row) scan(rows *sql.Rows) { rows.Scan(" + each(n, "&r.F#, ") + ") }\n"}
	}},
	{"files-of-a-package", 1_250, func(n int) map[string]string {
		files := map[string]string{}
		for i := range n {
			files[nth(i, "shape#.go")] = nth(i, "package app\n\nimport \"database/sql\"\n\nfunc run#(db *sql.DB) { db.Exec(\"SELECT id FROM orders WHERE total = #\") }\n")
		}
		return files
	}},
	{"methods", 1_250, func(n int) map[string]string {
		return map[string]string{"shape.go": codeHead + "type store struct{ db *sql.DB }\n\n" + each(n, "func (s *store) run#() { s.run@() }\n") + nth(n, "func (s *store) run#() { s.db.Exec(\"SELECT id FROM orders\") }\n")}
	}},
}
