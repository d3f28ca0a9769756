package hostile

import "strings"

// texts are queries that grow while they are put together.
var texts = []shape{
	{"constants-that-double", 12, func(n int) map[string]string {
		return map[string]string{"shape.go": codeHead + "const c0 = \"SELECT id FROM orders WHERE true OR \"\n" +
			each(n, "const c@ = c# + c#\n") + nth(n, "func run(db *sql.DB) { db.Exec(c#) }\n")}
	}},
	{"constants-that-double-across-packages", 10, func(n int) map[string]string {
		files := map[string]string{"shape.go": "package app\n\nimport (\n\t\"database/sql\"\n\t\"example.com/app/p0\"\n)\n\nfunc run(db *sql.DB) { db.Exec(p0.C) }\n"}
		for i := range n {
			files[nth(i, "p#/p.go")] = nth(i, "package p#\n\nimport \"example.com/app/p@\"\n\nconst C = p@.C + p@.C\n")
		}
		files[nth(n, "p#/p.go")] = nth(n, "package p#\n\nconst C = \"SELECT id FROM orders WHERE true OR \"\n")
		return files
	}},
	{"numbers-that-double", 2, func(n int) map[string]string {
		return map[string]string{"shape.go": codeHead + "const c0 = 3\n" +
			each(n, "const c@ = c# * c#\n") + nth(n, "func run(db *sql.DB) { db.Exec(\"SELECT id FROM orders LIMIT $1\", float64(c#/c#)) }\n")}
	}},
	{"holders-lent-under-conditions", 60, func(n int) map[string]string {
		return map[string]string{"shape.go": codeHead + "type holder struct{ where string }\n\nfunc run(db *sql.DB, a, b *holder, f func(...*holder) bool) {\n\tvar x, y any = a, b\n" +
			each(n, "\tif f(a) { a, b = b, a; x, y = y, x }\n\tf(a, b, x.(*holder), y.(*holder))\n") +
			"\tdb.Exec(\"SELECT id FROM orders WHERE \" + a.where + b.where)\n}\n"}
	}},
	{"options-handed-on-twice", 250, func(n int) map[string]string {
		return map[string]string{"shape.go": codeHead +
			each(n, "func exec#(db *sql.DB, q *string, options ...func(*string)) {\n\tfor _, o := range options { o(q) }\n\texec@(db, q, options...)\n\texec@(db, q, options...)\n}\n") +
			nth(n, "func exec#(db *sql.DB, q *string, options ...func(*string)) { db.Exec(*q) }\n") +
			"func run(db *sql.DB) {\n\tq := \"SELECT id FROM orders\"\n\texec0(db, &q, func(q *string) { *q += \" WHERE true\" }, func(q *string) { *q += *q })\n}\n"}
	}},
	{"constants-in-a-chain", 1_250, func(n int) map[string]string {
		return map[string]string{"shape.go": codeHead + "const c0 = \"SELECT id FROM orders WHERE true\"\n" +
			each(n, "const c@ = c# + \" OR total = #\"\n") + nth(n, "func run(db *sql.DB) { db.Exec(c#) }\n")}
	}},
	{"constants-in-a-chain-all-run", 500, func(n int) map[string]string {
		return map[string]string{"shape.go": codeHead + "const c0 = \"SELECT id FROM orders WHERE true\"\n" +
			each(n, "const c@ = c# + \" OR total = #\"\nfunc run#(db *sql.DB) { db.Exec(c#) }\n")}
	}},
	{"concatenation", 2_500, func(n int) map[string]string {
		return map[string]string{"shape.go": codeHead + "func run(db *sql.DB, s string) { db.Exec(\"SELECT id FROM orders WHERE true\"" +
			each(n, " +\n\t\" OR total = #\"") + ") }\n"}
	}},
	{"concatenation-with-holes", 2_500, func(n int) map[string]string {
		return map[string]string{"shape.go": codeHead + "func run(db *sql.DB, s string) { db.Exec(\"SELECT id FROM orders WHERE true\"" +
			each(n, " +\n\t\" OR total = #\" + s") + ") }\n"}
	}},
	{"appended", 1_250, func(n int) map[string]string {
		return map[string]string{"shape.go": codeHead + "func run(db *sql.DB) {\n\ts := \"SELECT id FROM orders WHERE true\"\n" +
			each(n, "\ts += \" OR total = #\"\n") + "\tdb.Exec(s)\n}\n"}
	}},
	{"appended-and-run", 750, func(n int) map[string]string {
		return map[string]string{"shape.go": codeHead + "func run(db *sql.DB) {\n\ts := \"SELECT id FROM orders WHERE true\"\n" +
			each(n, "\ts += \" OR total = #\"\n\tdb.Exec(s)\n") + "}\n"}
	}},
	{"appended-on-branches", 250, func(n int) map[string]string {
		return map[string]string{"shape.go": codeHead + "func run(db *sql.DB, n int) {\n\ts := \"SELECT id FROM orders WHERE true\"\n" +
			each(n, "\tif n > # {\n\t\ts += \" AND total = #\"\n\t}\n") + "\tdb.Exec(s)\n}\n"}
	}},
	{"appended-to-a-list", 1_250, func(n int) map[string]string {
		return map[string]string{"shape.go": strings.Replace(codeHead, "import ", "import \"strings\"\nimport ", 1) + "func run(db *sql.DB, n int) {\n\tvar l []string\n" +
			each(n, "\tl = append(l, \"total = #\")\n") + "\tdb.Exec(\"SELECT id FROM orders WHERE \" + strings.Join(l, \" AND \"))\n}\n"}
	}},
	{"written-to-a-builder", 1_250, func(n int) map[string]string {
		return map[string]string{"shape.go": strings.Replace(codeHead, "import ", "import \"strings\"\nimport ", 1) + "func run(db *sql.DB, n int) {\n\tvar b strings.Builder\n\tb.WriteString(\"SELECT id FROM orders WHERE true\")\n" +
			each(n, "\tb.WriteString(\" OR total = #\")\n") + "\tdb.Exec(b.String())\n}\n"}
	}},
	{"verbs", 1_250, func(n int) map[string]string {
		return map[string]string{"shape.go": strings.Replace(codeHead, "import ", "import \"fmt\"\nimport ", 1) + "func run(db *sql.DB, s string) { db.Exec(fmt.Sprintf(\"SELECT id FROM orders WHERE true" +
			each(n, " OR total = %s") + "\"" + each(n, ", s") + ")) }\n"}
	}},
	{"replacements", 1_250, func(n int) map[string]string {
		return map[string]string{"shape.go": strings.Replace(codeHead, "import ", "import \"strings\"\nimport ", 1) + "func run(db *sql.DB, s string) {\n\tq := \"SELECT id FROM orders WHERE true\"\n" +
			each(n, "\tq = strings.ReplaceAll(q, \"t#\", s)\n") + "\tdb.Exec(q)\n}\n"}
	}},
	{"builder-chain", 1_000, func(n int) map[string]string {
		return map[string]string{
			"go.mod":          neighbour["go.mod"] + "\nrequire github.com/Masterminds/squirrel v1.0.0\nreplace github.com/Masterminds/squirrel => ./squirrel\n",
			"squirrel/go.mod": "module github.com/Masterminds/squirrel\n",
			"squirrel/s.go": "package squirrel\n\ntype SelectBuilder struct{}\n\nfunc Select(columns ...string) SelectBuilder { return SelectBuilder{} }\nfunc (b SelectBuilder) From(s string) SelectBuilder { return b }\n" +
				"func (b SelectBuilder) Where(p any, args ...any) SelectBuilder { return b }\nfunc (b SelectBuilder) ToSql() (string, []any, error) { return \"\", nil, nil }\n",
			"shape.go": "package app\n\nimport (\n\t\"database/sql\"\n\n\t\"github.com/Masterminds/squirrel\"\n)\n\nfunc run(db *sql.DB) {\n\tq, args, _ := squirrel.Select(\"id\").From(\"orders\")" +
				each(n, ".\n\t\tWhere(\"total > ?\", #)") + ".ToSql()\n\tdb.Exec(q, args...)\n}\n",
		}
	}},
	{"builder-on-branches", 250, func(n int) map[string]string {
		return map[string]string{
			"go.mod":          neighbour["go.mod"] + "\nrequire github.com/Masterminds/squirrel v1.0.0\nreplace github.com/Masterminds/squirrel => ./squirrel\n",
			"squirrel/go.mod": "module github.com/Masterminds/squirrel\n",
			"squirrel/s.go": "package squirrel\n\ntype SelectBuilder struct{}\n\nfunc Select(columns ...string) SelectBuilder { return SelectBuilder{} }\nfunc (b SelectBuilder) From(s string) SelectBuilder { return b }\n" +
				"func (b SelectBuilder) Where(p any, args ...any) SelectBuilder { return b }\nfunc (b SelectBuilder) ToSql() (string, []any, error) { return \"\", nil, nil }\n",
			"shape.go": "package app\n\nimport (\n\t\"database/sql\"\n\n\t\"github.com/Masterminds/squirrel\"\n)\n\nfunc run(db *sql.DB, n int) {\n\tb := squirrel.Select(\"id\").From(\"orders\")\n" +
				each(n, "\tif n > # {\n\t\tb = b.Where(\"total > ?\", #)\n\t}\n") + "\tq, args, _ := b.ToSql()\n\tdb.Exec(q, args...)\n}\n",
		}
	}},
	{"queries-in-a-function", 1_250, func(n int) map[string]string {
		return map[string]string{"shape.go": codeHead + "func run(db *sql.DB) {\n" + each(n, "\tdb.Exec(\"SELECT id FROM orders WHERE total = #\")\n") + "}\n"}
	}},
	{"queries-in-a-map", 1_250, func(n int) map[string]string {
		return map[string]string{"shape.go": codeHead + "var queries = map[string]string{\n" + each(n, "\t\"q#\": \"SELECT id FROM orders WHERE total = #\",\n") + "}\n\nfunc run(db *sql.DB, name string) { db.Exec(queries[name]) }\n" +
			each(n/10, "func run#(db *sql.DB) { db.Exec(queries[\"q#\"]) }\n")}
	}},
	{"queries-returned", 1_250, func(n int) map[string]string {
		return map[string]string{"shape.go": codeHead + "func query(n int) string {\n\tswitch n {\n" + each(n, "\tcase #:\n\t\treturn \"SELECT id FROM orders WHERE total = #\"\n") + "\t}\n\treturn \"\"\n}\n\nfunc run(db *sql.DB, n int) { db.Exec(query(n)) }\n" +
			each(n/10, "func run#(db *sql.DB) { db.Exec(query(#)) }\n")}
	}},
}
