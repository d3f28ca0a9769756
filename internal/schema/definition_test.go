package schema_test

import (
	"fmt"
	"strings"
	"testing"

	"golang.org/x/tools/go/analysis"

	"github.com/poollint/poollint/internal/ruletest"
	"github.com/poollint/poollint/internal/schema"
	"github.com/poollint/poollint/internal/sqlast"
)

// definition writes a table down: columns with ! where NOT NULL and = or () where a
// default is a constant or a function, then keys and policies.
func definition(t *schema.Table) string {
	var parts []string
	for _, c := range t.Columns {
		s := c.Name
		if c.NotNull {
			s += "!"
		}
		parts = append(parts, s+[...]string{"", "=", "()"}[c.Default])
	}
	s := strings.Join(parts, " ")
	if len(t.PrimaryKey) > 0 {
		s += "; primary " + strings.Join(t.PrimaryKey, ",")
	}
	for _, k := range t.Unique {
		s += fmt.Sprintf("; unique %s %s", k.Name, strings.Join(k.Columns, ","))
	}
	for _, k := range t.ForeignKeys {
		s += fmt.Sprintf("; %s to %s(%s)", strings.Join(k.Columns, ","), k.RefTable, strings.Join(k.RefColumns, ","))
	}
	if t.RLS.Enabled {
		s += "; enabled"
	}
	for _, p := range t.RLS.Policies {
		s += fmt.Sprintf("; policy %s %s %s %s", p.Name, p.Command, strings.Join(p.Columns, ","), strings.Join(p.Settings, ","))
	}
	return s
}

