package tenancy_test

import (
	"testing"

	"github.com/poollint/poollint/internal/sqlast"
	"github.com/poollint/poollint/internal/tenancy"
)

// What the parts of the language mean: values, tests, CTEs, functions in FROM, writes.
func TestShapes(t *testing.T) {
	t.Parallel()
	db := database(t)
	for _, test := range []struct{ name, sql, want string }{
		// Values.
		{"array", `SELECT * FROM invoices WHERE tenant_id = ANY(ARRAY[$1, $2])`, ""},
		{"array of a column", `SELECT * FROM invoices WHERE tenant_id = ANY(ARRAY[parent_id])`, "invoices unrestricted"},
		{"array of a query", `SELECT * FROM invoices WHERE tenant_id = ANY(ARRAY(SELECT tenant_id FROM members WHERE tenant_id = $1))`, ""},
		{"sum of parameters", `SELECT * FROM invoices WHERE tenant_id = $1 || $2`, ""},
		{"sum with a column", `SELECT * FROM invoices WHERE tenant_id = $1 || number`, "invoices unrestricted"},
		{"parts of a text", `SELECT * FROM invoices WHERE tenant_id || '/' || number = $1`, ""},
		{"parts of several texts", `DELETE FROM invoices WHERE tenant_id::text || '/' || number = ANY($1)`, ""},
		{"parts of a listed text", `SELECT * FROM invoices WHERE number || '@' || tenant_id IN ($1, $2)`, ""},
		{"parts of a call's text", `SELECT * FROM invoices WHERE $1 = concat(tenant_id, '/', number)`, ""},
		{"parts without the tenant", `SELECT * FROM invoices WHERE number || '/' || total = $1`, "invoices unrestricted"},
		{"parts of another column", `SELECT * FROM invoices WHERE tenant_id || '/' || number = owner_id`, "invoices unrestricted"},
		{"parts of a sum", `SELECT * FROM invoices WHERE tenant_id + number = $1`, "invoices unrestricted"},
		{"parts that are unlike", `SELECT * FROM invoices WHERE tenant_id || '/' || number <> $1`, "invoices unrestricted"},
		{"negation", `SELECT * FROM invoices WHERE tenant_id = -$1`, ""},
		{"element", `SELECT * FROM invoices WHERE tenant_id = ($1::uuid[])[1]`, ""},
		{"element of a column", `SELECT * FROM invoices WHERE tenant_id = (parent_id)[1]`, "invoices unrestricted"},
		{"field of a parameter", `SELECT * FROM invoices WHERE tenant_id = ($1).tenant_id`, ""},
		{"collation", `SELECT * FROM invoices WHERE tenant_id COLLATE "C" = $1`, ""},
		{"CASE of parameters", `SELECT * FROM invoices WHERE tenant_id = CASE WHEN $1 THEN $2 ELSE $3 END`, ""},
		{"CASE with a column", `SELECT * FROM invoices WHERE tenant_id = CASE WHEN $1 THEN $2 ELSE owner_id END`, "invoices unrestricted"},
		{"CASE of a column", `SELECT * FROM invoices WHERE tenant_id = CASE owner_id WHEN $1 THEN $2 END`, "invoices unrestricted"},
		{"COALESCE of parameters", `SELECT * FROM invoices WHERE tenant_id = COALESCE($1, $2)`, ""},
		{"COALESCE with itself", `SELECT * FROM invoices WHERE tenant_id = COALESCE($1, tenant_id)`, "invoices unrestricted optional"},
		{"function of a column", `SELECT * FROM invoices WHERE tenant_id = f(number)`, "invoices unrestricted"},
		{"constant subquery", `SELECT * FROM invoices WHERE tenant_id = (SELECT $1::uuid)`, ""},
		{"subquery on the left", `SELECT * FROM invoices WHERE (SELECT $1) = tenant_id`, ""},
		{"itself", `SELECT * FROM invoices WHERE tenant_id = tenant_id`, "invoices unrestricted"},

		// An OR around an outer join: ON holds in each branch for the rows that the join yields.
		{"own tenants or joined ones", `SELECT t.* FROM tenants t LEFT JOIN members m ON m.tenant_id = t.id WHERE t.owner_id = $1 OR m.user_id = $1`, "members by-parent"},
		{"own tenants or joined ones, commuted", `SELECT t.* FROM members m RIGHT JOIN tenants t ON m.tenant_id = t.id WHERE m.user_id = $1 OR t.owner_id = $1`, "members by-parent"},
		{"a tenant or its joined rows", `SELECT t.* FROM tenants t LEFT JOIN members m ON m.tenant_id = t.id WHERE t.id = $1 OR m.tenant_id = $1`, ""},
		{"own rows or a member's", `SELECT i.* FROM invoices i LEFT JOIN members m ON m.tenant_id = i.tenant_id WHERE i.owner_id = $1 OR m.user_id = $1`, "invoices by-parent"},
		{"any tenant or joined ones", `SELECT t.* FROM tenants t LEFT JOIN members m ON m.tenant_id = t.id WHERE t.active OR m.user_id = $1`, "members unrestricted"},
		{"own tenants or any member", `SELECT t.* FROM tenants t LEFT JOIN members m ON m.tenant_id = t.id WHERE t.owner_id = $1 OR m.role = $2`, "members unrestricted"},
		{"own rows or a joined one, by no key", `SELECT i.* FROM invoices i LEFT JOIN members m ON m.tenant_id = i.tenant_id WHERE i.number = $1 OR m.user_id = $1`, "invoices unrestricted"},
		{"own tenants or rows of others", `SELECT t.* FROM tenants t LEFT JOIN members m ON m.role = t.name WHERE t.owner_id = $1 OR m.user_id = $1`, "members unrestricted"},

		// Tests.
		{"never", `UPDATE invoices SET id = id WHERE 1 = 0`, ""},
		{"never, as a word", `SELECT * FROM invoices WHERE FALSE`, ""},
		{"never, beside another", `SELECT * FROM invoices WHERE number = $1 AND 1 <> 1`, ""},
		{"never, or another", `SELECT * FROM invoices WHERE 1 = 0 OR number = $1`, "invoices unrestricted"},
		{"always", `SELECT * FROM invoices WHERE 1 = 1`, "invoices unrestricted"},
		{"always, as a word", `SELECT * FROM invoices WHERE TRUE`, "invoices unrestricted"},
		{"never, of a parameter", `SELECT * FROM invoices WHERE 1 = $1`, "invoices unrestricted"},
		{"never, negated", `SELECT * FROM invoices WHERE NOT 1 = 0`, "invoices unrestricted"},
		{"IS TRUE", `SELECT * FROM invoices WHERE (tenant_id = $1) IS TRUE`, ""},
		{"IS NOT TRUE", `SELECT * FROM invoices WHERE (tenant_id = $1) IS NOT TRUE`, "invoices unrestricted"},
		{"IS NOT NULL", `SELECT * FROM invoices WHERE tenant_id IS NOT NULL`, "invoices unrestricted"},
		{"NOT IN", `SELECT * FROM invoices WHERE tenant_id NOT IN ($1)`, "invoices unrestricted"},
		{"NOT of an equality", `SELECT * FROM invoices WHERE NOT tenant_id = $1`, "invoices unrestricted"},
		{"BETWEEN", `SELECT * FROM invoices WHERE tenant_id BETWEEN $1 AND $2`, "invoices unrestricted"},
		{"LIKE", `SELECT * FROM invoices WHERE tenant_id LIKE $1`, "invoices unrestricted"},
		{"IN with a column", `SELECT * FROM invoices WHERE tenant_id IN ($1, owner_id)`, "invoices unrestricted"},
		{"row with a column", `SELECT * FROM invoices WHERE (tenant_id, number) = ($1, number)`, ""},
		{"row the other way round", `SELECT * FROM invoices WHERE (number, total) = ($1, $2)`, "invoices unrestricted"},
		{"row of another length", `SELECT * FROM invoices WHERE (id, number) IN (SELECT id, number FROM invoices WHERE tenant_id = $1)`, ""},
		{"cast of a test", `SELECT * FROM invoices WHERE (tenant_id = $1)::bool`, ""},
		{"<> ALL", `SELECT * FROM invoices WHERE tenant_id <> ALL($1)`, "invoices unrestricted"},
		{"< ANY", `SELECT * FROM invoices WHERE tenant_id < ANY($1)`, "invoices unrestricted"},
		{"query in a test that IS TRUE", `SELECT * FROM invoices WHERE ((SELECT tenant_id FROM customers LIMIT 1) = $1) IS TRUE AND tenant_id = $1`, "customers unrestricted"},
		{"query in IS TRUE", `SELECT * FROM invoices WHERE tenant_id = $1 AND (SELECT name FROM customers LIMIT 1) IS NOT TRUE`, "customers unrestricted"},
		{"query in IS NULL", `SELECT * FROM invoices WHERE tenant_id = $1 AND (SELECT name FROM customers LIMIT 1) IS NULL`, "customers unrestricted"},
		{"query as a test", `SELECT * FROM invoices WHERE tenant_id = $1 AND (SELECT name = 'x' FROM customers LIMIT 1)`, "customers unrestricted"},
		{"query in a function", `SELECT * FROM invoices WHERE tenant_id = $1 AND f((SELECT name FROM customers LIMIT 1))`, "customers unrestricted"},
		{"query in ALL", `SELECT * FROM invoices WHERE tenant_id = $1 AND number > ALL (SELECT name FROM customers)`, "customers unrestricted"},
		{"query in a list", `SELECT * FROM invoices WHERE tenant_id = $1 AND number IN ($2, (SELECT name FROM customers LIMIT 1))`, "customers unrestricted"},
		{"query of a function of a column", `SELECT * FROM invoices i JOIN payments p ON p.amount = i.total WHERE i.tenant_id = $1 AND p.tenant_id IN (SELECT f(name) FROM customers WHERE tenant_id = $2)`, "payments unrestricted"},
		{"join on a function of a column", `SELECT * FROM invoices i JOIN (SELECT f(name) AS t FROM customers WHERE tenant_id = $2 UNION SELECT $3) x ON true JOIN payments p ON p.tenant_id = x.t WHERE i.tenant_id = $1`, "payments unrestricted"},

		// COALESCE, and derived tables behind outer joins.
		{"COALESCE of both sides of a full join", `WITH m AS (SELECT COALESCE(i.tenant_id, p.tenant_id) AS tenant_id, i.total FROM invoices i FULL JOIN payments p ON p.invoice_id=i.id) SELECT * FROM m WHERE tenant_id = $1`, ""},
		{"COALESCE of pinned sides of a full join", `WITH a AS (SELECT tenant_id, sum(total) s FROM invoices WHERE tenant_id=$1 GROUP BY 1), b AS (SELECT tenant_id, sum(amount) s FROM payments WHERE tenant_id=$1 GROUP BY 1), m AS (SELECT COALESCE(a.tenant_id, b.tenant_id) AS tenant_id, a.s FROM a FULL JOIN b ON a.tenant_id=b.tenant_id) SELECT m.*, c.name FROM m JOIN customers c ON c.tenant_id = m.tenant_id`, ""},
		{"COALESCE in a CTE, of the sides of a left join", `WITH m AS (SELECT COALESCE(i.tenant_id, c.tenant_id) AS tenant_id FROM customers c LEFT JOIN invoices i ON i.customer_id = c.id) SELECT * FROM m WHERE tenant_id = $1`, ""},
		{"COALESCE of two tables joined by key", `SELECT * FROM invoices i JOIN customers c ON c.id=i.customer_id WHERE COALESCE(i.tenant_id, c.tenant_id) = $1`, ""},
		{"COALESCE of two tables that nothing joins", `SELECT * FROM payments i, customers c WHERE COALESCE(i.tenant_id, c.tenant_id) = $1`, "customers unrestricted"},
		{"COALESCE of keys in an outer join", `SELECT c.name FROM payments p LEFT JOIN invoices i ON i.id = p.invoice_id LEFT JOIN invoices v ON v.id = p.invoice_id LEFT JOIN customers c ON c.id = COALESCE(i.customer_id, v.customer_id) WHERE p.tenant_id = $1`, ""},
		{"COALESCE of keys in an outer join, behind inner ones", `SELECT c.name FROM payments p JOIN invoices i ON i.id = p.invoice_id JOIN invoices v ON v.id = p.invoice_id LEFT JOIN customers c ON c.id = COALESCE(i.customer_id, v.customer_id) WHERE p.tenant_id = $1`, ""},
		{"COALESCE of keys in an outer join, of which one is not pinned", `SELECT c.name FROM payments p LEFT JOIN invoices i ON i.id = p.invoice_id LEFT JOIN customers v ON v.name = p.token_hash LEFT JOIN customers c ON c.id = COALESCE(i.customer_id, v.id) WHERE p.tenant_id = $1`, "customers unrestricted, customers unrestricted"},
		{"COALESCE beside the tenant in a CTE", `WITH m AS (SELECT COALESCE(i.customer_id, p.invoice_id) AS x, i.tenant_id FROM invoices i LEFT JOIN payments p ON p.invoice_id=i.id) SELECT * FROM m WHERE tenant_id = $1`, ""},
		{"left join within a derived table", `SELECT * FROM (SELECT c.tenant_id, i.total FROM customers c LEFT JOIN invoices i ON i.customer_id = c.id) x WHERE x.tenant_id = $1`, ""},
		{"grouped derived table behind a left join", `SELECT c.*, x.n FROM customers c LEFT JOIN (SELECT customer_id, count(*) n FROM invoices GROUP BY customer_id) x ON x.customer_id = c.id WHERE c.tenant_id = $1`, ""},
		{"derived table grouped by tenant behind a left join", `SELECT c.*, x.n FROM customers c LEFT JOIN (SELECT tenant_id, count(*) n FROM invoices GROUP BY tenant_id) x ON x.tenant_id = c.tenant_id WHERE c.tenant_id = $1`, ""},
		{"union behind a left join, by tenant", `SELECT * FROM customers c LEFT JOIN (SELECT customer_id, tenant_id FROM invoices UNION SELECT invoice_id, tenant_id FROM payments) x ON x.tenant_id = c.tenant_id WHERE c.tenant_id=$1`, ""},
		{"left join through the greatest id of a group", `SELECT * FROM customers c LEFT JOIN (SELECT max(id) id, customer_id FROM invoices GROUP BY customer_id) l ON l.customer_id = c.id LEFT JOIN invoices i ON i.id = l.id WHERE c.tenant_id = $1`, ""},
		{"derived table of a join behind a left join", `SELECT * FROM customers c LEFT JOIN (SELECT i.customer_id, sum(p.amount) s FROM payments p JOIN invoices i ON i.id=p.invoice_id GROUP BY i.customer_id) l ON l.customer_id = c.id WHERE c.tenant_id = $1`, ""},
		{"derived table with LIMIT behind a left join", `SELECT * FROM customers c LEFT JOIN (SELECT customer_id, total FROM invoices ORDER BY total LIMIT 5) l ON l.customer_id = c.id WHERE c.tenant_id = $1`, "invoices unrestricted"},
		{"CTE of a CTE behind a left join, COALESCE beside", `WITH x AS (SELECT customer_id, count(*) n FROM invoices GROUP BY customer_id), y AS (SELECT c.id, c.tenant_id, COALESCE(x.n, 0) n FROM customers c LEFT JOIN x ON x.customer_id = c.id) SELECT * FROM y WHERE y.tenant_id = $1`, ""},
		{"left join of a derived table whose ON has the tenant by another name", `SELECT * FROM countries k LEFT JOIN (SELECT country_id, tenant_id t FROM customers GROUP BY 1,2) x ON x.country_id=k.id AND x.t=$1`, ""},
		{"derived table with a window", `SELECT * FROM (SELECT *, row_number() OVER (PARTITION BY customer_id ORDER BY total) rn FROM invoices) x WHERE x.tenant_id=$1 AND rn=1`, ""},
		{"CASE that switches the test off", `SELECT * FROM invoices WHERE (CASE WHEN $1 <> '' THEN tenant_id = $1 ELSE true END)`, "invoices unrestricted"},
		{"switched off by an empty array", `SELECT * FROM invoices WHERE (cardinality($1::uuid[]) = 0 OR tenant_id = ANY($1))`, "invoices unrestricted optional"},
		{"IS NOT FALSE", `SELECT * FROM invoices WHERE (tenant_id = $1) IS NOT FALSE`, "invoices unrestricted"},
		{"COALESCE of a tenant and a parameter twice", `SELECT * FROM invoices i JOIN customers c ON c.id = i.customer_id WHERE COALESCE(i.tenant_id, c.tenant_id, $2) = $1`, ""},
		{"COALESCE of the other side first", `SELECT * FROM customers c LEFT JOIN invoices i ON i.owner_id = c.owner_id WHERE COALESCE(i.tenant_id, c.tenant_id) = $1`, "customers unrestricted"},

		// Columns that the program names.
		{"column of the program's", "SELECT * FROM invoices WHERE \x00 = $1", "invoices unseen"},
		{"column of the program's, qualified", "SELECT * FROM invoices i WHERE i.\x00 = $1", "invoices unseen"},
		{"column of the program's in a list", "SELECT * FROM invoices WHERE \x00 IN ($1, $2)", "invoices unseen"},
		{"column of the program's and any", "SELECT * FROM invoices WHERE \x00 = ANY($1)", "invoices unseen"},
		{"value of the program's", "SELECT * FROM invoices WHERE number = \x00", "invoices unrestricted"},
		{"column of the program's in a branch", "SELECT * FROM invoices WHERE tenant_id = $1 OR \x00 = $2", "invoices unseen"},

		// CTEs.
		{"CTE pinned inside", `WITH i AS (SELECT * FROM invoices WHERE tenant_id = $1) SELECT * FROM i`, ""},
		{"CTE pinned outside", `WITH i AS (SELECT * FROM invoices) SELECT * FROM i WHERE tenant_id = $1`, ""},
		{"CTE pinned by one use of two", `WITH i AS (SELECT * FROM invoices) SELECT * FROM i WHERE tenant_id = $1 UNION ALL SELECT * FROM i`, "invoices unrestricted"},
		{"CTE pinned by both uses", `WITH i AS (SELECT * FROM invoices) SELECT * FROM i a JOIN i b ON a.id = b.parent_id WHERE a.tenant_id = $1 AND b.tenant_id = $1`, "invoices unrestricted"},
		{"CTE with names of its own", `WITH i (a, b) AS (SELECT id, tenant_id FROM invoices) SELECT * FROM i WHERE b = $1`, ""},
		{"CTE by the wrong name of its own", `WITH i (a, b) AS (SELECT id, tenant_id FROM invoices) SELECT * FROM i WHERE a = $1`, "invoices by-id"},
		{"CTE that nothing uses", `WITH i AS (SELECT * FROM invoices) SELECT 1`, "invoices unrestricted"},
		{"CTE of a subquery, limited by the query around", `SELECT * FROM customers c WHERE c.tenant_id = $1 AND c.id IN (WITH x AS (SELECT customer_id FROM invoices WHERE tenant_id = c.tenant_id LIMIT 5) SELECT customer_id FROM x)`, ""},
		{"CTE of a subquery, referred to twice", `SELECT * FROM customers c WHERE c.tenant_id = $1 AND EXISTS (WITH x AS (SELECT id FROM invoices WHERE tenant_id = c.tenant_id) SELECT 1 FROM x JOIN x y ON y.id = x.id)`, ""},
		{"CTE of a subquery, limited by an unpinned query", `SELECT * FROM customers c WHERE c.name = $1 AND EXISTS (WITH x AS (SELECT id FROM invoices WHERE tenant_id = c.tenant_id) SELECT 1 FROM x JOIN x y ON y.id = x.id)`, "customers unrestricted"},
		{"CTE does not see what stands beside it", `WITH x AS (SELECT id FROM invoices WHERE tenant_id = c.tenant_id) SELECT * FROM customers c, x WHERE c.tenant_id = $1`, "invoices unrestricted"},
		{"recursive CTE that hands its root on", `WITH RECURSIVE x(id, root) AS (SELECT i.id, i.id FROM invoices i WHERE i.tenant_id = $1 UNION ALL SELECT i.id, x.root FROM invoices i JOIN x ON i.parent_id = x.id WHERE i.tenant_id = $1) SELECT root, max(id) FROM x GROUP BY root`, ""},
		{"recursive CTE that hands the tenant on", `WITH RECURSIVE x AS (SELECT id, tenant_id AS t FROM invoices WHERE id = $1 UNION ALL SELECT i.id, x.t FROM invoices i JOIN x ON i.parent_id = x.id) SELECT * FROM x WHERE t = $2`, "invoices by-id"},
		{"recursive CTE that counts", `WITH RECURSIVE x(id, n) AS (SELECT id, 0 FROM invoices WHERE tenant_id = $1 UNION ALL SELECT i.id, x.n + 1 FROM invoices i JOIN x ON i.parent_id = x.id) SELECT i.* FROM x JOIN invoices i ON i.id = x.id WHERE x.n < 5`, ""},
		{"recursive CTE that hands its root on, unpinned", `WITH RECURSIVE x(id, root) AS (SELECT i.id, i.id FROM invoices i UNION ALL SELECT i.id, x.root FROM invoices i JOIN x ON i.parent_id = x.id) SELECT i.* FROM x JOIN invoices i ON i.id = x.root`, "invoices unrestricted"},
		{"recursive CTE that changes sides", `WITH RECURSIVE x(a, b) AS (SELECT id, parent_id FROM invoices WHERE tenant_id = $1 UNION ALL SELECT x.b, x.a FROM x) SELECT * FROM payments p JOIN x ON x.a = p.invoice_id`, ""},
		{"recursive CTE", `WITH RECURSIVE tree AS (SELECT id, tenant_id FROM invoices WHERE tenant_id = $1 AND id = $2 UNION ALL SELECT i.id, i.tenant_id FROM invoices i JOIN tree t ON i.parent_id = t.id AND i.tenant_id = t.tenant_id) SELECT * FROM tree`, ""},
		{"CTE in a CTE", `WITH a AS (SELECT * FROM invoices WHERE tenant_id = $1), b AS (SELECT * FROM a) SELECT * FROM b JOIN customers c ON c.tenant_id = b.tenant_id`, ""},
		{"CTE that hides a table", `WITH invoices AS (SELECT 1 AS id) SELECT * FROM invoices`, ""},

		// Names.
		{"column of a derived table", `SELECT * FROM (SELECT tenant_id AS t FROM invoices) x WHERE x.t = $1`, ""},
		{"names of a derived table", `SELECT * FROM (SELECT id, tenant_id FROM invoices) AS x (i, t) WHERE x.t = $1`, ""},
		{"names of a table", `SELECT * FROM tenants AS x (a, b) JOIN invoices i ON i.tenant_id = x.a WHERE x.b = $1`, ""},
		{"star of a derived table", `SELECT * FROM (SELECT * FROM invoices) x WHERE x.tenant_id = $1`, ""},
		{"two columns of a derived table", `SELECT * FROM (SELECT id, tenant_id FROM invoices) x WHERE x.id = $1 AND x.tenant_id = $2`, ""},
		{"new name of the first column", `SELECT * FROM (SELECT tenant_id, id FROM invoices) AS x (t, i), countries c WHERE t = $1`, ""},
		{"new name that hides a column", `SELECT * FROM invoices i WHERE EXISTS (SELECT 1 FROM (SELECT id FROM countries) AS x (tenant_id) WHERE tenant_id = $1)`, "invoices unrestricted"},
		{"qualified star", `SELECT * FROM (SELECT i.* FROM invoices i, countries c) x WHERE x.tenant_id = $1`, ""},
		{"the other's star", `SELECT * FROM (SELECT c.* FROM invoices i, countries c) x WHERE x.id = $1`, "invoices unrestricted"},
		{"positions of a star", `SELECT * FROM (SELECT * FROM tenants) AS x (a, b) JOIN invoices i ON i.tenant_id = x.a WHERE x.b = $1`, ""},
		{"function's name", `SELECT * FROM (SELECT max(tenant_id) FROM invoices) x WHERE x.max = $1`, "invoices unrestricted"},

		// Functions and values in FROM.
		{"joined to values", `SELECT * FROM invoices i JOIN (VALUES ($1::uuid), ($2)) AS v (t) ON v.t = i.tenant_id`, ""},
		{"joined to values with NULL", `SELECT * FROM invoices i JOIN (VALUES ($1::uuid), (NULL)) AS v (t) ON v.t = i.tenant_id`, ""},
		{"joined to unnest", `SELECT * FROM invoices i JOIN unnest($1::uuid[]) AS u ON u = i.tenant_id`, ""},
		{"joined to unnest by name", `SELECT * FROM invoices i JOIN unnest($1::uuid[]) AS u (t) ON u.t = i.tenant_id`, ""},
		{"unnest without a name", `SELECT * FROM invoices JOIN unnest($1::uuid[]) ON unnest = tenant_id`, ""},
		{"functions by position", `SELECT * FROM invoices i JOIN ROWS FROM (unnest($1::uuid[]), unnest($2::uuid[])) AS u (a, b) ON u.b = i.tenant_id`, ""},
		{"names of functions of columns", `SELECT * FROM invoices i, LATERAL f(i.parent_id) AS x (a) WHERE x.a = $1`, "invoices unrestricted"},
		{"lone subquery in a list", `SELECT * FROM invoices WHERE tenant_id = $1 AND number IN ((SELECT name FROM customers))`, "customers unrestricted"},
		{"name of a function that hides a column", `SELECT * FROM invoices i WHERE EXISTS (SELECT 1 FROM lines l, LATERAL f(l.sku) AS x (tenant_id) WHERE tenant_id = $1 AND l.invoice_id = i.id)`, "invoices unrestricted"},
		{"alias of a function that hides a column", `SELECT * FROM invoices i WHERE EXISTS (SELECT 1 FROM lines l, LATERAL f(l.sku) AS tenant_id WHERE tenant_id = $1 AND l.invoice_id = i.id)`, "invoices unrestricted"},
		{"name of values", `SELECT * FROM unnest($1::uuid[]) AS u (t) JOIN invoices i ON i.tenant_id = t`, ""},
		{"a name that values do not have", `SELECT * FROM invoices i WHERE EXISTS (SELECT 1 FROM unnest($1::uuid[]) AS u (t) WHERE tenant_id = t)`, ""},
		{"name of values that hides a column", `SELECT * FROM invoices i WHERE EXISTS (SELECT 1 FROM unnest($1::uuid[]) AS u (tenant_id) WHERE tenant_id = $2)`, "invoices unrestricted"},
		{"joined by a column that is no key", `SELECT * FROM invoices i JOIN payments p ON p.amount = i.customer_id WHERE i.tenant_id = $1`, "payments unrestricted"},
		{"unnest of a column", `SELECT * FROM invoices i JOIN unnest(i.parent_id) AS u ON u = i.tenant_id`, "invoices unrestricted"},

		// Set operations.
		{"both arms", `SELECT id FROM invoices WHERE tenant_id = $1 UNION SELECT id FROM customers WHERE tenant_id = $1`, ""},
		{"one arm", `SELECT id FROM invoices WHERE tenant_id = $1 UNION SELECT id FROM customers`, "customers unrestricted"},
		{"arms pinned from outside", `SELECT * FROM (SELECT id, tenant_id FROM invoices UNION ALL SELECT id, tenant_id FROM customers) x WHERE x.tenant_id = $1`, ""},
		{"an arm of NULLs", `SELECT * FROM (SELECT id, tenant_id FROM invoices UNION ALL SELECT NULL, NULL) x WHERE x.tenant_id = $1`, ""},
		{"EXCEPT", `SELECT tenant_id FROM invoices EXCEPT SELECT tenant_id FROM customers WHERE tenant_id = $1`, "invoices unrestricted"},

		// Writes.
		{"UPDATE", `UPDATE invoices SET total = 0 WHERE tenant_id = $1`, ""},
		{"UPDATE by number", `UPDATE invoices SET total = 0 WHERE number = $1`, "write invoices unrestricted"},
		{"UPDATE FROM", `UPDATE invoices SET total = 0 FROM customers c WHERE c.id = invoices.customer_id AND c.tenant_id = $1`, ""},
		{"UPDATE FROM, unpinned", `UPDATE invoices SET total = 0 FROM customers c WHERE c.name = $1 AND invoices.tenant_id = $2`, "customers unrestricted"},
		{"DELETE USING", `DELETE FROM lines USING invoices i WHERE i.id = lines.invoice_id AND i.tenant_id = $1`, ""},
		{"DELETE", `DELETE FROM invoices`, "write invoices unrestricted"},
		{"INSERT", `INSERT INTO invoices (id, tenant_id) VALUES ($1, $2)`, ""},
		{"INSERT of a subquery", `INSERT INTO invoices (id, tenant_id) VALUES ($1, (SELECT tenant_id FROM customers WHERE tenant_id = $2))`, ""},
		{"INSERT without the column", `INSERT INTO invoices (id) VALUES ($1)`, "write invoices unrestricted missing"},
		{"INSERT without columns", `INSERT INTO members VALUES ($1, $2, $3)`, ""},
		{"INSERT that selects", `INSERT INTO invoices (id, tenant_id) SELECT $1, tenant_id FROM customers WHERE tenant_id = $2`, ""},
		{"INSERT that selects all", `INSERT INTO invoices (id, tenant_id) SELECT id, tenant_id FROM customers`, "customers unrestricted"},
		{"INSERT SET", `INSERT INTO invoices SET id = ?, tenant_id = ?`, ""},
		{"default from the session", `INSERT INTO sessions (id) VALUES ($1)`, ""},
		{"default for all", `INSERT INTO plans (id) VALUES ($1)`, "write plans unrestricted missing"},
		{"conflict on a key with the tenant", `INSERT INTO invoices (tenant_id, number) VALUES ($1, $2) ON CONFLICT (tenant_id, number) DO UPDATE SET total = 0`, ""},
		{"conflict on a constraint", `INSERT INTO members (tenant_id, user_id) VALUES ($1, $2) ON CONFLICT ON CONSTRAINT members_pkey DO UPDATE SET role = 'a'`, ""},
		{"conflict on a constraint of others", `INSERT INTO payments (id, tenant_id, token_hash) VALUES ($1, $2, $3) ON CONFLICT ON CONSTRAINT payments_token_hash_key DO UPDATE SET amount = 0`, "write payments unrestricted conflict"},
		{"conflict on an unknown constraint", `INSERT INTO payments (id, tenant_id) VALUES ($1, $2) ON CONFLICT ON CONSTRAINT nowhere DO UPDATE SET amount = 0`, ""},
		{"conflict that does nothing", `INSERT INTO payments (id, tenant_id, token_hash) VALUES ($1, $2, $3) ON CONFLICT (token_hash) DO NOTHING`, ""},
		{"guarded conflict", `INSERT INTO payments (id, tenant_id, token_hash) VALUES ($1, $2, $3) ON CONFLICT (token_hash) DO UPDATE SET amount = 0 WHERE payments.tenant_id = $2`, ""},
		{"EXPLAIN", `EXPLAIN SELECT * FROM invoices`, "invoices unrestricted"},
		{"COPY of a query", `COPY (SELECT * FROM invoices) TO STDOUT`, "invoices unrestricted"},
		{"CREATE TABLE AS", `CREATE TABLE x AS SELECT * FROM invoices`, "invoices unrestricted"},
		{"write in a CTE", `WITH d AS (DELETE FROM invoices WHERE number = $1 RETURNING *) SELECT * FROM d`, "write invoices unrestricted"},
		{"query in MERGE of a table of nobody", `MERGE INTO countries c USING (VALUES ($1)) v (id) ON c.id = v.id WHEN MATCHED AND (SELECT count(*) FROM invoices) > 0 THEN DELETE`, "invoices unrestricted"},
		{"query in MERGE that inserts", `MERGE INTO payments p USING (VALUES ($1, $2)) v (t, id) ON p.tenant_id = v.t AND p.id = v.id WHEN NOT MATCHED AND (SELECT count(*) FROM invoices) > 0 THEN INSERT (tenant_id, id) VALUES (v.t, v.id)`, "invoices unrestricted"},
		{"query in MERGE that updates", `MERGE INTO payments p USING (VALUES ($1, $2)) v (t, id) ON p.tenant_id = v.t AND p.id = v.id WHEN MATCHED AND (SELECT count(*) FROM invoices) > 0 THEN UPDATE SET amount = 1`, "invoices unrestricted"},
		{"query that MERGE sets", `MERGE INTO payments p USING (VALUES ($1, $2)) v (t, id) ON p.tenant_id = v.t AND p.id = v.id WHEN MATCHED THEN UPDATE SET amount = (SELECT max(total) FROM invoices)`, "invoices unrestricted"},
		{"query that MERGE inserts", `MERGE INTO payments p USING (VALUES ($1, $2)) v (t, id) ON p.tenant_id = v.t AND p.id = v.id WHEN NOT MATCHED THEN INSERT (tenant_id, id, amount) VALUES (v.t, v.id, (SELECT max(total) FROM invoices))`, "invoices unrestricted"},
		{"MERGE that does nothing with unmatched rows", `MERGE INTO payments p USING (VALUES ($1, $2)) v (t, id) ON p.tenant_id = v.t AND p.id = v.id WHEN NOT MATCHED BY SOURCE THEN DO NOTHING`, ""},
		{"current row", `DELETE FROM invoices WHERE CURRENT OF c`, ""},

		// Holes.
		{"a hole for the condition", "SELECT * FROM invoices WHERE \x00", "invoices unseen"},
		{"a hole beside the tenant", "SELECT * FROM invoices WHERE tenant_id = $1 AND \x00", ""},
		{"a hole in a branch", "SELECT * FROM invoices WHERE tenant_id = $1 OR \x00", "invoices unseen"},
		{"a hole for a join", "SELECT * FROM invoices i JOIN customers c ON \x00 WHERE c.tenant_id = $1", "invoices unseen"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if got := describe(t, db, test.sql, tenancy.Options{}); got != test.want {
				t.Errorf("%s\ngot  %q\nwant %q", test.sql, got, test.want)
			}
		})
	}
}

