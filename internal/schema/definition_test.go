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
		{"columns", sqlast.Postgres, "CREATE TABLE a (id serial, b int NOT NULL DEFAULT 1, c text DEFAULT now(), d int DEFAULT NULL, e int GENERATED ALWAYS AS (b + 1) STORED)", "id() b!= c() d e()"},
		{"identity", sqlast.Postgres, "CREATE TABLE a (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY)", "id!(); primary id"},
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
		{"MySQL's modify", sqlast.MySQL, "CREATE TABLE a (id int AUTO_INCREMENT PRIMARY KEY, b int); ALTER TABLE a MODIFY b text NOT NULL DEFAULT 'x'", "id!() b!=; primary id"},
		{"MySQL's primary key", sqlast.MySQL, "CREATE TABLE a (id int PRIMARY KEY); ALTER TABLE a DROP PRIMARY KEY", "id!"},
		{"MySQL's keys", sqlast.MySQL, "CREATE TABLE `a` (`id` int, `b` int, PRIMARY KEY (`id`), UNIQUE KEY `u` (`b`), KEY `k` (`b`))", "id! b; primary id; unique u b"},
		{"MySQL's drop index", sqlast.MySQL, "CREATE TABLE a (b int, UNIQUE KEY u (b)); DROP INDEX u ON a", "b"},
		{"SQLite", sqlast.SQLite, "CREATE TABLE a (id INTEGER PRIMARY KEY AUTOINCREMENT, b REFERENCES x(y))", "id!() b; primary id; b to x(y)"},
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

func TestAnotherDatabase(t *testing.T) {
	t.Parallel()
	d := schema.Parse("CREATE TABLE tenants (id int PRIMARY KEY); CREATE TABLE docs (id int PRIMARY KEY, tenant_id int NOT NULL REFERENCES tenants, title text, body text)", sqlast.Postgres, tenant())
	for _, test := range []struct {
		made   string
		scoped bool
	}{
		{"CREATE TABLE docs (id int PRIMARY KEY, path text)", false},
		{"CREATE TABLE IF NOT EXISTS docs (id int PRIMARY KEY, title text, body text)", true}, // the tenant came later
		{"CREATE TABLE docs (id int PRIMARY KEY, tenant_id int, path text)", true},
		{"CREATE TABLE pages (id int PRIMARY KEY, path text)", true},
	} {
		with := d.With([]string{test.made}, tenant())
		if got := with.Lookup("", "docs"); (got.Role == schema.Scoped) != test.scoped {
			t.Errorf("%s: docs is %s", test.made, got.Role)
		}
		if with.Lookup("", "tenants") == nil {
			t.Errorf("%s: no tenants", test.made)
		}
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

func TestOwners(t *testing.T) {
	t.Parallel()
	const scoped = " (id int PRIMARY KEY, tenant_id int NOT NULL); "
	for _, test := range []struct{ name, ddl, want string }{
		{"plural in ies", "CREATE TABLE categories" + scoped + "CREATE TABLE x (category_id int NOT NULL)", "categories scoped tenant_id; x owned categories"},
		{"plural in xes", "CREATE TABLE boxes" + scoped + "CREATE TABLE x (box_id int NOT NULL)", "boxes scoped tenant_id; x owned boxes"},
		{"plural in ches", "CREATE TABLE matches" + scoped + "CREATE TABLE x (match_id int NOT NULL)", "matches scoped tenant_id; x owned matches"},
		{"plural in sses", "CREATE TABLE classes" + scoped + "CREATE TABLE x (class_id int NOT NULL)", "classes scoped tenant_id; x owned classes"},
		{"singular in ss", "CREATE TABLE class" + scoped + "CREATE TABLE x (class_id int NOT NULL)", "class scoped tenant_id; x owned class"},
		{"underscores", "CREATE TABLE work_items" + scoped + "CREATE TABLE x (workitem_id int NOT NULL)", "work_items scoped tenant_id; x owned work_items"},
		{"another spelling", "CREATE TABLE organisations" + scoped + "CREATE TABLE x (organization_id int NOT NULL)", "organisations scoped tenant_id; x owned organisations"},
		{"abbreviated", "CREATE TABLE orgs" + scoped + "CREATE TABLE x (organization_id int NOT NULL)", "orgs scoped tenant_id; x owned orgs"},
		{"may be missing", "CREATE TABLE boxes" + scoped + "CREATE TABLE x (box_id int)", "boxes scoped tenant_id; x global"},
		{"a part of the key", "CREATE TABLE boxes" + scoped + "CREATE TABLE x (box_id int, n int, PRIMARY KEY (box_id, n))", "boxes scoped tenant_id; x owned boxes"},
		{"keys tell more than names", "CREATE TABLE boxes" + scoped + "CREATE TABLE y (id int PRIMARY KEY); CREATE TABLE x (box_id int NOT NULL, y_id int NOT NULL REFERENCES y (id))", "boxes scoped tenant_id; y global; x global"},
		{"itself", "CREATE TABLE boxes" + scoped + "CREATE TABLE x (id int PRIMARY KEY, x_id int NOT NULL REFERENCES x (id))", "boxes scoped tenant_id; x global"},
		{"itself by name", "CREATE TABLE boxes" + scoped + "CREATE TABLE x (id int PRIMARY KEY, x_id int NOT NULL)", "boxes scoped tenant_id; x global"},
		{"a chain in any order", "CREATE TABLE c (b_id int NOT NULL); CREATE TABLE b (id int PRIMARY KEY, a_id int NOT NULL); CREATE TABLE d (c_id int NOT NULL); CREATE TABLE a" + scoped, "c owned b; b owned a; d owned c; a scoped tenant_id"},
		{"the first that belongs to a tenant", "CREATE TABLE a" + scoped + "CREATE TABLE b (id int PRIMARY KEY, a_id int NOT NULL REFERENCES a (id)); CREATE TABLE c (b_id int NOT NULL REFERENCES b (id), a_id int NOT NULL REFERENCES a (id))", "a scoped tenant_id; b owned a; c owned b"},
		{"a ring", "CREATE TABLE a" + scoped + "CREATE TABLE x (id int PRIMARY KEY, y_id int NOT NULL); CREATE TABLE y (id int PRIMARY KEY, x_id int NOT NULL)", "a scoped tenant_id; x global; y global"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if got := roles(schema.Parse(test.ddl, sqlast.Postgres, tenant())); got != test.want {
				t.Errorf("got  %s\nwant %s", got, test.want)
			}
		})
	}
}

// How much evidence a name needs.
func TestEvidence(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		column, root   string
		tables, others int
		scoped         bool
	}{
		{"tenant_id", "", 1, 20, true},
		{"tenant_uuid", "", 1, 20, true},
		{"tenant", "", 1, 0, false},
		{"tenant", "", 3, 18, true},
		{"tenant", "", 3, 19, false},
		{"workspace_id", "", 2, 0, false},
		{"workspace_id", "", 3, 18, true},
		{"workspace_id", "workspaces", 1, 1, true},
		{"workspace_id", "workspaces", 1, 2, false},
		{"account_id", "", 9, 0, false},
		{"account_id", "accounts", 4, 0, false},
		{"account_id", "accounts", 5, 9, true},
		{"account_id", "accounts", 5, 10, false},
	} {
		var ddl strings.Builder
		refers := ""
		if test.root != "" {
			fmt.Fprintf(&ddl, "CREATE TABLE %s (id int PRIMARY KEY);", test.root)
			refers = " REFERENCES " + test.root
		}
		for i := range test.tables {
			fmt.Fprintf(&ddl, "CREATE TABLE t%d (%s int%s);", i, test.column, refers)
		}
		for i := range test.others {
			fmt.Fprintf(&ddl, "CREATE TABLE o%d (n int);", i)
		}
		d := schema.Parse(ddl.String(), sqlast.Postgres, tenant())
		if got := d.Lookup("", "t0").Role == schema.Scoped; got != test.scoped {
			t.Errorf("%+v: scoped is %t", test, got)
		}
	}
}