func TestDefinitions(t *testing.T) {
	t.Parallel()
	const a = "CREATE TABLE a (id int PRIMARY KEY, b int, c text); "
	for _, test := range []struct {
		name    string
		dialect sqlast.Dialect
		ddl     string
		want    string // of the table a; empty for none
	}{
		{"columns", sqlast.Postgres, "CREATE TABLE a (id serial, b int NOT NULL DEFAULT 1, c text DEFAULT now(), d int DEFAULT NULL, e int GENERATED ALWAYS AS (b + 1) STORED)", "id b!= c() d e()"},
		{"identity", sqlast.Postgres, "CREATE TABLE a (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY)", "id!; primary id"},
		{"table constraints", sqlast.Postgres, "CREATE TABLE a (b int, c int, PRIMARY KEY (b, c), CONSTRAINT u UNIQUE (c), FOREIGN KEY (b) REFERENCES x (y))", "b! c!; primary b,c; unique u c; b to x(y)"},
		{"references", sqlast.Postgres, "CREATE TABLE a (b int REFERENCES x, c int UNIQUE)", "b c; unique a_c_key c; b to x()"},
		{"set not null", sqlast.Postgres, a + "ALTER TABLE a ALTER COLUMN b SET NOT NULL, ALTER c SET NOT NULL; ALTER TABLE a ALTER c DROP NOT NULL", "id! b! c; primary id"},
		{"set default", sqlast.Postgres, a + "ALTER TABLE a ALTER b SET DEFAULT 1, ALTER c SET DEFAULT f()", "id! b= c(); primary id"},
		{"drop default", sqlast.Postgres, a + "ALTER TABLE a ALTER b SET DEFAULT 1; ALTER TABLE a ALTER b DROP DEFAULT", "id! b c; primary id"},
		{"add constraints", sqlast.Postgres, a + "ALTER TABLE a ADD CONSTRAINT u UNIQUE (b, c), ADD CONSTRAINT f FOREIGN KEY (b) REFERENCES x (y)", "id! b c; primary id; unique u b,c; b to x(y)"},
		{"drop unique", sqlast.Postgres, a + "ALTER TABLE a ADD CONSTRAINT u UNIQUE (b), ADD CONSTRAINT v UNIQUE (c); ALTER TABLE a DROP CONSTRAINT U", "id! b c; primary id; unique v c"},
		{"drop foreign key", sqlast.Postgres, a + "ALTER TABLE a ADD CONSTRAINT f FOREIGN KEY (b) REFERENCES x (y); ALTER TABLE a DROP CONSTRAINT f", "id! b c; primary id"},
		{"drop primary key", sqlast.Postgres, a + "ALTER TABLE a DROP CONSTRAINT a_pkey", "id! b c"},
		{"primary key of an index", sqlast.Postgres, "CREATE TABLE a (b int); CREATE UNIQUE INDEX i ON a (b); ALTER TABLE a ADD PRIMARY KEY USING INDEX i", "b!; primary b; unique i b"},
		{"drop index", sqlast.Postgres, a + "CREATE UNIQUE INDEX i ON a (b); CREATE UNIQUE INDEX j ON a (c); DROP INDEX i", "id! b c; primary id; unique j c"},
		{"drop column with its keys", sqlast.Postgres, "CREATE TABLE a (id int, b int, c int, PRIMARY KEY (b), UNIQUE (b, c), UNIQUE (c), FOREIGN KEY (b) REFERENCES x); ALTER TABLE a DROP b", "id c; unique a_c_key c"},
		{"rename column in keys", sqlast.Postgres, "CREATE TABLE a (b int PRIMARY KEY, c int UNIQUE, d int REFERENCES x); ALTER TABLE a RENAME b TO e; ALTER TABLE a RENAME COLUMN c TO f; ALTER TABLE a RENAME d TO g", "e! f g; primary e; unique a_c_key f; g to x()"},
		{"rename to nothing there", sqlast.Postgres, a + "ALTER TABLE a RENAME x TO y", "id! b c; primary id"},
		{"add twice", sqlast.Postgres, a + "ALTER TABLE a ADD COLUMN b text NOT NULL", "id! b! c; primary id"},
		{"inherit", sqlast.Postgres, "CREATE TABLE p (id int, x int); CREATE TABLE a (); ALTER TABLE a INHERIT p", "id x"},
		{"partial index", sqlast.Postgres, a + "CREATE UNIQUE INDEX i ON a (b) WHERE c IS NULL", "id! b c; primary id"},
		{"index of an expression", sqlast.Postgres, a + "CREATE UNIQUE INDEX i ON a (lower(c))", "id! b c; primary id"},
		{"renamed over another", sqlast.Postgres, "CREATE TABLE a (x int); CREATE TABLE b (y int); DROP TABLE a; ALTER TABLE b RENAME TO a", "y"},
		{"set schema over another", sqlast.Postgres, "CREATE TABLE s.b (x int); CREATE TABLE a (y int); DROP TABLE s.b; ALTER TABLE a SET SCHEMA s; ALTER TABLE s.a SET SCHEMA public", "y"},
		{"select into", sqlast.Postgres, "CREATE TABLE x (id int, b int); SELECT id, b INTO a FROM x", "id b"},
		{"policies", sqlast.Postgres, a + "ALTER TABLE a ENABLE ROW LEVEL SECURITY; CREATE POLICY p ON a FOR INSERT WITH CHECK (b = current_setting('x.b')::int); CREATE POLICY q ON a USING (c = f())", "id! b c; primary id; enabled; policy p insert b x.b; policy q all c "},
		{"altered policy", sqlast.Postgres, a + "CREATE POLICY p ON a USING (b = current_setting('x.b')::int); ALTER POLICY p ON a USING (c = current_setting('x.c'))", "id! b c; primary id; policy p all c x.c"},
		{"dropped policy", sqlast.Postgres, a + "CREATE POLICY p ON a USING (true); DROP POLICY p ON a", "id! b c; primary id"},
		{"disabled", sqlast.Postgres, a + "ALTER TABLE a ENABLE ROW LEVEL SECURITY; ALTER TABLE a DISABLE ROW LEVEL SECURITY", "id! b c; primary id"},
		{"MySQL's change", sqlast.MySQL, "CREATE TABLE a (id int PRIMARY KEY, b int); ALTER TABLE a CHANGE b c text NOT NULL", "id! c!; primary id"},
		{"MySQL's modify", sqlast.MySQL, "CREATE TABLE a (id int AUTO_INCREMENT PRIMARY KEY, b int); ALTER TABLE a MODIFY b text NOT NULL DEFAULT 'x'", "id! b!=; primary id"},
		{"MySQL's primary key", sqlast.MySQL, "CREATE TABLE a (id int PRIMARY KEY); ALTER TABLE a DROP PRIMARY KEY", "id!"},
		{"MySQL's keys", sqlast.MySQL, "CREATE TABLE `a` (`id` int, `b` int, PRIMARY KEY (`id`), UNIQUE KEY `u` (`b`), KEY `k` (`b`))", "id! b; primary id; unique u b"},
		{"MySQL's drop index", sqlast.MySQL, "CREATE TABLE a (b int, UNIQUE KEY u (b)); DROP INDEX u ON a", "b"},
		{"SQLite", sqlast.SQLite, "CREATE TABLE a (id INTEGER PRIMARY KEY AUTOINCREMENT, b REFERENCES x(y))", "id! b; primary id; b to x(y)"},
		{"a hole for the name", sqlast.Postgres, "CREATE TABLE \x00 (id int)", ""},
		{"a hole for a part", sqlast.Postgres, "CREATE TABLE a (id int, \x00)", "id"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			got, d := "", schema.Parse(test.ddl, test.dialect, tenant())
			if a := d.Lookup("", "a"); a != nil {
				got = definition(a)
			}
			if got != test.want {
				t.Errorf("got  %s\nwant %s", got, test.want)
			}
		})
	}
}

