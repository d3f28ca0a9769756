package hostile

import "math"

// calls are functions that call one another.
var calls = []shape{
	{"test-helper-chain", 2_500, func(n int) map[string]string {
		return map[string]string{"shape_test.go": testHead +
			each(n, "func open#(t *testing.T, dsn string) *sql.DB { return open@(t, dsn) }\n") +
			nth(n, "func open#(t *testing.T, dsn string) *sql.DB { db, _ := sql.Open(\"postgres\", dsn); return db }\n") +
			"func TestChain(t *testing.T) { open0(t, \"postgres://localhost/a\") }\n"}
	}},
	{"test-helper-chain-used-at-each-link", 250, func(n int) map[string]string {
		return map[string]string{"shape_test.go": testHead +
			each(n, "func open#(t *testing.T, dsn string) *sql.DB { return open@(t, dsn) }\nfunc TestLink#(t *testing.T) { open#(t, \"postgres://localhost/a\") }\n") +
			nth(n, "func open#(t *testing.T, dsn string) *sql.DB { db, _ := sql.Open(\"postgres\", dsn); return db }\n")}
	}},
	{"test-helper-doubling", 250, func(n int) map[string]string {
		return map[string]string{"shape_test.go": testHead +
			each(n, "func open#(t *testing.T) *sql.DB { open@(t); return open@(t) }\n") +
			nth(n, "func open#(t *testing.T) *sql.DB { db, _ := sql.Open(\"postgres\", \"postgres://localhost/a\"); return db }\n") +
			"func TestChain(t *testing.T) { open0(t) }\n"}
	}},
	{"constructor-chain", 1_000, func(n int) map[string]string {
		return map[string]string{
			"shape.go": codeHead +
				each(n, "func New#(dsn string) (*sql.DB, error) { return New@(dsn) }\n") +
				nth(n, "func New#(dsn string) (*sql.DB, error) { return sql.Open(\"postgres\", dsn) }\n"),
			"shape_test.go": testHead + "func TestChain(t *testing.T) { db, _ := New0(\"postgres://localhost/a\"); _ = (*sql.DB)(db) }\n",
		}
	}},
	{"constructor-chain-of-structs", 500, func(n int) map[string]string {
		return map[string]string{
			"shape.go": codeHead +
				each(n, "type Store# struct { in *Store@ }\nfunc NewStore#(dsn string) *Store# { return &Store#{in: NewStore@(dsn)} }\nfunc (s *Store#) Close() error { return s.in.Close() }\n") +
				nth(n, "type Store# struct { db *sql.DB }\nfunc NewStore#(dsn string) *Store# { db, _ := sql.Open(\"postgres\", dsn); return &Store#{db: db} }\nfunc (s *Store#) Close() error { return s.db.Close() }\n"),
			"shape_test.go": testHead + "func TestChain(t *testing.T) { _ = sql.ErrNoRows; s := NewStore0(\"postgres://localhost/a\"); s.Close() }\n",
		}
	}},
	{"closer-chain", 1_000, func(n int) map[string]string {
		return map[string]string{"shape_test.go": testHead +
			each(n, "func close#(db *sql.DB) { close@(db) }\n") +
			nth(n, "func close#(db *sql.DB) { db.Close() }\n") +
			"func TestChain(t *testing.T) { db, _ := sql.Open(\"postgres\", \"postgres://localhost/a\"); close0(db) }\n"}
	}},
	{"literal-doubling", 250, func(n int) map[string]string {
		return map[string]string{"shape.go": codeHead +
			"func sweep(db *sql.DB) { db.Exec(\"DELETE FROM orders\") }\nfunc start(db *sql.DB) {\nrun0 := func() { sweep(db) }\n" +
			each(n, "run@ := func() { run#(); run#() }\n") +
			nth(n, "run#()\n}\n")}
	}},
	{"literals-that-lead-back", 250, func(n int) map[string]string {
		return map[string]string{"shape.go": codeHead +
			"func sweep(db *sql.DB) { db.Exec(\"DELETE FROM orders\") }\nfunc with(f func()) { f() }\nfunc start(db *sql.DB) {\n" +
			each(n, "var run# func()\nrun# = func() { with(func() { sweep(db); run#() }) }\n") + "}\n"}
	}},
	{"mutual-recursion", 1_250, func(n int) map[string]string {
		return map[string]string{"shape_test.go": testHead +
			each(n, "func open#(t *testing.T, n int) *sql.DB { if n == # { db, _ := sql.Open(\"postgres\", \"postgres://localhost/a\"); return db }; return open@(t, n) }\n") +
			nth(n, "func open#(t *testing.T, n int) *sql.DB { return open0(t, n) }\n") +
			"func TestRing(t *testing.T) { open0(t, 1) }\n"}
	}},
	{"mutual-recursion-all-of-all", 1_250, func(n int) map[string]string { // so many calls
		var b string
		n = int(math.Sqrt(float64(n)))
		for i := range n {
			b += nth(i, "func open#(t *testing.T, n int) (db *sql.DB) {\n") + each(n, "if n == # { db = open#(t, n) }\n") +
				"if n < 0 { db, _ = sql.Open(\"postgres\", \"postgres://localhost/a\") }\nreturn db\n}\n"
		}
		return map[string]string{"shape_test.go": testHead + b + "func TestAll(t *testing.T) { open0(t, 1) }\n"}
	}},
	{"subtests-all-of-all", 1_250, func(n int) map[string]string {
		var b string
		n = int(math.Sqrt(float64(n)))
		for i := range n {
			b += nth(i, "func check#(t *testing.T, n int) {\n") + each(n, "if n == # { check#(t, n) }\n") +
				"t.Run(\"sub\", func(t *testing.T) { t.Parallel(); db, _ := sql.Open(\"postgres\", \"postgres://localhost/a\"); db.Close() })\n}\n"
		}
		return map[string]string{"shape_test.go": testHead + b + "func TestAll(t *testing.T) { for n := range 3 { check0(t, n) } }\n"}
	}},
	{"mutual-recursion-of-queries", 1_250, func(n int) map[string]string {
		return map[string]string{"shape.go": codeHead +
			each(n, "func query#(n int) string { if n == # { return \"SELECT # FROM orders\" }; return query@(n) + \" OR true\" }\n") +
			nth(n, "func query#(n int) string { return query0(n) }\n") +
			"func run(db *sql.DB) { db.Exec(query0(1)) }\n"}
	}},
	{"query-chain", 1_000, func(n int) map[string]string {
		return map[string]string{"shape.go": codeHead +
			each(n, "func exec#(db *sql.DB, query string) error { return exec@(db, query) }\n") +
			nth(n, "func exec#(db *sql.DB, query string) error { _, err := db.Exec(query); return err }\n") +
			"func run(db *sql.DB) { exec0(db, \"SELECT id FROM orders\") }\n"}
	}},
	{"query-chain-used-at-each-link", 500, func(n int) map[string]string {
		return map[string]string{"shape.go": codeHead +
			each(n, "func exec#(db *sql.DB, query string) error { return exec@(db, query + \" /* # */\") }\nfunc run#(db *sql.DB) { exec#(db, \"SELECT id FROM orders\") }\n") +
			nth(n, "func exec#(db *sql.DB, query string) error { _, err := db.Exec(query); return err }\n")}
	}},
	{"query-doubling", 250, func(n int) map[string]string {
		return map[string]string{"shape.go": codeHead +
			each(n, "func exec#(db *sql.DB, query string) { exec@(db, query); exec@(db, query) }\n") +
			nth(n, "func exec#(db *sql.DB, query string) { db.Exec(query) }\n") +
			"func run(db *sql.DB) { exec0(db, \"SELECT id FROM orders\") }\n"}
	}},
	{"package-chain", 250, func(n int) map[string]string {
		files := map[string]string{}
		for i := range n {
			files[nth(i, "p#/p.go")] = nth(i, "package p#\n\nimport \"database/sql\"\nimport \"example.com/app/p@\"\n\n"+
				"func New(dsn string) (*sql.DB, error) { return p@.New(dsn) }\n")
		}
		files[nth(n, "p#/p.go")] = nth(n, "package p#\n\nimport \"database/sql\"\n\nfunc New(dsn string) (*sql.DB, error) { return sql.Open(\"postgres\", dsn) }\n")
		files["shape_test.go"] = "package app\n\nimport \"testing\"\nimport \"example.com/app/p0\"\n\nfunc TestChain(t *testing.T) { p0.New(\"postgres://localhost/a\") }\n"
		return files
	}},
	{"implementations", 1_250, func(n int) map[string]string {
		return map[string]string{
			"shape.go": codeHead + "type opener interface { Open() *sql.DB }\n" +
				each(n, "type open# struct{}\nfunc (open#) Open() *sql.DB { db, _ := sql.Open(\"postgres\", \"postgres://localhost/a\"); return db }\n") +
				"var all = []opener{" + each(n, "open#{}, ") + "}\n",
			"shape_test.go": testHead + "var _ *sql.DB\nfunc TestAll(t *testing.T) { for _, o := range all { o.Open() } }\n",
		}
	}},
}

const codeHead = "package app\n\nimport \"database/sql\"\n\n"

const testHead = "package app\n\nimport (\n\t\"database/sql\"\n\t\"testing\"\n)\n\n"
