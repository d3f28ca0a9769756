package tenancy_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/poollint/poollint/internal/config"
	"github.com/poollint/poollint/internal/schema"
	"github.com/poollint/poollint/internal/sqlast"
	"github.com/poollint/poollint/internal/tenancy"
)

const ddl = `
CREATE TABLE tenants (id uuid PRIMARY KEY, slug text NOT NULL UNIQUE, name text, active boolean, stripe_id text);
CREATE TABLE countries (id int PRIMARY KEY, name text);
CREATE TABLE notes (id uuid PRIMARY KEY, customer_id uuid REFERENCES customers(id));
CREATE TABLE users (id uuid PRIMARY KEY, email text UNIQUE);
CREATE TABLE customers (id uuid PRIMARY KEY, tenant_id uuid NOT NULL REFERENCES tenants(id), name text, country_id int REFERENCES countries(id), owner_id uuid);
CREATE TABLE invoices (id uuid PRIMARY KEY, tenant_id uuid NOT NULL REFERENCES tenants(id), customer_id uuid NOT NULL REFERENCES customers(id), number text, total int, owner_id uuid, parent_id uuid, UNIQUE (tenant_id, number));
CREATE TABLE lines (id bigint PRIMARY KEY, invoice_id uuid NOT NULL REFERENCES invoices(id), sku text);
CREATE TABLE payments (id uuid PRIMARY KEY, tenant_id uuid NOT NULL, invoice_id uuid NOT NULL REFERENCES invoices(id), user_id uuid REFERENCES users(id), token_hash text UNIQUE, amount int);
CREATE TABLE members (tenant_id uuid NOT NULL REFERENCES tenants(id), user_id uuid NOT NULL REFERENCES users(id), role text, PRIMARY KEY (tenant_id, user_id));
CREATE TABLE sessions (id uuid PRIMARY KEY, tenant_id uuid NOT NULL DEFAULT current_setting('app.tenant')::uuid, data jsonb);
CREATE TABLE devices (eui bytea PRIMARY KEY, tenant_id uuid NOT NULL REFERENCES tenants(id), customer_id uuid NOT NULL REFERENCES customers(id));
CREATE TABLE readings (id uuid PRIMARY KEY, tenant_id uuid NOT NULL REFERENCES tenants(id), device bytea NOT NULL, plate text);
CREATE TABLE depots (id bigserial PRIMARY KEY, tenant_id uuid NOT NULL REFERENCES tenants(id));
CREATE TABLE vehicles (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, tenant_id uuid NOT NULL REFERENCES tenants(id), plate text);
CREATE TABLE papers (id bigint PRIMARY KEY, tenant_id uuid NOT NULL REFERENCES tenants(id), insurer text);
CREATE TABLE permits (id uuid PRIMARY KEY DEFAULT gen_random_uuid() REFERENCES papers(id), tenant_id uuid NOT NULL REFERENCES tenants(id));
CREATE TABLE uploads (id uuid PRIMARY KEY, tenant_id uuid NOT NULL REFERENCES tenants(id), content_hash text UNIQUE, digest text UNIQUE, share_hash text UNIQUE);
CREATE TABLE invitations (id uuid PRIMARY KEY, tenant_id uuid NOT NULL REFERENCES tenants(id), code text UNIQUE, digest text UNIQUE, email text UNIQUE);
CREATE TABLE access_tokens (id uuid PRIMARY KEY, tenant_id uuid NOT NULL REFERENCES tenants(id), value text UNIQUE, name text UNIQUE);
CREATE TABLE assets (id uuid PRIMARY KEY, tenant_id uuid NOT NULL REFERENCES tenants(id), urn text NOT NULL UNIQUE);
CREATE TABLE asset_versions (id uuid PRIMARY KEY, tenant_id uuid NOT NULL REFERENCES tenants(id), urn text NOT NULL);
CREATE TABLE triggers (trigger_id text NOT NULL, tenant_id uuid NOT NULL REFERENCES tenants(id));
CREATE TABLE templates (id uuid PRIMARY KEY, tenant_id uuid REFERENCES tenants(id), name text, is_system boolean, is_built_in boolean, is_default boolean);
CREATE TABLE plans (id uuid PRIMARY KEY, tenant_id uuid NOT NULL DEFAULT '00000000-0000-0000-0000-000000000000', name text UNIQUE);
`

func database(t testing.TB) *schema.Database {
	t.Helper()
	return schema.Parse(ddl, sqlast.Postgres, config.Default().Tenant)
}

// describe judges a statement and writes down what is not pinned, and, of
// references that another's predicate pins too, only that one:
// "invoices by-id", "write invoices unrestricted wrong-or".
func describe(t testing.TB, db *schema.Database, sql string, opts tenancy.Options) string {
	t.Helper()
	file := sqlast.Read(sql, sqlast.Options{})
	if len(file.Problems) > 0 {
		t.Fatalf("%s: %v", sql, file.Problems)
	}
	var found []string
	for _, stmt := range file.Stmts {
		for i, v := range tenancy.Judge(stmt, db, opts) {
			if v.Pinned || v.Leader != i {
				continue
			}
			s := fmt.Sprintf("%s %s", v.Table.Name, v.Tier)
			if v.Write {
				s = "write " + s
			}
			if r := reasons[v.Reason]; r != "" {
				s += " " + r
			}
			found = append(found, s)
		}
	}
	return strings.Join(found, ", ")
}

var reasons = map[tenancy.Reason]string{
	tenancy.OptionalFilter: "optional",
	tenancy.WrongOr:        "wrong-or",
	tenancy.MissingColumn:  "missing",
	tenancy.ConflictTarget: "conflict",
	tenancy.UnmatchedRows:  "unmatched",
	tenancy.TooLarge:       "large",
}

