package hostile

// flows are handles that go through many variables, literals and fields.
var flows = []shape{
	{"captures", 500, func(n int) map[string]string {
		return map[string]string{"shape_test.go": testHead + "func TestCaptures(t *testing.T) {\n\tdb, _ := sql.Open(\"postgres\", \"postgres://localhost/a\")\n" +
			each(n, "\tf# := func() { db.Exec(\"SELECT #\") }\n\tf#()\n") + "}\n"}
	}},
	{"nested-literals", 250, func(n int) map[string]string {
		return map[string]string{"shape_test.go": testHead + "func TestNested(t *testing.T) {\n\tdb, _ := sql.Open(\"postgres\", \"postgres://localhost/a\")\n" +
			each(n, "func() {\n") + "db.Exec(\"SELECT 1\")\n" + each(n, "}()\n") + "}\n"}
	}},
	{"nested-literals-each-opens", 250, func(n int) map[string]string {
		return map[string]string{"shape_test.go": testHead + "func TestNested(t *testing.T) {\n" +
			each(n, "func() {\ndb#, _ := sql.Open(\"postgres\", \"postgres://localhost/a\"); db#.Exec(\"SELECT #\")\n") + each(n, "}()\n") + "}\n"}
	}},
	{"nested-subtests", 250, func(n int) map[string]string {
		return map[string]string{"shape_test.go": testHead + "func TestNested(t *testing.T) {\n" +
			each(n, "t.Run(\"#\", func(t *testing.T) {\n") + "sql.Open(\"postgres\", \"postgres://localhost/a\")\n" + each(n, "})\n") + "}\n"}
	}},
	{"copies", 1_250, func(n int) map[string]string {
		return map[string]string{"shape_test.go": testHead + "func TestCopies(t *testing.T) {\n\tdb0, _ := sql.Open(\"postgres\", \"postgres://localhost/a\")\n" +
			each(n, "\tdb@ := db#\n") + nth(n, "\tdb#.Close()\n}\n")}
	}},
	{"copies-of-names", 1_250, func(n int) map[string]string {
		return map[string]string{"shape_test.go": testHead + "func TestCopies(t *testing.T) {\n\tdsn0 := \"postgres://localhost/a\"\n" +
			each(n, "\tdsn@ := dsn# + \"?a=#\"\n") + nth(n, "\tsql.Open(\"postgres\", dsn#)\n}\n")}
	}},
	{"assignments-of-one-variable", 1_250, func(n int) map[string]string {
		return map[string]string{"shape_test.go": testHead + "func TestAssignments(t *testing.T) {\n\tvar db *sql.DB\n" +
			each(n, "\tdb, _ = sql.Open(\"postgres\", \"postgres://localhost/a#\")\n") + "\tdb.Close()\n}\n"}
	}},
	{"struct-fields", 1_250, func(n int) map[string]string {
		return map[string]string{
			"shape.go":      codeHead + "type stores struct {\n" + each(n, "\tdb# *sql.DB\n") + "}\n\nfunc (s *stores) close() {\n" + each(n, "\ts.db#.Close()\n") + "}\n",
			"shape_test.go": testHead + "func TestFields(t *testing.T) {\n\ts := &stores{}\n\tdefer s.close()\n" + each(n, "\ts.db#, _ = sql.Open(\"postgres\", \"postgres://localhost/a\")\n") + "}\n",
		}
	}},
	{"fields-closed-in-turn", 500, func(n int) map[string]string {
		return map[string]string{
			"shape.go": codeHead + "type stores struct {\n" + each(n, "\tdb# *sql.DB\n") + "}\n",
			"shape_test.go": testHead + "func TestFields(t *testing.T) {\n\ts := &stores{}\n" +
				each(n, "\ts.db#, _ = sql.Open(\"postgres\", \"postgres://localhost/a\")\n\tdefer s.db#.Close()\n") + "}\n",
		}
	}},
	{"closures-that-call-ten", 100, func(n int) map[string]string {
		return map[string]string{"shape_test.go": testHead + "func TestClosures(t *testing.T) {\n\tdb, _ := sql.Open(\"postgres\", \"postgres://localhost/a\")\n" +
			each(max(n, 10), "\tvar f# func(d *sql.DB) *sql.DB\n") + each(max(n, 10), "\tf# = func(d *sql.DB) *sql.DB { "+each(10, "d = f#(d); ")+"return d }\n\t_ = f#\n") + "\tf0(db).Ping()\n}\n"}
	}},
	{"calls-that-hand-on", 2_500, func(n int) map[string]string {
		return map[string]string{"shape_test.go": testHead + openHelper + "func run(db *sql.DB) { db.Exec(\"SELECT 1\") }\n\nfunc all(db *sql.DB) {\n" + each(n, "\trun(db)\n") + "}\n\n" +
			"func TestCalls(t *testing.T) {\n\tdb := open(t)\n" + each(n, "\tall(db)\n") + "}\n"}
	}},
	{"goroutines", 500, func(n int) map[string]string {
		return map[string]string{"shape_test.go": testHead + "func TestGoroutines(t *testing.T) {\n\tdb, _ := sql.Open(\"postgres\", \"postgres://localhost/a\")\n" +
			each(n, "\tgo func() { db.Exec(\"SELECT #\") }()\n") + "}\n"}
	}},
	{"embedded-structs", 125, func(n int) map[string]string {
		return map[string]string{
			"shape.go":      codeHead + each(n, "type store# struct { store@ }\n") + nth(n, "type store# struct { db *sql.DB }\n"),
			"shape_test.go": testHead + "func TestEmbedded(t *testing.T) {\n\tvar s store0\n\ts.db, _ = sql.Open(\"postgres\", \"postgres://localhost/a\")\n\ts.db.Exec(\"SELECT 1\")\n}\n",
		}
	}},
}