// Where a predicate goes, and where it is not straightforward to put one.
func TestInsertions(t *testing.T) {
	t.Parallel()
	db := database(t)
	for _, test := range []struct{ sql, want string }{
		{`SELECT * FROM invoices`, `SELECT * FROM invoices WHERE tenant_id = $n`},
		{`SELECT * FROM invoices ORDER BY id`, `SELECT * FROM invoices WHERE tenant_id = $n ORDER BY id`},
		{`SELECT * FROM invoices WHERE number = $1`, `SELECT * FROM invoices WHERE tenant_id = $n AND number = $1`},
		{`SELECT * FROM invoices WHERE number = $1 AND total > 0 LIMIT 1`, `SELECT * FROM invoices WHERE tenant_id = $n AND number = $1 AND total > 0 LIMIT 1`},
		{`SELECT * FROM invoices WHERE number = $1 OR total > 0`, `SELECT * FROM invoices WHERE tenant_id = $n AND (number = $1 OR total > 0)`},
		{"SELECT *\nFROM invoices\nWHERE\n\tnumber = $1", "SELECT *\nFROM invoices\nWHERE\n\ttenant_id = $n AND number = $1"},
		{`SELECT * FROM invoices WHERE (number = $1)`, `SELECT * FROM invoices WHERE tenant_id = $n AND (number = $1)`},
		{`select * from invoices where number = $1`, `select * from invoices where tenant_id = $n AND number = $1`},
		{`SELECT * FROM invoices i JOIN countries c ON true`, `SELECT * FROM invoices i JOIN countries c ON true WHERE i.tenant_id = $n`},
		{`UPDATE invoices SET total = 0`, `UPDATE invoices SET total = 0 WHERE tenant_id = $n`},
		{`UPDATE invoices SET total = 0 WHERE number = $1`, `UPDATE invoices SET total = 0 WHERE tenant_id = $n AND number = $1`},
		{`UPDATE invoices SET total = 0 FROM countries c`, `UPDATE invoices SET total = 0 FROM countries c WHERE invoices.tenant_id = $n`},
		{`DELETE FROM invoices`, `DELETE FROM invoices WHERE tenant_id = $n`},
		{`DELETE FROM invoices USING countries c`, `DELETE FROM invoices USING countries c WHERE invoices.tenant_id = $n`},
		{`SELECT * FROM invoices WHERE /* all */ number = $1`, ""},
	} {
		verdicts := tenancy.Judge(sqlast.Read(test.sql, sqlast.Options{}).Stmts[0], db, tenancy.Options{Placeholder: "$n"})
		got := ""
		if insertions, ok := verdicts[0].Insertions(test.sql); ok {
			got = insert(test.sql, insertions)
		}
		if got != test.want {
			t.Errorf("%s\ngot  %s\nwant %s", test.sql, got, test.want)
		}
	}
}