func TestJudge(t *testing.T) {
	t.Parallel()
	db := database(t)
	for _, test := range []struct{ name, sql, want string }{
		// What pins.
		{"equality with a parameter", `SELECT * FROM invoices WHERE tenant_id = $1`, ""},
		{"commuted", `SELECT * FROM invoices WHERE $1 = tenant_id`, ""},
		{"literal", `SELECT * FROM invoices WHERE tenant_id = 'a'`, ""},
		{"cast on both sides", `SELECT * FROM invoices i WHERE i.tenant_id::text = $1::text`, ""},
		{"setting", `SELECT * FROM invoices WHERE tenant_id = current_setting('app.tenant')::uuid`, ""},
		{"setting in a subquery", `SELECT * FROM invoices WHERE tenant_id = (SELECT current_setting('app.tenant'))`, ""},
		{"function call", `SELECT * FROM invoices WHERE tenant_id = app_tenant()`, ""},
		{"IN list", `SELECT * FROM invoices WHERE tenant_id IN ($1, $2)`, ""},
		{"= ANY", `SELECT * FROM invoices WHERE tenant_id = ANY($1::uuid[])`, ""},
		{"IS NOT DISTINCT FROM", `SELECT * FROM invoices WHERE tenant_id IS NOT DISTINCT FROM $1`, ""},
		{"row equality", `SELECT * FROM invoices WHERE (tenant_id, id) = ($1, $2)`, ""},
		{"row in list", `SELECT * FROM invoices WHERE (id, tenant_id) IN (($1, $2), ($3, $4))`, ""},
		{"row in unnest", `SELECT * FROM invoices WHERE (id, tenant_id) IN (SELECT unnest($1::uuid[]), unnest($2::uuid[]))`, ""},
		{"through another column", `SELECT * FROM invoices WHERE tenant_id = owner_id AND owner_id = $1`, ""},
		{"tenant found by its slug", `SELECT * FROM invoices WHERE tenant_id = (SELECT id FROM tenants WHERE slug = $1)`, ""},
		{"tenant joined by its slug", `SELECT i.* FROM tenants t JOIN invoices i ON i.tenant_id = t.id WHERE t.slug = $1`, ""},
		{"tenant of a row found by id", `SELECT * FROM invoices WHERE tenant_id = (SELECT tenant_id FROM customers WHERE id = $1)`, "customers by-id"},
		{"tenants of a user", `SELECT * FROM invoices WHERE tenant_id IN (SELECT tenant_id FROM members WHERE user_id = $1)`, "members by-parent"},
		{"tenants of a role", `SELECT * FROM invoices WHERE tenant_id IN (SELECT tenant_id FROM members WHERE role = $1)`, "members unrestricted"},
		{"tenant found by an id of another service", `SELECT i.* FROM tenants t JOIN invoices i ON i.tenant_id = t.id WHERE t.stripe_id = $1`, ""},
		{"tenant IN of a pinned subquery", `SELECT * FROM invoices WHERE tenant_id IN (SELECT tenant_id FROM members WHERE tenant_id = $1)`, ""},
		{"rows of no tenant", `SELECT * FROM invoices WHERE tenant_id IS NULL`, ""},
		{"own rows and those of no tenant", `SELECT * FROM invoices WHERE tenant_id = $1 OR tenant_id IS NULL`, ""},
		{"HAVING on the group", `SELECT tenant_id, count(*) FROM invoices GROUP BY tenant_id HAVING tenant_id = $1`, ""},
		{"nested conjunction", `SELECT * FROM invoices WHERE ((id = $1) AND ((tenant_id = $2)))`, ""},

		// What does not.
		{"nothing", `SELECT * FROM invoices`, "invoices unrestricted"},
		{"natural key", `SELECT * FROM invoices WHERE number = $1`, "invoices unrestricted"},
		{"own id", `SELECT * FROM invoices WHERE id = $1`, "invoices by-id"},
		{"own ids", `SELECT * FROM invoices WHERE id = ANY($1)`, "invoices by-id"},
		{"natural primary key", `SELECT * FROM devices WHERE eui = $1`, "devices by-id"},
		{"name that is unique worldwide", `SELECT * FROM assets WHERE urn = $1`, "assets by-id"},
		{"name that is not unique", `SELECT * FROM asset_versions WHERE urn = $1`, "asset_versions unrestricted"},
		{"natural primary keys", `SELECT * FROM devices WHERE eui = ANY($1)`, "devices by-id"},
		{"join by a natural primary key", `SELECT d.* FROM readings r JOIN devices d ON d.eui = r.device WHERE r.tenant_id = $1`, ""},
		{"join by a natural primary key, the other way", `SELECT r.* FROM readings r JOIN devices d ON d.eui = r.device WHERE d.tenant_id = $1`, ""},
		{"DELETE by natural primary keys of pinned rows", `DELETE FROM readings WHERE device IN (SELECT eui FROM devices WHERE tenant_id = $1)`, ""},
		{"join by what is no key", `SELECT r.* FROM readings r JOIN vehicles v ON v.plate = r.plate WHERE v.tenant_id = $1`, "readings unrestricted"},
		{"natural primary key, joined", `SELECT c.* FROM customers c JOIN devices d ON d.customer_id = c.id WHERE d.eui = $1`, "devices by-id"},
		{"id named for its own table", `DELETE FROM triggers WHERE trigger_id = $1`, "write triggers by-id"},
		{"secret of a table named for it", `SELECT * FROM access_tokens WHERE value = $1`, "access_tokens by-id"},
		{"name of a secret", `SELECT value FROM access_tokens WHERE name = $1`, "access_tokens unrestricted"},
		{"keys that two tables count for themselves", `SELECT v.plate FROM depots d JOIN vehicles v USING (id) WHERE d.tenant_id = $1`, "vehicles unrestricted"},
		{"the same with ON", `SELECT v.plate FROM depots d JOIN vehicles v ON v.id = d.id WHERE d.tenant_id = $1`, "vehicles unrestricted"},
		{"a row more for some", `SELECT p.insurer FROM vehicles v JOIN papers p USING (id) WHERE v.tenant_id = $1`, ""},
		{"a table with itself", `SELECT w.plate FROM vehicles v JOIN vehicles w USING (id) WHERE v.tenant_id = $1`, ""},
		{"a key that refers to the other", `SELECT 1 FROM permits p JOIN papers q USING (id) WHERE q.tenant_id = $1`, ""},
		{"code of an invitation", `SELECT * FROM invitations WHERE code = $1`, "invitations by-id"},
		{"digest of an invitation", `SELECT * FROM invitations WHERE digest = $1`, "invitations by-id"},
		{"address of an invitation", `SELECT * FROM invitations WHERE email = $1`, "invitations unrestricted"},
		{"hash of a content", `SELECT * FROM uploads WHERE content_hash = $1`, "uploads unrestricted"},
		{"digest of a content", `SELECT * FROM uploads WHERE digest = $1`, "uploads unrestricted"},
		{"hash of no content", `SELECT * FROM uploads WHERE share_hash = $1`, "uploads by-id"},
		{"unique secret", `SELECT * FROM payments WHERE token_hash = $1`, "payments by-id"},
		{"parent's id", `SELECT * FROM invoices WHERE customer_id = $1`, "invoices by-parent"},
		{"a schema of the program's", "SELECT * FROM \x00.invoices WHERE number = $1", "invoices unrestricted"},
		{"a table of the program's", "SELECT * FROM public.\x00 WHERE number = $1", ""},
		{"joined to an inserted row", `WITH i AS (INSERT INTO invoices (tenant_id, number) VALUES ($1, $2) RETURNING id, tenant_id)
			SELECT i.id, count(p.id) FROM i LEFT JOIN payments p ON p.tenant_id = i.tenant_id AND p.total > 0 GROUP BY i.id`, ""},
		{"either of two parents", `SELECT * FROM invoices WHERE customer_id = $1 OR payer_id = $1`, "invoices by-parent"},
		{"a parent or a natural key", `SELECT * FROM invoices WHERE customer_id = $1 OR number = $2`, "invoices unrestricted"},
		{"parent joined by id", `SELECT l.* FROM lines l JOIN invoices i ON i.id = l.invoice_id WHERE l.id = $1`, "invoices by-parent"},
		{"id in a subquery", `SELECT * FROM invoices WHERE id IN (SELECT invoice_id FROM lines WHERE sku = $1)`, "invoices unrestricted"},
		{"negated equality", `SELECT * FROM invoices WHERE NOT (tenant_id = $1)`, "invoices unrestricted"},
		{"inequality", `SELECT * FROM invoices WHERE tenant_id <> $1`, "invoices unrestricted"},
		{"not null", `SELECT * FROM invoices WHERE tenant_id IS NOT NULL`, "invoices unrestricted"},
		{"NOT IN", `SELECT * FROM invoices WHERE tenant_id NOT IN ($1)`, "invoices unrestricted"},
		{"<> ALL", `SELECT * FROM invoices WHERE tenant_id <> ALL($1)`, "invoices unrestricted"},
		{"= ALL", `SELECT * FROM invoices WHERE tenant_id = ALL($1)`, "invoices unrestricted"},
		{"LIKE", `SELECT * FROM invoices WHERE tenant_id LIKE $1`, "invoices unrestricted"},
		{"range", `SELECT * FROM invoices WHERE tenant_id >= $1`, "invoices unrestricted"},
		{"IS DISTINCT FROM", `SELECT * FROM invoices WHERE tenant_id IS DISTINCT FROM $1`, "invoices unrestricted"},
		{"equal to itself", `SELECT * FROM invoices WHERE tenant_id = tenant_id`, "invoices unrestricted"},
		{"two unpinned tables equated", `SELECT * FROM invoices i JOIN payments p ON p.tenant_id = i.tenant_id`, "invoices unrestricted"},
		{"select list", `SELECT tenant_id FROM invoices WHERE id = $1`, "invoices by-id"},
		{"equality in the select list", `SELECT tenant_id = $2 FROM invoices WHERE id = $1`, "invoices by-id"},
		{"order by", `SELECT id FROM invoices ORDER BY tenant_id = $1`, "invoices unrestricted"},
		{"SET", `UPDATE invoices SET tenant_id = $1 WHERE id = $2`, "write invoices by-id"},
		{"RETURNING", `DELETE FROM invoices WHERE id = $1 RETURNING tenant_id`, "write invoices by-id"},
		{"CASE", `SELECT * FROM invoices WHERE CASE WHEN tenant_id = $1 THEN true ELSE total > 0 END`, "invoices unrestricted"},
		{"FILTER", `SELECT count(*) FILTER (WHERE tenant_id = $1) FROM invoices`, "invoices unrestricted"},

		// Disjunction.
		{"every branch", `SELECT * FROM invoices WHERE tenant_id = $1 OR tenant_id = $2`, ""},
		{"every branch with more", `SELECT * FROM invoices WHERE (tenant_id = $1 AND id = $2) OR (number = $3 AND tenant_id = $1)`, ""},
		{"precedence", `SELECT * FROM invoices WHERE id = $1 OR number = $1 AND tenant_id = $2`, "invoices unrestricted wrong-or"},
		{"parenthesised", `SELECT * FROM invoices WHERE (id = $1 OR number = $1) AND tenant_id = $2`, ""},
		{"or a flag", `SELECT * FROM invoices WHERE tenant_id = $1 OR total = 0`, "invoices unrestricted wrong-or"},
		{"or shared", `SELECT * FROM templates WHERE tenant_id = $1 OR is_system = TRUE`, ""},
		{"or shared, built in", `SELECT * FROM templates WHERE tenant_id = $1 OR is_built_in = true`, ""},
		{"or shared, alone", `SELECT * FROM templates WHERE is_system OR tenant_id = $1`, ""},
		{"or shared, by a number", `SELECT * FROM templates WHERE tenant_id = $1 OR (is_system = 1 AND name = $2)`, ""},
		{"what refers to shared rows", `SELECT * FROM invoices WHERE number IN (SELECT name FROM templates WHERE tenant_id = $1 OR is_system)`, "invoices unrestricted, templates unrestricted wrong-or"},
		{"or shared, of another table", `SELECT * FROM invoices i JOIN templates t ON t.name = i.number WHERE i.tenant_id = $1 OR t.is_system`, "invoices unrestricted wrong-or, templates unrestricted"},
		{"or not shared", `SELECT * FROM templates WHERE tenant_id = $1 OR is_system = FALSE`, "templates unrestricted wrong-or"},
		{"or what is asked for", `SELECT * FROM templates WHERE tenant_id = $1 OR is_system = $2`, "templates unrestricted wrong-or"},
		{"or the default", `SELECT * FROM templates WHERE tenant_id = $1 OR is_default`, "templates unrestricted wrong-or"},
		{"changed or shared", `DELETE FROM templates WHERE tenant_id = $1 OR is_system`, "write templates unrestricted wrong-or"},
		{"or false", `SELECT * FROM invoices WHERE tenant_id = $1 OR FALSE`, ""},
		{"optional", `SELECT * FROM invoices WHERE ($1::uuid IS NULL OR tenant_id = $1)`, "invoices unrestricted optional"},
		{"optional by the empty string", `SELECT * FROM invoices WHERE id = $2 AND ($1 = '' OR tenant_id = $1)`, "invoices unrestricted optional"},
		{"optional by a flag", `SELECT * FROM invoices WHERE (NOT $2::bool OR tenant_id = $1)`, "invoices unrestricted optional"},
		{"optional by COALESCE", `SELECT * FROM invoices WHERE COALESCE($1, tenant_id) = tenant_id`, "invoices unrestricted optional"},
		{"optional by COALESCE, commuted", `SELECT * FROM invoices WHERE tenant_id = COALESCE($1, tenant_id)`, "invoices unrestricted optional"},
		{"optional by CASE", `SELECT * FROM invoices WHERE tenant_id = CASE WHEN $1 IS NULL THEN tenant_id ELSE $1 END`, "invoices unrestricted optional"},
		{"other optional filter", `SELECT * FROM invoices WHERE tenant_id = $1 AND ($2::text IS NULL OR number = $2)`, ""},
		{"join under OR", `SELECT * FROM invoices i JOIN payments p ON p.invoice_id = i.id OR p.user_id = $2 WHERE i.tenant_id = $1`, "payments unrestricted wrong-or"},

		// Joins.
		{"child by key", `SELECT * FROM invoices i JOIN payments p ON p.invoice_id = i.id WHERE i.tenant_id = $1`, ""},
		{"parent by key", `SELECT * FROM invoices i JOIN payments p ON p.invoice_id = i.id WHERE p.tenant_id = $1`, ""},
		{"comma join", `SELECT * FROM invoices i, payments p WHERE p.invoice_id = i.id AND p.tenant_id = $1`, ""},
		{"USING tenant", `SELECT * FROM invoices JOIN payments USING (tenant_id) WHERE invoices.tenant_id = $1`, ""},
		{"natural join", `SELECT * FROM invoices NATURAL JOIN payments WHERE invoices.tenant_id = $1`, ""},
		{"through a table without tenant", `SELECT * FROM lines l JOIN invoices i ON i.id = l.invoice_id WHERE i.tenant_id = $1`, ""},
		{"chain of keys", `SELECT p.* FROM payments p JOIN invoices i ON p.invoice_id = i.id JOIN customers c ON c.id = i.customer_id WHERE c.tenant_id = $1`, ""},
		{"no key", `SELECT * FROM invoices i JOIN payments p ON p.amount = i.total WHERE i.tenant_id = $1`, "payments unrestricted"},
		{"free text is no key", `SELECT * FROM customers c JOIN invoices i ON i.owner_id = c.owner_id WHERE c.tenant_id = $1`, "invoices unrestricted"},
		{"shared parent of nobody", `SELECT * FROM members m JOIN payments p ON p.user_id = m.user_id WHERE m.tenant_id = $1`, "payments unrestricted"},
		{"through a table of nobody", `SELECT p.* FROM members m JOIN users u ON u.id = m.user_id JOIN payments p ON p.user_id = u.id WHERE m.tenant_id = $1`, "payments by-parent"},
		{"through a row that refers to a pinned one", `SELECT p.* FROM customers c JOIN notes n ON n.customer_id = c.id JOIN payments p ON p.note_id = n.id WHERE c.tenant_id = $1`, ""},
		{"siblings by their parent", `SELECT * FROM lines l JOIN payments p ON p.invoice_id = l.invoice_id WHERE p.tenant_id = $1`, ""},
		{"cross join", `SELECT * FROM invoices CROSS JOIN payments WHERE invoices.tenant_id = $1`, "payments unrestricted"},
		{"LEFT JOIN receives", `SELECT * FROM invoices i LEFT JOIN payments p ON p.invoice_id = i.id WHERE i.tenant_id = $1`, ""},
		{"LEFT JOIN gives nothing", `SELECT * FROM invoices i LEFT JOIN payments p ON p.invoice_id = i.id AND p.tenant_id = $1`, "invoices unrestricted"},
		{"LEFT JOIN without key", `SELECT * FROM invoices i LEFT JOIN payments p ON p.amount > 0 WHERE i.tenant_id = $1`, "payments unrestricted"},
		{"LEFT JOIN pinned in ON", `SELECT * FROM invoices i LEFT JOIN payments p ON p.amount > 0 AND p.tenant_id = i.tenant_id WHERE i.tenant_id = $1`, ""},
		{"LEFT JOIN that WHERE makes inner", `SELECT * FROM invoices i LEFT JOIN payments p ON p.invoice_id = i.id WHERE p.tenant_id = $1`, ""},
		{"chained LEFT JOINs", `SELECT * FROM customers c LEFT JOIN invoices i ON i.customer_id = c.id LEFT JOIN payments p ON p.invoice_id = i.id WHERE c.tenant_id = $1`, ""},
		{"RIGHT JOIN receives", `SELECT * FROM payments p RIGHT JOIN invoices i ON p.invoice_id = i.id WHERE i.tenant_id = $1`, ""},
		{"RIGHT JOIN gives nothing", `SELECT * FROM payments p RIGHT JOIN invoices i ON p.invoice_id = i.id AND p.tenant_id = $1`, "invoices unrestricted"},
		{"FULL JOIN", `SELECT * FROM payments p FULL JOIN invoices i ON p.invoice_id = i.id AND p.tenant_id = $1`, "payments unrestricted, invoices unrestricted"},
		{"FULL JOIN pinned twice", `SELECT * FROM payments p FULL JOIN invoices i ON p.invoice_id = i.id WHERE p.tenant_id = $1 AND i.tenant_id = $1`, ""},
		{"tenants by liveness", `SELECT i.* FROM invoices i JOIN tenants t ON t.id = i.tenant_id WHERE t.active = true`, "invoices unrestricted"},
		{"list of tenants", `SELECT * FROM tenants`, ""},
		{"self join by parent", `SELECT * FROM invoices a JOIN invoices b ON b.parent_id = a.id WHERE a.tenant_id = $1`, ""},
		{"self join unpinned", `SELECT * FROM invoices a JOIN invoices b ON b.number = a.number WHERE a.tenant_id = $1`, "invoices unrestricted"},

		// Subqueries.
		{"IN pinned subquery", `SELECT * FROM payments WHERE invoice_id IN (SELECT id FROM invoices WHERE tenant_id = $1)`, ""},
		{"= ANY pinned subquery", `SELECT * FROM payments WHERE invoice_id = ANY (SELECT id FROM invoices WHERE tenant_id = $1)`, ""},
		{"= ANY of ARRAY", `SELECT * FROM payments WHERE invoice_id = ANY (ARRAY(SELECT id FROM invoices WHERE tenant_id = $1))`, ""},
		{"IN unpinned subquery", `SELECT * FROM payments WHERE invoice_id IN (SELECT id FROM invoices WHERE total > 0)`, "payments unrestricted"},
		{"IN of no key", `SELECT * FROM payments WHERE amount IN (SELECT total FROM invoices WHERE tenant_id = $1)`, "payments unrestricted"},
		{"NOT IN gives nothing", `SELECT * FROM payments WHERE invoice_id NOT IN (SELECT id FROM invoices WHERE tenant_id = $1)`, "payments unrestricted"},
		{"EXISTS pins", `SELECT * FROM payments p WHERE EXISTS (SELECT 1 FROM invoices i WHERE i.id = p.invoice_id AND i.tenant_id = $1)`, ""},
		{"EXISTS receives", `SELECT * FROM payments p WHERE p.tenant_id = $1 AND EXISTS (SELECT 1 FROM invoices i WHERE i.id = p.invoice_id)`, ""},
		{"EXISTS not correlated", `SELECT * FROM payments p WHERE p.tenant_id = $1 AND EXISTS (SELECT 1 FROM invoices i WHERE i.total = $2)`, "invoices unrestricted"},
		{"NOT EXISTS gives nothing", `SELECT * FROM payments p WHERE NOT EXISTS (SELECT 1 FROM invoices i WHERE i.id = p.invoice_id AND i.tenant_id = $1)`, "payments unrestricted"},
		{"NOT EXISTS receives", `SELECT * FROM payments p WHERE p.tenant_id = $1 AND NOT EXISTS (SELECT 1 FROM invoices i WHERE i.id = p.invoice_id)`, ""},
		{"scalar subquery correlated", `SELECT i.id, (SELECT count(*) FROM payments p WHERE p.invoice_id = i.id) FROM invoices i WHERE i.tenant_id = $1`, ""},
		{"scalar subquery on its own", `SELECT i.id, (SELECT count(*) FROM payments p) FROM invoices i WHERE i.tenant_id = $1`, "payments unrestricted"},
		{"scalar subquery by no key", `SELECT i.id, (SELECT count(*) FROM customers c WHERE c.owner_id = i.owner_id) FROM invoices i WHERE i.tenant_id = $1`, "customers unrestricted"},
		{"pins in a scalar subquery stay there", `SELECT (SELECT 1 FROM invoices i WHERE i.id = p.invoice_id AND i.tenant_id = $1) FROM payments p`, "payments unrestricted"},
		{"rows by their place", `DELETE FROM payments WHERE ctid IN (SELECT ctid FROM payments WHERE tenant_id = $1 LIMIT 10)`, ""},
		{"subquery with LIMIT", `DELETE FROM payments WHERE tenant_id = $1 AND id IN (SELECT id FROM payments ORDER BY amount LIMIT 10)`, "payments unrestricted"},
		{"aggregate over all", `SELECT * FROM invoices WHERE tenant_id = $1 AND id = (SELECT max(invoice_id) FROM payments)`, "payments unrestricted"},
		{"derived table pinned within", `SELECT * FROM (SELECT id FROM invoices WHERE tenant_id = $1) x JOIN payments p ON p.invoice_id = x.id`, ""},
		{"derived table pinned outside", `SELECT * FROM (SELECT * FROM invoices) x WHERE x.tenant_id = $1`, ""},
		{"derived table renames", `SELECT * FROM (SELECT id AS k, tenant_id AS t FROM invoices) x WHERE x.t = $1`, ""},
		{"derived table column list", `SELECT * FROM (SELECT id, tenant_id FROM invoices) x (a, b) WHERE x.b = $1`, ""},
		{"derived table with LIMIT", `SELECT * FROM (SELECT * FROM invoices LIMIT 10) x WHERE x.tenant_id = $1`, "invoices unrestricted"},
		{"LEFT JOIN of a derived table", `SELECT * FROM invoices i LEFT JOIN (SELECT invoice_id, sum(amount) FROM payments GROUP BY invoice_id) p ON p.invoice_id = i.id WHERE i.tenant_id = $1`, ""},
		{"LATERAL", `SELECT * FROM invoices i CROSS JOIN LATERAL (SELECT * FROM payments p WHERE p.invoice_id = i.id ORDER BY amount LIMIT 1) x WHERE i.tenant_id = $1`, ""},
		{"LATERAL without key", `SELECT * FROM invoices i CROSS JOIN LATERAL (SELECT * FROM payments p LIMIT 1) x WHERE i.tenant_id = $1`, "payments unrestricted"},
		{"union", `SELECT id FROM invoices WHERE tenant_id = $1 UNION ALL SELECT id FROM payments`, "payments unrestricted"},
		{"union pinned", `SELECT id FROM invoices WHERE tenant_id = $1 UNION SELECT id FROM payments WHERE tenant_id = $1`, ""},
		{"except", `SELECT id FROM invoices WHERE tenant_id = $1 EXCEPT SELECT invoice_id FROM payments`, "payments unrestricted"},
		{"union as derived table", `SELECT * FROM (SELECT id, tenant_id FROM invoices UNION ALL SELECT id, tenant_id FROM payments) x WHERE x.tenant_id = $1`, ""},
		{"one arm of a derived union", `SELECT p.* FROM payments p JOIN (SELECT id FROM invoices WHERE tenant_id = $1 UNION ALL SELECT id FROM invoices) x ON x.id = p.invoice_id`, "payments unrestricted"},
		{"VALUES as derived table", `SELECT i.* FROM invoices i JOIN (VALUES ($1, $2)) v (t, i) ON v.t = i.tenant_id`, ""},
		{"unnest", `SELECT i.* FROM unnest($1::uuid[], $2::uuid[]) AS k (t, id) JOIN invoices i ON i.tenant_id = k.t AND i.id = k.id`, ""},
		{"set-returning function of a row", `SELECT i.* FROM sessions s, jsonb_array_elements(s.data) e JOIN invoices i ON true WHERE s.tenant_id = $1`, "invoices unrestricted"},

		// CTEs.
		{"CTE hands the row on", `WITH x AS (SELECT id FROM invoices WHERE tenant_id = $1) SELECT * FROM payments p JOIN x ON x.id = p.invoice_id`, ""},
		{"CTE unpinned", `WITH x AS (SELECT id FROM invoices) SELECT * FROM x`, "invoices unrestricted"},
		{"CTE pinned outside", `WITH x AS (SELECT * FROM invoices) SELECT * FROM x WHERE tenant_id = $1`, ""},
		{"CTE pinned at one of two references", `WITH x AS (SELECT * FROM invoices) SELECT * FROM x WHERE tenant_id = $1 UNION ALL SELECT * FROM x`, "invoices unrestricted"},
		{"CTE referred to twice", `WITH x AS (SELECT id, customer_id FROM invoices WHERE tenant_id = $1) SELECT * FROM x JOIN customers c ON c.id = x.customer_id WHERE x.id IN (SELECT id FROM x)`, ""},
		{"CTE of parameters", `WITH input AS (SELECT unnest($1::uuid[]) AS t, unnest($2::uuid[]) AS id) SELECT i.* FROM invoices i WHERE (i.tenant_id, i.id) IN (SELECT t, id FROM input)`, ""},
		{"CTE that nothing joins", `WITH x AS (SELECT id FROM invoices WHERE tenant_id = $1) UPDATE payments SET amount = 0 FROM x WHERE payments.id = ANY($2)`, "write payments by-id"},
		{"CTE unused", `WITH x AS (SELECT id FROM invoices) SELECT 1`, "invoices unrestricted"},
		{"CTE changes rows", `WITH x AS (UPDATE invoices SET total = 0 WHERE tenant_id = $1 RETURNING id) SELECT * FROM payments p JOIN x ON x.id = p.invoice_id`, ""},
		{"CTE changes rows by id", `WITH x AS (DELETE FROM invoices WHERE id = $1 RETURNING id, tenant_id) SELECT * FROM x WHERE tenant_id = $2`, "write invoices by-id"},
		{"recursive CTE", `WITH RECURSIVE x AS (SELECT * FROM invoices WHERE tenant_id = $1 AND id = $2 UNION ALL SELECT i.* FROM invoices i JOIN x ON i.parent_id = x.id) SELECT * FROM x`, ""},
		{"recursive CTE unpinned", `WITH RECURSIVE x AS (SELECT * FROM invoices WHERE id = $2 UNION ALL SELECT i.* FROM invoices i JOIN x ON i.parent_id = x.id) SELECT * FROM x`, "invoices by-id"},
		{"CTE shadows a table", `WITH invoices AS (SELECT 1 AS id) SELECT * FROM invoices`, ""},
		{"queue", `WITH next AS (SELECT id FROM payments WHERE tenant_id = $1 ORDER BY amount LIMIT 10 FOR UPDATE SKIP LOCKED) UPDATE payments SET amount = 1 FROM next WHERE payments.id = next.id`, ""},

		// Changes of rows.
		{"UPDATE", `UPDATE invoices SET total = 1 WHERE id = $1 AND tenant_id = $2`, ""},
		{"UPDATE all", `UPDATE invoices SET total = 1`, "write invoices unrestricted"},
		{"UPDATE FROM by key", `UPDATE payments p SET amount = i.total FROM invoices i WHERE i.id = p.invoice_id AND i.tenant_id = $1`, ""},
		{"UPDATE FROM unpinned", `UPDATE payments p SET amount = i.total FROM invoices i WHERE i.id = p.invoice_id`, "write payments unrestricted"},
		{"subquery in SET", `UPDATE customers c SET name = (SELECT number FROM invoices i WHERE i.total = 1) WHERE c.tenant_id = $1`, "invoices unrestricted"},
		{"DELETE USING", `DELETE FROM payments p USING invoices i WHERE i.id = p.invoice_id AND i.tenant_id = $1`, ""},
		{"DELETE by parent", `DELETE FROM payments WHERE invoice_id = $1`, "write payments by-parent"},
		{"INSERT", `INSERT INTO invoices (id, tenant_id, customer_id) VALUES ($1, $2, $3)`, ""},
		{"INSERT without the column", `INSERT INTO invoices (id, customer_id) VALUES ($1, $2)`, "write invoices unrestricted missing"},
		{"INSERT without column list", `INSERT INTO members VALUES ($1, $2, 'owner')`, ""},
		{"INSERT SET", `INSERT INTO invoices SET number = $1, tenant_id = $2`, ""},
		{"INSERT SET without the column", `INSERT INTO invoices SET id = $1, customer_id = $2`, "write invoices unrestricted missing"},
		{"INSERT SET of a hole", "INSERT INTO invoices SET id = $1, \x00", "write invoices unseen"},
		{"INSERT SET of a hole's value", "INSERT INTO invoices SET id = $1, \x00 = $2", "write invoices unseen"},
		{"INSERT DEFAULT from the session", `INSERT INTO sessions (tenant_id, id) VALUES (DEFAULT, $1)`, ""},
		{"INSERT leaves the session's default", `INSERT INTO sessions (id) VALUES ($1)`, ""},
		{"INSERT constant DEFAULT", `INSERT INTO plans (tenant_id, id) VALUES (DEFAULT, $1)`, "write plans unrestricted missing"},
		{"INSERT DEFAULT VALUES", `INSERT INTO invoices DEFAULT VALUES`, "write invoices unrestricted missing"},
		{"INSERT SELECT pinned", `INSERT INTO payments (id, tenant_id, invoice_id) SELECT $1, tenant_id, id FROM invoices WHERE tenant_id = $2`, ""},
		{"INSERT SELECT a parameter", `INSERT INTO payments (id, tenant_id, invoice_id) SELECT $1, $2, l.invoice_id FROM lines l`, "lines unrestricted"},
		{"INSERT SELECT by id", `INSERT INTO payments (id, tenant_id, invoice_id) SELECT $1, i.tenant_id, i.id FROM invoices i WHERE i.id = $2`, "invoices by-id"},
		{"INSERT of a tenant and its rows", `WITH t AS (INSERT INTO tenants (slug) VALUES ($1) RETURNING id AS tenant_id), i AS (INSERT INTO invoices (tenant_id, number) SELECT tenant_id, $2 FROM t RETURNING id, tenant_id) INSERT INTO payments (tenant_id, invoice_id) SELECT tenant_id, id FROM i`, ""},
		{"INSERT of a tenant, unless it is there", `WITH t AS (INSERT INTO tenants (slug) SELECT $1 FROM countries ON CONFLICT DO NOTHING RETURNING id) INSERT INTO invoices (tenant_id, number) SELECT id, $2 FROM t`, ""},
		{"INSERT of a tenant, or another's", `WITH t AS (INSERT INTO tenants (slug) VALUES ($1) ON CONFLICT (slug) DO UPDATE SET name = 'x' RETURNING id) INSERT INTO invoices (tenant_id, number) SELECT id, $2 FROM t`, "write invoices unrestricted"},
		{"INSERT of a country and everybody's rows", `WITH r AS (INSERT INTO countries (name) VALUES ($1) RETURNING id) INSERT INTO invoices (tenant_id, number) SELECT t.id, $2 FROM tenants t, r`, "write invoices unrestricted"},
		{"INSERT SELECT unpinned", `INSERT INTO payments (id, tenant_id, invoice_id) SELECT gen_random_uuid(), i.tenant_id, i.id FROM invoices i`, "invoices unrestricted"},
		{"INSERT SELECT of a union", `INSERT INTO payments (tenant_id) SELECT tenant_id FROM (SELECT tenant_id FROM invoices UNION SELECT tenant_id FROM customers) x`, "invoices unrestricted, customers unrestricted"},
		{"INSERT tenant found by slug", `INSERT INTO invoices (tenant_id) VALUES ((SELECT id FROM tenants WHERE slug = $1))`, ""},
		{"INSERT tenant of a row", `INSERT INTO payments (tenant_id) VALUES ((SELECT tenant_id FROM invoices WHERE id = $1))`, "invoices by-id"},
		{"INSERT name of any tenant's row", `INSERT INTO invoices (tenant_id, number) VALUES ($1, (SELECT name FROM customers WHERE id = $2))`, "customers by-id"},
		{"conflict with the tenant", `INSERT INTO invoices (tenant_id, number) VALUES ($1, $2) ON CONFLICT (tenant_id, number) DO UPDATE SET total = 1`, ""},
		{"conflict by natural key", `INSERT INTO plans (tenant_id, name) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET name = excluded.name`, "write plans unrestricted conflict"},
		{"conflict by constraint", `INSERT INTO plans (tenant_id, name) VALUES ($1, $2) ON CONFLICT ON CONSTRAINT plans_name_key DO UPDATE SET name = excluded.name`, "write plans unrestricted conflict"},
		{"conflict that checks the tenant", `INSERT INTO plans (tenant_id, name) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET name = excluded.name WHERE plans.tenant_id = excluded.tenant_id`, ""},
		{"conflict by id", `INSERT INTO plans (id, tenant_id) VALUES ($1, $2) ON CONFLICT (id) DO UPDATE SET name = excluded.name`, "write plans by-id conflict"},
		{"conflict by the primary key", `INSERT INTO plans (id, tenant_id) VALUES ($1, $2) ON CONFLICT ON CONSTRAINT plans_pkey DO UPDATE SET name = excluded.name`, "write plans by-id conflict"},
		{"conflict by id takes the row over", `INSERT INTO plans (id, tenant_id) VALUES ($1, $2) ON CONFLICT (id) DO UPDATE SET tenant_id = excluded.tenant_id`, "write plans unrestricted conflict"},
		{"conflict by id that checks the tenant", `INSERT INTO plans AS p (id, tenant_id) VALUES ($1, $2) ON CONFLICT (id) DO UPDATE SET name = excluded.name WHERE p.tenant_id = $2`, ""},
		{"conflict by id that checks something else", `INSERT INTO plans AS p (id, tenant_id) VALUES ($1, $2) ON CONFLICT (id) DO UPDATE SET name = excluded.name WHERE p.name <> excluded.name`, "write plans by-id conflict"},
		{"conflict does nothing", `INSERT INTO plans (tenant_id, name) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING`, ""},
		{"MERGE", `MERGE INTO payments p USING (VALUES ($1, $2)) v (t, id) ON p.tenant_id = v.t AND p.id = v.id WHEN MATCHED THEN UPDATE SET amount = 1 WHEN NOT MATCHED THEN INSERT (tenant_id, id) VALUES (v.t, v.id)`, ""},
		{"MERGE by id", `MERGE INTO payments p USING (VALUES ($1)) v (id) ON p.id = v.id WHEN MATCHED THEN DELETE`, "write payments by-id"},
		{"MERGE with a hole in ON", "MERGE INTO payments p USING (VALUES ($1)) v (id) ON \x00 AND p.id = v.id WHEN MATCHED THEN DELETE", "write payments unseen"},
		{"MERGE with a hole in its arm", "MERGE INTO payments p USING (VALUES ($1)) v (id) ON p.id = v.id WHEN MATCHED AND \x00 THEN DELETE", "write payments unseen"},
		{"MERGE with a hole for a value", "MERGE INTO payments p USING (VALUES ($1)) v (id) ON p.id = v.id WHEN MATCHED THEN UPDATE SET amount = \x00", "write payments by-id"},
		{"MERGE with the tenant in its arm", `MERGE INTO payments p USING (VALUES ($1)) v (id) ON p.id = v.id WHEN MATCHED AND p.tenant_id = $2 THEN DELETE`, ""},
		{"MERGE with the tenant in one of its arms", `MERGE INTO payments p USING (VALUES ($1)) v (id) ON p.id = v.id WHEN MATCHED AND p.tenant_id = $2 THEN DELETE WHEN MATCHED THEN UPDATE SET amount = 1`, "write payments by-id"},
		{"MERGE by a natural key that changes nothing", `MERGE INTO invoices i USING (VALUES ($1)) v (n) ON i.number = v.n WHEN MATCHED THEN DO NOTHING WHEN NOT MATCHED THEN INSERT (tenant_id, number) VALUES ($2, v.n)`, ""},
		{"MERGE with a table that ON limits", `MERGE INTO payments p USING invoices i ON p.invoice_id = i.id AND i.tenant_id = $1 WHEN MATCHED THEN UPDATE SET amount = 1`, ""},
		{"MERGE with a table that ON does not limit", `MERGE INTO payments p USING invoices i ON p.invoice_id = i.id AND p.tenant_id = $1 WHEN MATCHED THEN UPDATE SET amount = i.total`, ""},
		{"MERGE with a table of all tenants", `MERGE INTO payments p USING invoices i ON p.amount = i.total WHEN MATCHED THEN DELETE`, "write payments unrestricted, invoices unrestricted"},
		{"MERGE inserts the rows that ON does not match", `MERGE INTO payments p USING invoices i ON p.invoice_id = i.id AND i.tenant_id = $1 WHEN NOT MATCHED THEN INSERT (tenant_id, invoice_id) VALUES (i.tenant_id, i.id)`, "invoices unrestricted"},
		{"MERGE inserts without the column", `MERGE INTO payments p USING (VALUES ($1, $2)) v (t, id) ON p.tenant_id = v.t AND p.id = v.id WHEN NOT MATCHED THEN INSERT (id) VALUES (v.id)`, "write payments unrestricted missing"},
		{"MERGE of unmatched rows", `MERGE INTO payments p USING (VALUES ($1, $2)) v (t, id) ON p.tenant_id = v.t AND p.id = v.id WHEN NOT MATCHED BY SOURCE THEN DELETE`, "write payments unrestricted unmatched"},
		{"MERGE of a tenant's unmatched rows", `MERGE INTO payments p USING (VALUES ($1, $2)) v (t, id) ON p.tenant_id = v.t AND p.id = v.id WHEN NOT MATCHED BY SOURCE AND p.tenant_id = $1 THEN DELETE`, ""},

		{"COPY TO", `COPY invoices TO STDOUT`, "invoices unrestricted"},
		{"COPY of columns TO", `COPY invoices (id) TO STDOUT`, "invoices unrestricted"},
		{"COPY of a query", `COPY (SELECT * FROM invoices WHERE tenant_id = 'a') TO STDOUT`, ""},
		{"COPY FROM", `COPY invoices FROM STDIN`, ""},
		{"COPY FROM with the column", `COPY invoices (id, tenant_id) FROM STDIN`, ""},
		{"COPY FROM without the column", `COPY invoices (id, number) FROM STDIN`, "write invoices unrestricted missing"},

		// Tables that are none of this.
		{"table of nobody", `SELECT * FROM countries`, ""},
		{"table that may refer to a tenant's", `SELECT * FROM notes WHERE id = $1`, ""},
		{"unknown table", `SELECT * FROM nowhere`, ""},

		// Holes.
		{"predicate hole", "SELECT * FROM invoices WHERE id = $1 AND \x00", "invoices unseen"},
		{"tail hole", "SELECT * FROM invoices \x00", "invoices unseen"},
		{"WHERE hole", "SELECT * FROM invoices WHERE \x00", "invoices unseen"},
		{"pinned before the hole", "SELECT * FROM invoices WHERE tenant_id = $1 \x00", ""},
		{"hole in ORDER BY", "SELECT * FROM invoices WHERE id = $1 ORDER BY \x00", "invoices by-id"},
		{"hole in the select list", "SELECT \x00 FROM invoices WHERE id = $1", "invoices by-id"},
		{"hole as the value", "SELECT * FROM invoices WHERE tenant_id = \x00", ""},
		{"hole in a list", "SELECT * FROM invoices WHERE tenant_id IN (\x00)", ""},
		{"hole as the table", "SELECT * FROM \x00 WHERE id = $1", ""},
		{"hole in a subquery", "SELECT * FROM payments WHERE tenant_id = $1 AND id IN (SELECT invoice_id FROM lines WHERE \x00)", ""},
		{"hole in the columns of INSERT", "INSERT INTO invoices (id, \x00) VALUES ($1, \x00)", "write invoices unseen"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if got := describe(t, db, test.sql, tenancy.Options{}); got != test.want {
				t.Errorf("%s\n got %q\nwant %q", test.sql, got, test.want)
			}
		})
	}
}

