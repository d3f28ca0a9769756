package schema_test

import (
	"strings"
	"testing"

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
		{"author", `CREATE TABLE a (created_by int NOT NULL REFERENCES users(id), actor_user_id int NOT NULL REFERENCES users(id))`, ""},
		{"author with whom it goes", `CREATE TABLE a (created_by int NOT NULL REFERENCES users(id) ON DELETE CASCADE)`, "a created_by users"},
		{"part of the primary key", `CREATE TABLE a (doer int REFERENCES users(id), day int, PRIMARY KEY (doer, day))`, "a doer users"},
		{"nullable", `CREATE TABLE a (run_id int REFERENCES job_runs(id) ON DELETE CASCADE)`, ""},
		{"key added later", `CREATE TABLE a (run_id int); ALTER TABLE a ADD CONSTRAINT k FOREIGN KEY (run_id) REFERENCES job_runs(id) ON DELETE CASCADE; ALTER TABLE a ALTER COLUMN run_id SET NOT NULL`, "a run_id job_runs"},
		{"key dropped", `CREATE TABLE a (run_id int NOT NULL, CONSTRAINT k FOREIGN KEY (run_id) REFERENCES job_runs(id)); ALTER TABLE a DROP CONSTRAINT k`, ""},
		{"of rows that may belong to nobody", `CREATE TABLE a (draft_id int NOT NULL REFERENCES drafts(id))`, ""},
		{"of rows of nobody", `CREATE TABLE a (plan_id int NOT NULL REFERENCES plans(id))`, ""},
		{"link", `CREATE TABLE a (user_id int NOT NULL REFERENCES users(id), run_id int NOT NULL REFERENCES job_runs(id))`, "a user_id users; a run_id job_runs"},
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