// Columns may refer to tenants by a name.
func TestNaturalKey(t *testing.T) {
	t.Parallel()
	const tables = `CREATE TABLE organizations (id int PRIMARY KEY, name text UNIQUE); CREATE TABLE workspaces (id int PRIMARY KEY, organization_name text NOT NULL REFERENCES organizations (name));
CREATE TABLE a (organization_name text REFERENCES organizations (name)); CREATE TABLE b (organization_name text REFERENCES organizations (name));
CREATE TABLE c (organization_name text REFERENCES organizations (name)); CREATE TABLE e (organization_name text REFERENCES organizations (name));`
	for _, test := range []struct{ ddl, column, inner string }{
		{tables, "organization_name", ""},
		{tables + `CREATE TABLE f (workspace_id int REFERENCES workspaces); CREATE TABLE g (workspace_id int REFERENCES workspaces);
CREATE TABLE h (workspace_id int REFERENCES workspaces); CREATE TABLE i (workspace_id int REFERENCES workspaces);`, "organization_name", "workspace_id"},
		{strings.ReplaceAll(tables, " REFERENCES organizations (name)", ""), "", ""},
		{strings.ReplaceAll(tables, "organizations", "names"), "", ""},
	} {
		d := schema.Parse(test.ddl, sqlast.Postgres, tenant())
		if d.Tenant.Column != test.column || d.Tenant.Inner != test.inner {
			t.Errorf("%s:\ncolumn %q, inner %q", test.ddl, d.Tenant.Column, d.Tenant.Inner)
		}
	}
}