func TestStrictJoins(t *testing.T) {
	t.Parallel()
	db := database(t)
	for _, test := range []struct{ sql, want string }{
		{`SELECT * FROM invoices i JOIN payments p ON p.invoice_id = i.id WHERE i.tenant_id = $1`, "payments unrestricted"},
		{`SELECT * FROM invoices i JOIN payments p ON p.invoice_id = i.id AND p.tenant_id = i.tenant_id WHERE i.tenant_id = $1`, ""},
		{`SELECT * FROM invoices i JOIN payments p ON p.invoice_id = i.id WHERE i.tenant_id = $1 AND p.tenant_id = $1`, ""},
	} {
		if got := describe(t, db, test.sql, tenancy.Options{StrictJoins: true}); got != test.want {
			t.Errorf("%s\n got %q\nwant %q", test.sql, got, test.want)
		}
	}
}

func TestTwoLevels(t *testing.T) {
	t.Parallel()
	db := schema.Parse(`
CREATE TABLE orgs (id uuid PRIMARY KEY, name text);
CREATE TABLE projects (id uuid PRIMARY KEY, org_id uuid NOT NULL REFERENCES orgs(id), name text);
CREATE TABLE events (id uuid PRIMARY KEY, project_id uuid NOT NULL REFERENCES projects(id), org_id uuid NOT NULL REFERENCES orgs(id));
CREATE TABLE keys (id uuid PRIMARY KEY, project_id uuid NOT NULL REFERENCES projects(id));
`, sqlast.Postgres, config.Tenant{Column: "org_id", Columns: map[string][]string{
		"events": {"project_id", "org_id"},
		"keys":   {"project_id"},
	}})
	for _, test := range []struct{ sql, want string }{
		{`SELECT * FROM events WHERE project_id = $1`, ""},
		{`SELECT * FROM events WHERE org_id = $1`, ""},
		{`SELECT * FROM events WHERE id = $1`, "events by-id"},
		{`SELECT * FROM keys WHERE project_id = $1`, ""},
		{`SELECT k.* FROM keys k JOIN projects p ON p.id = k.project_id WHERE p.org_id = $1`, ""},
		{`SELECT * FROM projects WHERE org_id = $1`, ""},
		{`SELECT * FROM projects WHERE id = $1`, ""}, // itself a tenant, by its own key
		{`SELECT * FROM projects WHERE name = $1`, "projects unrestricted"},
		{`INSERT INTO events (id, project_id) VALUES ($1, $2)`, ""},
	} {
		if got := describe(t, db, test.sql, tenancy.Options{}); got != test.want {
			t.Errorf("%s\n got %q\nwant %q", test.sql, got, test.want)
		}
	}
}

