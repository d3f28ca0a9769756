package hostile

// tests are many tests, and much in one.
var tests = []shape{
	{"parallel-tests-of-a-helper", 1_250, func(n int) map[string]string {
		return map[string]string{"shape_test.go": testHead + openHelper +
			each(n, "func TestParallel#(t *testing.T) { t.Parallel(); open(t).Exec(\"INSERT INTO orders (id, tenant_id) VALUES (1, 'acme')\") }\n")}
	}},
	{"parallel-tests-that-wipe", 500, func(n int) map[string]string {
		return map[string]string{"shape_test.go": testHead + openHelper +
			each(n, "func TestParallel#(t *testing.T) { t.Parallel(); open(t).Exec(\"TRUNCATE orders\") }\n")}
	}},
	{"tests-of-many-helpers", 500, func(n int) map[string]string {
		return map[string]string{"shape_test.go": testHead +
			each(n, "func open#(t *testing.T) *sql.DB { db, _ := sql.Open(\"postgres\", \"postgres://localhost/a#\"); return db }\n"+
				"func TestOne#(t *testing.T) { open#(t).Exec(\"SELECT #\") }\n")}
	}},
	{"tests-in-files", 500, func(n int) map[string]string {
		files := map[string]string{"shape_test.go": testHead + openHelper}
		for i := range n {
			files[nth(i, "shape#_test.go")] = nth(i, "package app\n\nimport \"testing\"\n\nfunc TestFile#(t *testing.T) { t.Parallel(); open(t).Exec(\"INSERT INTO orders (id, tenant_id) VALUES (1, 'acme')\") }\n")
		}
		return files
	}},
	{"tests-in-packages", 125, func(n int) map[string]string {
		files := map[string]string{"shape_test.go": testHead + openHelper + "func TestHelper(t *testing.T) { open(t) }\n"}
		for i := range n {
			files[nth(i, "p#/p_test.go")] = "package p\n\nimport (\n\t\"database/sql\"\n\t\"testing\"\n)\n\nfunc TestPackage(t *testing.T) { db, _ := sql.Open(\"postgres\", \"postgres://localhost/a\"); db.Exec(\"INSERT INTO orders (id, tenant_id) VALUES (1, 'acme')\") }\n"
		}
		return files
	}},
	{"rows-of-a-table", 4_000, func(n int) map[string]string {
		return map[string]string{"shape_test.go": testHead + openHelper + "var rows = []struct{ ID int; Name, TenantID string }{\n" + each(n, "\t{#, \"n#\", \"acme\"},\n") + "}\n" +
			"func TestRows(t *testing.T) { for _, r := range rows { open(t).Exec(\"INSERT INTO orders (id, tenant_id) VALUES ($1, $2)\", r.ID, r.TenantID) } }\n"}
	}},
	{"constants-of-tenants", 2_500, func(n int) map[string]string {
		return map[string]string{"shape_test.go": testHead + openHelper + "const (\n" + each(n, "\ttenant# = \"acme\"\n") + ")\n" +
			"func TestRows(t *testing.T) {\n" + each(n, "\topen(t).Exec(\"INSERT INTO orders (id, tenant_id) VALUES (1, $1)\", tenant#)\n") + "}\n"}
	}},
	{"opens-in-a-test", 1_250, func(n int) map[string]string {
		return map[string]string{"shape_test.go": testHead + "func TestOpens(t *testing.T) {\n" +
			each(n, "\tdb#, _ := sql.Open(\"postgres\", \"postgres://localhost/a\")\n\tdb#.Exec(\"SELECT #\")\n") + "}\n"}
	}},
	{"opens-and-closes-in-a-test", 1_250, func(n int) map[string]string {
		return map[string]string{"shape_test.go": testHead + "func TestOpens(t *testing.T) {\n" +
			each(n, "\tdb#, err := sql.Open(\"postgres\", \"postgres://localhost/a\")\n\tif err != nil {\n\t\tt.Fatal(err)\n\t}\n\tdefer db#.Close()\n") + "}\n"}
	}},
	{"opens-and-closes-plainly", 1_250, func(n int) map[string]string {
		return map[string]string{"shape_test.go": testHead + "func TestOpens(t *testing.T) {\n" +
			each(n, "\tdb#, err := sql.Open(\"postgres\", \"postgres://localhost/a\")\n\tif err != nil {\n\t\treturn\n\t}\n") + each(n, "\tdb#.Close()\n") + "}\n"}
	}},
	{"defers-before-parallel-subtests", 500, func(n int) map[string]string {
		return map[string]string{"shape_test.go": testHead + "func TestOpens(t *testing.T) {\n" +
			each(n, "\tdb#, _ := sql.Open(\"postgres\", \"postgres://localhost/a\")\n\tdefer db#.Close()\n") +
			each(n, "\tt.Run(\"#\", func(t *testing.T) { t.Parallel(); db#.Exec(\"SELECT #\") })\n") + "}\n"}
	}},
	{"deferred-in-main", 500, func(n int) map[string]string {
		return map[string]string{"shape_test.go": "package app\n\nimport (\n\t\"database/sql\"\n\t\"os\"\n\t\"testing\"\n)\n\nfunc TestMain(m *testing.M) {\n" +
			each(n, "\tdb#, _ := sql.Open(\"postgres\", \"postgres://localhost/a\")\n\tdefer func() { db#.Close() }()\n") + "\tos.Exit(m.Run())\n}\n"}
	}},
	{"opens-in-a-helper", 500, func(n int) map[string]string {
		return map[string]string{"shape_test.go": testHead + "func opens(t *testing.T) {\n" +
			each(n, "\tdb#, _ := sql.Open(\"postgres\", \"postgres://localhost/a\")\n\tdb#.Exec(\"SELECT #\")\n") + "}\n" +
			each(n, "func TestOpens#(t *testing.T) { opens(t) }\n")}
	}},
	{"opens-in-a-helper-of-parallel-tests", 500, func(n int) map[string]string {
		return map[string]string{"shape_test.go": testHead + "func opens(t *testing.T) {\n" +
			each(n, "\tdb#, _ := sql.Open(\"postgres\", \"postgres://localhost/a\")\n\tdb#.Exec(\"SELECT #\")\n") + "}\n" +
			each(n, "func TestOpens#(t *testing.T) { t.Parallel(); opens(t) }\n")}
	}},
	{"rows-in-a-test", 1_250, func(n int) map[string]string {
		return map[string]string{"shape_test.go": testHead + openHelper + "func TestRows(t *testing.T) {\n\tdb := open(t)\n" +
			each(n, "\trows#, _ := db.Query(\"SELECT #\")\n\trows#.Next()\n") + "}\n"}
	}},
	{"subtests", 1_250, func(n int) map[string]string {
		return map[string]string{"shape_test.go": testHead + openHelper + "func TestSubtests(t *testing.T) {\n" +
			each(n, "\tt.Run(\"#\", func(t *testing.T) { t.Parallel(); open(t).Exec(\"SELECT #\") })\n") + "}\n"}
	}},
	{"cases-of-a-table", 1_250, func(n int) map[string]string {
		return map[string]string{"shape_test.go": testHead + openHelper + "func TestCases(t *testing.T) {\n\tfor _, c := range []struct{ name, tenant, query string }{\n" +
			each(n, "\t\t{\"#\", \"acme\", \"DELETE FROM orders WHERE id = #\"},\n") + "\t} {\n\t\tt.Run(c.name, func(t *testing.T) { open(t).Exec(c.query, c.tenant) })\n\t}\n}\n"}
	}},
	{"suite-methods", 1_250, func(n int) map[string]string {
		return testify("db *sql.DB", "SetupTest() { s.db, _ = sql.Open(\"postgres\", \"postgres://localhost/a\") }\n"+
			each(n, "func (s *Suite) Test#() { s.db.Exec(\"DELETE FROM orders WHERE id = #\") }\n"))
	}},
	{"suite-fields", 500, func(n int) map[string]string {
		return testify(each(n, "db# *sql.DB\n"), "SetupTest() {\n"+each(n, "\ts.db#, _ = sql.Open(\"postgres\", \"postgres://localhost/a\")\n")+"}\n"+
			each(n, "func (s *Suite) Test#() { s.db#.Exec(\"SELECT #\") }\n"))
	}},
	{"generic-slugs", 1_250, func(n int) map[string]string {
		return map[string]string{"shape_test.go": testHead + openHelper + "func create(db *sql.DB, tenantSlug string) { db.Exec(\"INSERT INTO orders (id, tenant_id) VALUES (1, $1)\", tenantSlug) }\n" +
			each(n, "func TestSlug#(t *testing.T) { t.Parallel(); create(open(t), \"acme\") }\n")}
	}},
}

