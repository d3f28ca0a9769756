package hostile

import "strings"

// reports are many findings, and many comments that silence them.
var reports = []shape{
	{"findings", 2_500, func(n int) map[string]string {
		return map[string]string{"shape.go": codeHead + "func run(db *sql.DB) {\n" + each(n, "\tdb.Exec(\"DELETE FROM orders WHERE total = #\")\n") + "}\n"}
	}},
	{"findings-on-a-line", 5_000, func(n int) map[string]string {
		return map[string]string{"shape.go": codeHead + "func run(db *sql.DB) { " + each(n, "db.Exec(\"DELETE FROM orders\"); ") + "}\n"}
	}},
	{"equal-findings", 2_500, func(n int) map[string]string {
		return map[string]string{"shape.go": codeHead + "func run(db *sql.DB) {\n" + each(n, "\tdb.Exec(\"DELETE FROM orders\")\n") + "}\n"}
	}},
	{"directives", 1_250, func(n int) map[string]string {
		return map[string]string{"shape.go": codeHead + "func run(db *sql.DB) {\n" + each(n, "\t//poollint:ignore tenantfilter -- reason #\n\tdb.Exec(\"DELETE FROM orders WHERE total = #\")\n") + "}\n"}
	}},
	{"stacked-directives", 25_000, func(n int) map[string]string {
		return map[string]string{"shape.go": codeHead + "func run(db *sql.DB) {\n" + strings.Repeat("\t//poollint:ignore tenantfilter -- reason\n", n) + "\tdb.Exec(\"DELETE FROM orders\")\n}\n"}
	}},
	{"directives-apart", 12_500, func(n int) map[string]string {
		return map[string]string{"shape.go": codeHead + "func run(db *sql.DB) {\n" + strings.Repeat("\t//poollint:ignore tenantfilter -- reason\n\n", n) + "\tdb.Exec(\"DELETE FROM orders\")\n}\n"}
	}},
	{"rules-of-a-directive", 12_500, func(n int) map[string]string {
		return map[string]string{"shape.go": codeHead + "func run(db *sql.DB) {\n\t//poollint:ignore " + each(n, "rule#,") + "tenantfilter -- reason\n\tdb.Exec(\"DELETE FROM orders\")\n}\n"}
	}},
}