// A name that is often a tenant's gives way to a column by which nearly all tables refer to one.
func TestOvershadowed(t *testing.T) {
	t.Parallel()
	tables := func(n int, column string) string {
		ddl := "CREATE TABLE regions (id int PRIMARY KEY); CREATE TABLE users (id int PRIMARY KEY);"
		for i := range n {
			ddl += fmt.Sprintf("CREATE TABLE t%d (id int, %s);", i, column)
		}
		for i := range 3 {
			ddl += fmt.Sprintf("CREATE TABLE o%d (id int, organization_id int);", i)
		}
		return ddl
	}
	for _, test := range []struct {
		name, ddl string
		want      schema.Confidence
	}{
		{"by another table", tables(12, "rid int REFERENCES regions"), schema.Low},
		{"by few", tables(6, "rid int REFERENCES regions"), schema.High},
		{"by less than half", tables(9, "rid int REFERENCES regions") + "CREATE TABLE a (n int); CREATE TABLE b (n int); CREATE TABLE c (n int); CREATE TABLE d (n int); CREATE TABLE e (n int);", schema.High},
		{"by a column that refers to nothing", tables(12, "rid int"), schema.High},
		{"by people", tables(12, "uid int REFERENCES users"), schema.High},
		{"though it refers to tenants", tables(12, "rid int REFERENCES regions") + "CREATE TABLE organizations (id int PRIMARY KEY);", schema.High},
		{"though it says tenant", strings.ReplaceAll(tables(12, "rid int REFERENCES regions"), "organization_id", "tenant_id"), schema.High},
	} {
		if d := schema.Parse(test.ddl, sqlast.Postgres, tenant()); d.Tenant.Confidence != test.want {
			t.Errorf("%s: %s, %s", test.name, d.Tenant.Confidence, d.Tenant.Why)
		}
	}
}

func TestNear(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ name, ddl, want string }{
		{
			"named like a tenant",
			`CREATE TABLE orgs (id int PRIMARY KEY); CREATE TABLE a (org_id int REFERENCES orgs, workspace_id int);
CREATE TABLE b (workspace_id int); CREATE TABLE c (id int); CREATE TABLE e (id int); CREATE TABLE f (id int);`,
			"org_id: 1 table has it, 1 refers to orgs; workspace_id: 2 tables have it",
		},
		{
			"in most tables, without a foreign key",
			`CREATE TABLE environments (id int PRIMARY KEY); CREATE TABLE a (id int, project_id int, environment_id int); CREATE TABLE b (id int, user_id int, environment_id int);
CREATE TABLE c (id int, user_id int, environment_id int); CREATE TABLE e (id int, user_id int);`,
			"environment_id: 3 tables have it; project_id: 1 table has it",
		},
		{
			"some refer to a table by it",
			`CREATE TABLE domains (id int PRIMARY KEY); CREATE TABLE a (domain_id int REFERENCES domains, part_id int); CREATE TABLE b (domain_id int REFERENCES domains, part_id int);
CREATE TABLE c (domain_id int, part_id int);`,
			"domain_id: 3 tables have it, 2 refer to domains; part_id: 3 tables have it",
		},
		{
			"people, if tables refer to them",
			`CREATE TABLE users (id int PRIMARY KEY); CREATE TABLE a (user_id int REFERENCES users); CREATE TABLE b (user_id int REFERENCES users);
CREATE TABLE c (user_id int REFERENCES users); CREATE TABLE e (owner_id int); CREATE TABLE f (owner_id int); CREATE TABLE g (owner_id int);`,
			"user_id: 3 tables have it, 3 refer to users",
		},
		{
			"by a name, if some tables refer to them",
			`CREATE TABLE regions (name text PRIMARY KEY); CREATE TABLE a (id int, region_name text REFERENCES regions (name), label_name text);
CREATE TABLE b (id int, region_name text, label_name text); CREATE TABLE c (id int, region_name text, label_name text);`,
			"region_name: 3 tables have it, 1 refers to regions",
		},
		{
			"a name alone is the row's own, unless it is that of what it refers to",
			`CREATE TABLE models (name text PRIMARY KEY); CREATE TABLE domains (domain text PRIMARY KEY);
CREATE TABLE a (id int, name text REFERENCES models (name), domain text REFERENCES domains (domain), part_id int); CREATE TABLE b (id int, name text, domain text, part_id int);
CREATE TABLE c (id int, name text, domain text, part_id int);`,
			"domain: 3 tables have it, 1 refers to domains; part_id: 3 tables have it",
		},
		{
			"people, if most tables have them",
			`CREATE TABLE a (id int, uid int, created_by int); CREATE TABLE b (id int, uid int, created_by int); CREATE TABLE c (id int, uid int, created_by int);
CREATE TABLE e (id int, uid int, created_by int); CREATE TABLE f (id int, uid int, created_by int);`,
			"uid: 5 tables have it",
		},
	} {
		d := schema.Parse(test.ddl, sqlast.Postgres, tenant())
		var got []string
		for _, n := range d.Near() {
			got = append(got, n.Column+": "+n.Why)
		}
		if strings.Join(got, "; ") != test.want {
			t.Errorf("%s:\ngot  %s\nwant %s", test.name, strings.Join(got, "; "), test.want)
		}
	}
}