const openHelper = "func open(t *testing.T) *sql.DB {\n\tdb, _ := sql.Open(\"postgres\", \"postgres://localhost/a\")\n\tt.Cleanup(func() { db.Close() })\n\treturn db\n}\n\n"

// testify is a suite with the fields and methods, the first without its receiver.
func testify(fields, methods string) map[string]string {
	return map[string]string{
		"go.mod":             neighbour["go.mod"] + "\nrequire github.com/stretchr/testify v1.0.0\nreplace github.com/stretchr/testify => ./testify\n",
		"testify/go.mod":     "module github.com/stretchr/testify\n",
		"testify/suite/s.go": "package suite\n\nimport \"testing\"\n\ntype Suite struct{ t *testing.T }\n\nfunc (s *Suite) T() *testing.T { return s.t }\nfunc (s *Suite) SetT(t *testing.T) { s.t = t }\n\ntype TestingSuite interface { T() *testing.T; SetT(*testing.T) }\n\nfunc Run(t *testing.T, s TestingSuite) {}\n",
		"shape_test.go": "package app\n\nimport (\n\t\"database/sql\"\n\t\"testing\"\n\n\t\"github.com/stretchr/testify/suite\"\n)\n\ntype Suite struct {\n\tsuite.Suite\n" + fields + "\n}\n\n" +
			"func TestSuite(t *testing.T) { suite.Run(t, new(Suite)) }\nfunc (s *Suite) " + methods,
	}
}
