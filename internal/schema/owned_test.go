package schema_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/poollint/poollint/internal/config"
	"github.com/poollint/poollint/internal/schema"
	"github.com/poollint/poollint/internal/sqlast"
)

// owners writes down the keys by which tables are owned: "lines invoice_id invoices".
func owners(d *schema.Database) string {
	var all []string
	for _, t := range d.Tables {
		for _, o := range t.Owners {
			all = append(all, t.Name+" "+strings.Join(o.Key.Columns, ",")+" "+o.Name)
		}
	}
	return strings.Join(all, "; ")
}

func TestOwnedThrough(t *testing.T) {
	t.Parallel()
	const base = `
CREATE TABLE tenants (id int PRIMARY KEY, plan_id int NOT NULL REFERENCES plans(id));
CREATE TABLE plans (id int PRIMARY KEY);
CREATE TABLE users (id int PRIMARY KEY, tenant_id int NOT NULL REFERENCES tenants(id));
CREATE TABLE job_runs (id int PRIMARY KEY, tenant_id int NOT NULL REFERENCES tenants(id), plan_id int NOT NULL REFERENCES plans(id));
CREATE TABLE drafts (id int PRIMARY KEY, tenant_id int REFERENCES tenants(id));
`
	for _, test := range []struct{ name, ddl, want string }{
		{"named after its owner", `CREATE TABLE a (job_run_id int NOT NULL REFERENCES job_runs(id))`, "a job_run_id job_runs"},
		{"named after a part of its owner's name", `CREATE TABLE a (run_id int NOT NULL REFERENCES job_runs(id))`, "a run_id job_runs"},
		{"named as its owner", `CREATE TABLE a (job_run int NOT NULL REFERENCES job_runs(id))`, "a job_run job_runs"},
		{"named as a part of its owner", `CREATE TABLE a (run int NOT NULL REFERENCES job_runs(id))`, ""},
		{"named as its owner, of nobody perhaps", `CREATE TABLE a (job_run int REFERENCES job_runs(id))`, ""},
		{"author", `CREATE TABLE a (created_by int NOT NULL REFERENCES users(id), actor_user_id int NOT NULL REFERENCES users(id))`, ""},
		{"author with whom it goes", `CREATE TABLE a (created_by int NOT NULL REFERENCES users(id) ON DELETE CASCADE)`, "a created_by users"},
		{"part of the primary key", `CREATE TABLE a (doer int REFERENCES users(id), day int, PRIMARY KEY (doer, day))`, "a doer users"},
		{"nullable", `CREATE TABLE a (run_id int REFERENCES job_runs(id) ON DELETE CASCADE)`, ""},
		{"key added later", `CREATE TABLE a (run_id int); ALTER TABLE a ADD CONSTRAINT k FOREIGN KEY (run_id) REFERENCES job_runs(id) ON DELETE CASCADE; ALTER TABLE a ALTER COLUMN run_id SET NOT NULL`, "a run_id job_runs"},
		{"key dropped", `CREATE TABLE a (run_id int NOT NULL, CONSTRAINT k FOREIGN KEY (run_id) REFERENCES job_runs(id)); ALTER TABLE a DROP CONSTRAINT k`, ""},
		{"of rows that may belong to nobody", `CREATE TABLE a (draft_id int NOT NULL REFERENCES drafts(id))`, ""},
		{"of rows of nobody", `CREATE TABLE a (plan_id int NOT NULL REFERENCES plans(id))`, ""},
		{"link", `CREATE TABLE a (user_id int NOT NULL REFERENCES users(id), run_id int NOT NULL REFERENCES job_runs(id))`, "a user_id users; a run_id job_runs"},
		{"link without keys", `CREATE TABLE a (user_id int, job_run_id int, PRIMARY KEY (user_id, job_run_id))`, "a user_id users; a job_run_id job_runs"},
		{"link of rows of nobody without keys", `CREATE TABLE a (user_id int, plan_id int, PRIMARY KEY (user_id, plan_id))`, "a user_id users"},
		{"link of unknown rows without keys", `CREATE TABLE a (user_id int, colour_id int, PRIMARY KEY (user_id, colour_id))`, ""},
		{"link and more without keys", `CREATE TABLE a (user_id int, job_run_id int, day int, PRIMARY KEY (user_id, job_run_id, day))`, ""},
		{"part of a primary key by name", `CREATE TABLE a (user_id int, day int, PRIMARY KEY (user_id, day))`, ""},
		{"link with one key", `CREATE TABLE a (user_id int REFERENCES users(id), job_run_id int, PRIMARY KEY (user_id, job_run_id))`, "a user_id users"},
		{"primary key by name", `CREATE TABLE a (user_id int PRIMARY KEY)`, ""},
		{"chain", `CREATE TABLE a (id int PRIMARY KEY, run_id int NOT NULL REFERENCES job_runs(id)); CREATE TABLE b (id int PRIMARY KEY, a_id int NOT NULL REFERENCES a(id)); CREATE TABLE c (b_id int NOT NULL REFERENCES b(id))`,
			"a run_id job_runs; b a_id a; c b_id b"},
		{"itself and an owner", `CREATE TABLE a (id int PRIMARY KEY, a_id int NOT NULL REFERENCES a(id), run_id int NOT NULL REFERENCES job_runs(id))`, "a run_id job_runs"},
		{"each other", `CREATE TABLE a (id int PRIMARY KEY, b_id int NOT NULL REFERENCES b(id)); CREATE TABLE b (id int PRIMARY KEY, a_id int NOT NULL REFERENCES a(id))`, ""},
		{"names alone", `CREATE TABLE a (id int, run_id int NOT NULL)`, ""},
		{"view of its id", `CREATE VIEW v AS SELECT id AS run FROM job_runs`, "v run job_runs"},
		{"view of all but the tenant", `CREATE VIEW v AS SELECT u.id, plan_id FROM users u LEFT JOIN job_runs r ON r.id = u.id`, "v id users"},
		{"view of no key", `CREATE VIEW v AS SELECT plan_id FROM job_runs`, ""},
		{"view with the tenant", `CREATE VIEW v AS SELECT * FROM users`, ""},
		{"view of one tenant", `CREATE VIEW v AS SELECT id FROM users WHERE tenant_id = current_setting('app.tenant')::int`, ""},
		{"view of a union", `CREATE VIEW v AS SELECT id FROM users UNION SELECT id FROM job_runs`, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if got := owners(schema.Parse(base+test.ddl, sqlast.Postgres, tenant())); got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

func TestReferrers(t *testing.T) {
	t.Parallel()
	const base = `CREATE TABLE organizations (id int PRIMARY KEY);
CREATE TABLE a (organization_id int NOT NULL REFERENCES organizations(id));
CREATE TABLE b (organization_id int NOT NULL REFERENCES organizations(id));
`
	const others = "organizations root; a scoped organization_id; b scoped organization_id; "
	for _, test := range []struct{ name, ddl, want string }{
		{"goes with its tenant", `CREATE TABLE c (owner int NOT NULL REFERENCES organizations(id) ON DELETE CASCADE)`, "c scoped owner"},
		{"named after the tenants", `CREATE TABLE c (owner_organization_id int NOT NULL REFERENCES organizations(id))`, "c scoped owner_organization_id"},
		{"mentions a tenant", `CREATE TABLE c (id int, seen_by int NOT NULL REFERENCES organizations(id))`, "c owned organizations"},
		{"two of them", `CREATE TABLE c (buyer_organization_id int NOT NULL REFERENCES organizations(id), seller_organization_id int NOT NULL REFERENCES organizations(id))`, "c owned organizations"},
		{"looks at one of several", `CREATE TABLE c (current_organization_id int NOT NULL REFERENCES organizations(id))`, "c owned organizations"},
		{"perhaps none", `CREATE TABLE c (owner_organization_id int REFERENCES organizations(id))`, "c global"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if got := roles(schema.Parse(base+test.ddl, sqlast.Postgres, tenant())); got != others+test.want {
				t.Errorf("got %q, want %q", got, others+test.want)
			}
		})
	}
}

// tables writes n tables with a column that refers to a root table.
func tables(prefix string, n int, column string) string {
	var ddl strings.Builder
	for i := range n {
		fmt.Fprintf(&ddl, "CREATE TABLE %s%d (id int PRIMARY KEY, %s); ", prefix, i, column)
	}
	return ddl.String()
}

func TestTwoLevels(t *testing.T) {
	t.Parallel()
	const (
		tenants  = "CREATE TABLE tenants (id int PRIMARY KEY); "
		projects = "CREATE TABLE projects (id int PRIMARY KEY, tenant_id int NOT NULL REFERENCES tenants(id)); "
		both     = "tenant_id int NOT NULL REFERENCES tenants(id), project_id int NOT NULL REFERENCES projects(id)"
	)
	orgs := "CREATE TABLE organizations (id int PRIMARY KEY); " + tables("o", 9, "organization_id int NOT NULL REFERENCES organizations(id)")
	for _, test := range []struct{ name, ddl, column, inner string }{
		{"parts of a tenant", tenants + projects + tables("a", 3, both) + tables("b", 9, "tenant_id int NOT NULL REFERENCES tenants(id)"), "tenant_id", "project_id"},
		{"parts that two tables have", tenants + projects + tables("a", 2, both) + tables("b", 9, "tenant_id int NOT NULL REFERENCES tenants(id)"), "tenant_id", ""},
		{"parts that no key leads from", tenants + "CREATE TABLE projects (id int PRIMARY KEY); " + tables("a", 3, both) + tables("b", 9, "tenant_id int NOT NULL REFERENCES tenants(id)"), "tenant_id", ""},
		{"parts with the column alone", tables("b", 9, "tenant_id int") + "CREATE TABLE projects (id int PRIMARY KEY, tenant_id int NOT NULL); " + tables("a", 3, "tenant_id int, project_id int NOT NULL REFERENCES projects(id)"), "tenant_id", "project_id"},
		{"parts that may lack the column", tables("b", 9, "tenant_id int") + "CREATE TABLE projects (id int PRIMARY KEY, tenant_id text); " + tables("a", 3, "tenant_id int, project_id int NOT NULL REFERENCES projects(id)"), "tenant_id", ""},
		{"a certain name that hardly any table has", "CREATE TABLE drafts (id int, tenant_id int); CREATE TABLE projects (id int PRIMARY KEY); " + tables("a", 5, "project_id int NOT NULL REFERENCES projects(id)"), "project_id", ""},
		{"a certain name that some have", "CREATE TABLE drafts (id int, tenant_id int); CREATE TABLE memos (id int, tenant_id int); CREATE TABLE projects (id int PRIMARY KEY); " + tables("a", 5, "project_id int NOT NULL REFERENCES projects(id)"), "tenant_id", ""},
		{"a certain name beside many that do not convince", "CREATE TABLE drafts (id int, tenant_id int); CREATE TABLE customers (id int PRIMARY KEY); " + tables("a", 5, "customer_id int NOT NULL REFERENCES customers(id)") + tables("b", 30, "n int"), "tenant_id", ""},
		{"parts of organizations", orgs + "CREATE TABLE spaces (id int PRIMARY KEY, organization_id int NOT NULL REFERENCES organizations(id)); " + tables("a", 3, "space_id int NOT NULL REFERENCES spaces(id)"), "organization_id", "space_id"},
		{"customers are no parts", orgs + "CREATE TABLE customers (id int PRIMARY KEY, organization_id int NOT NULL REFERENCES organizations(id)); " + tables("a", 3, "customer_id int NOT NULL REFERENCES customers(id)"), "organization_id", ""},
		{"a key by another name", "CREATE TABLE organizations (uuid text PRIMARY KEY); CREATE TABLE goods (uuid text PRIMARY KEY); " + tables("a", 9, "organization_uuid text NOT NULL REFERENCES organizations(uuid), good_uuid text REFERENCES goods(uuid)"), "organization_uuid", ""},
		{"two spellings", orgs + tables("a", 8, "organization_uid text NOT NULL"), "organization_id", ""},
		{"a certain name by another key", tables("a", 1, "tenant_uid text NOT NULL") + tables("b", 2, "org_id int"), "tenant_uid", ""},
		{"parts by another key", "CREATE TABLE organizations (uuid text PRIMARY KEY); CREATE TABLE spaces (uuid text PRIMARY KEY, organization_uuid text NOT NULL REFERENCES organizations(uuid)); " + tables("o", 9, "organization_uuid text NOT NULL REFERENCES organizations(uuid)") + tables("a", 3, "space_uuid text NOT NULL REFERENCES spaces(uuid)"), "organization_uuid", "space_uuid"},
		{"a rare name is no rival", orgs + "CREATE TABLE apps (id int PRIMARY KEY); " + tables("a", 9, "app_id int NOT NULL REFERENCES apps(id)"), "organization_id", ""},
	} {
		d := schema.Parse(test.ddl, sqlast.Postgres, tenant())
		if c := d.Tenant; c.Column != test.column || c.Inner != test.inner || c.Confidence != schema.High {
			t.Errorf("%s: %+v", test.name, c)
		}
		named := schema.Parse(test.ddl, sqlast.Postgres, config.Tenant{Column: test.column}).Tenant
		inner := named.Inner
		if test.column == tenant().Column { // the default names nothing
			inner = test.inner
		}
		if named.Column != test.column || inner != test.inner {
			t.Errorf("%s, named by the configuration: %+v", test.name, named)
		}
	}
	holding := "CREATE TABLE holdings (id int PRIMARY KEY); " +
		"CREATE TABLE stages (id int PRIMARY KEY, holding_id int NOT NULL REFERENCES holdings(id)); " +
		"CREATE TABLE organizations (id int PRIMARY KEY, stage_id int NOT NULL REFERENCES stages(id)); " + tables("a", 3, "organization_id int NOT NULL REFERENCES organizations(id)")
	for column, inner := range map[string]string{"holding_id": "organization_id", "organization_id": "", "stage_id": "organization_id", "nothing_id": ""} {
		if c := schema.Parse(holding, sqlast.Postgres, config.Tenant{Column: column}).Tenant; c.Column != column || c.Inner != inner {
			t.Errorf("%s named by the configuration: %+v", column, c)
		}
	}
}

// Names that say little need much evidence.
func TestRareNames(t *testing.T) {
	t.Parallel()
	for _, column := range []string{"app_id", "application_id", "namespace_id", "space_id", "customer_id", "org", "workspace"} {
		root := strings.TrimSuffix(column, "_id") + "s"
		refers := column + " int NOT NULL REFERENCES " + root + "(id)"
		roots := "CREATE TABLE " + root + " (id int PRIMARY KEY); "
		for ddl, want := range map[string]schema.Confidence{
			roots + tables("a", 5, refers):                            schema.High,
			roots + tables("a", 4, refers):                            schema.Low,
			roots + tables("a", 5, refers) + tables("b", 11, "n int"): schema.Low,
			tables("a", 5, column+" int"):                             schema.Low,
		} {
			if d := schema.Parse(ddl, sqlast.Postgres, tenant()); d.Tenant.Confidence != want {
				t.Errorf("%s: %+v, want %s", ddl, d.Tenant, want)
			}
		}
	}
}

// A usual name that few tables have is the tenant's where keys lead to them from the others.
func TestReach(t *testing.T) {
	t.Parallel()
	const (
		roots = "CREATE TABLE workspaces (id int PRIMARY KEY); "
		refer = "workspace_id int NOT NULL REFERENCES workspaces(id)"
	)
	for _, test := range []struct {
		name, ddl string
		want      schema.Confidence
	}{
		{"by their parents", roots + tables("a", 3, refer) + tables("b", 20, "a0_id int NOT NULL REFERENCES a0(id)"), schema.High},
		{"by grandparents", roots + tables("a", 3, refer) + "CREATE TABLE b (id int PRIMARY KEY, a_id int NOT NULL REFERENCES a0(id)); " + tables("c", 20, "b_id int NOT NULL REFERENCES b(id)"), schema.High},
		{"at their leisure", roots + tables("a", 3, refer) + tables("b", 20, "a0_id int REFERENCES a0(id)"), schema.Low},
		{"too few lead there", roots + tables("a", 3, refer) + tables("b", 5, "a0_id int NOT NULL REFERENCES a0(id)") + tables("c", 16, "n int"), schema.Low},
		{"too few refer", roots + tables("a", 2, refer) + tables("b", 20, "a0_id int NOT NULL REFERENCES a0(id)"), schema.Low},
		{"nothing leads there", roots + tables("a", 3, refer) + tables("b", 20, "n int"), schema.Low},
	} {
		if d := schema.Parse(test.ddl, sqlast.Postgres, tenant()); d.Tenant.Confidence != test.want {
			t.Errorf("%s: %+v", test.name, d.Tenant)
		}
	}
}

func TestOtherSchemas(t *testing.T) {
	t.Parallel()
	const documents = "CREATE TABLE documents (id int, tenant_id int); "
	for _, test := range []struct {
		name, ddl, schema string
		ours              bool
	}{
		{"none", documents, "", true},
		{"the default one", documents, "public", true},
		{"one that nothing tells of", documents, "audit", false},
		{"one of its own", documents + "CREATE SCHEMA audit; CREATE TABLE audit.log (id int)", "audit", false},
		{"one that is made for it", documents + "CREATE SCHEMA IF NOT EXISTS app", "app", true},
		{"one on a search path", "SET search_path TO app; " + documents, "app", true},
		{"one on a search path beside one of its own", "SET search_path TO app, public; CREATE TABLE app.log (id int); " + documents, "app", true},
		{"one on a quoted search path", "SET search_path = 'app'; " + documents + "CREATE TABLE app.log (id int)", "app", true},
		{"another than that on the search path", "SET search_path TO app; " + documents, "audit", false},
		{"one on a search path of another kind", "SET search_path TO ?; CREATE TABLE documents (id int, tenant_id int)", "audit", true},
		{"beside a view in the default one", "SET search_path TO app; " + documents + "CREATE VIEW public.documents AS SELECT id FROM documents; DROP VIEW public.documents", "app", true},
		{"set behind it", documents + "CREATE TABLE app.log (id int); SET search_path TO app", "app", true},
		{"its own", "CREATE TABLE app.documents (tenant_id int)", "app", true},
		{"not its own", "CREATE TABLE app.documents (tenant_id int)", "audit", false},
		{"not its own but the default one", "CREATE TABLE app.documents (tenant_id int)", "public", false},
		{"left out", "CREATE TABLE app.documents (tenant_id int)", "", true},
	} {
		if got := schema.Parse(test.ddl, sqlast.Postgres, tenant()).Lookup(test.schema, "documents") != nil; got != test.ours {
			t.Errorf("%s: found is %t", test.name, got)
		}
	}
	if schema.Parse(documents, sqlast.MySQL, tenant()).Lookup("shop", "documents") == nil {
		t.Error("a MySQL database is no schema")
	}
}