func TestPredicate(t *testing.T) {
	t.Parallel()
	db := schema.Parse(`CREATE TABLE "Invoice" (id uuid PRIMARY KEY, "tenantId" uuid NOT NULL);
CREATE TABLE invoices (id uuid PRIMARY KEY, tenant_id uuid NOT NULL);
CREATE TABLE tags (id uuid PRIMARY KEY);`, sqlast.Postgres, config.Default().Tenant)
	for _, test := range []struct{ sql, want string }{
		{`SELECT * FROM invoices`, "tenant_id = ?"},
		{`SELECT * FROM invoices i`, "i.tenant_id = ?"},
		{`SELECT * FROM invoices JOIN tags ON true`, "invoices.tenant_id = ?"},
		{`SELECT * FROM "Invoice" WHERE id = $1`, `"tenantId" = ?`},
		{`SELECT * FROM "Invoice" "I"`, `"I"."tenantId" = ?`},
		{`INSERT INTO invoices (id) VALUES ($1)`, ""},
	} {
		verdicts := tenancy.Judge(sqlast.Read(test.sql, sqlast.Options{}).Stmts[0], db, tenancy.Options{Placeholder: "?"})
		if len(verdicts) != 1 || verdicts[0].Add != test.want {
			t.Errorf("%s: got %+v, want %q", test.sql, verdicts, test.want)
		}
	}
}

// TestLimits reads statements that are large on purpose.
func TestLimits(t *testing.T) {
	t.Parallel()
	db := database(t)
	for name, sql := range map[string]string{
		"many joins":    "SELECT * FROM invoices i0" + repeat(400, " JOIN invoices i%[1]d ON i%[1]d.owner_id = i0.owner_id"),
		"many branches": "SELECT * FROM invoices WHERE false" + repeat(3000, " OR id = $%d AND number = 'x'"),
		"deep CTEs":     "WITH x0 AS (SELECT * FROM invoices)" + repeat(300, ", x%d AS (SELECT a.* FROM x0 a JOIN x0 b USING (id))") + " SELECT * FROM x300",
		"deep derived":  "SELECT * FROM " + strings.Repeat("(SELECT * FROM ", 80) + "invoices" + strings.Repeat(") x", 80),
	} {
		if got := describe(t, db, sql, tenancy.Options{}); got == "" {
			t.Errorf("%s: nothing found", name)
		}
	}
}

func repeat(n int, format string) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, format, i+1)
	}
	return b.String()
}