func TestTable(t *testing.T) {
	t.Parallel()
	d := schema.Parse(`CREATE TABLE a (id int PRIMARY KEY, tenant_id int, slug text UNIQUE, x int, y int, UNIQUE (x, y));
CREATE TABLE b (x int, y int, PRIMARY KEY (x, y));`, sqlast.Postgres, tenant())
	a, b := d.Lookup("", "A"), d.Lookup("public", "b")
	for column, want := range map[string]bool{"id": true, "ID": true, "slug": true, "SLUG": true, "x": false, "y": false, "tenant_id": false, "none": false} {
		if a.UniqueAlone(column) != want {
			t.Errorf("%s is unique alone: %t", column, !want)
		}
	}
	if b.UniqueAlone("x") || b.UniqueAlone("y") {
		t.Error("a part of the primary key is unique alone")
	}
	if !a.HasTenant("TENANT_ID") || a.HasTenant("id") || b.HasTenant("x") {
		t.Error("HasTenant")
	}
	if a.Column("Slug") == nil || a.Column("slug").Name != "slug" || a.Column("none") != nil {
		t.Error("Column")
	}
	if !d.HasTenants() || schema.Parse("CREATE TABLE a (id int)", sqlast.Postgres, tenant()).HasTenants() {
		t.Error("HasTenants")
	}
	more := d.With([]string{"CREATE TABLE temporary (id int, tenant_id int)", "SELECT 1", "ALTER TABLE nowhere ADD x int"}, tenant())
	if got := more.Lookup("", "temporary"); got == nil || strings.Join(got.TenantColumns, ",") != "tenant_id" || more.Lookup("", "a") == nil {
		t.Errorf("the tables that the program makes: %v", got)
	}
	if same := d.With([]string{"SELECT 1"}, tenant()); same != d {
		t.Error("nothing made, and another database")
	}
}

// Beside what models say of tables, the cases want them at the package's name.
func TestModels(t *testing.T) {
	t.Parallel()
	rule := ruletest.Facts(schema.Analyzer, nil, func(pass *analysis.Pass, result any, say ruletest.Say) {
		for _, table := range result.(*schema.Database).All() {
			name := table.Name
			if table.Schema != "" {
				name = table.Schema + "." + name
			}
			say(pass.Files[0].Name.Pos(), "table", strings.TrimSpace(fmt.Sprintf("%s %s %s %s", name, table.Role, strings.Join(table.TenantColumns, ","), definition(table))))
		}
	})
	rule.Everywhere = true
	ruletest.Run(t, rule, "../sqltext/testdata/queries", "testdata/*.txtar")
}
