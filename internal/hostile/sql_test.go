package hostile

import (
	"fmt"
	"strings"
)

// queries are SQL in the code.
var queries = []shape{
	{"statements", 10000, func(n int) map[string]string { return query(each(n, "UPDATE orders SET name = 'x#';\n")) }},
	{"statements-pinned", 10000, func(n int) map[string]string {
		return query(each(n, "UPDATE orders SET name = 'x#' WHERE tenant_id = $1;\n"))
	}},
	{"statements-settings", 10000, func(n int) map[string]string { return query(each(n, "SELECT set_config('app.t#', $1, false);\n")) }},
	{"statements-notes", 10000, func(n int) map[string]string {
		return query(each(n, "-- poollint:ignore tenantfilter -- reason\nUPDATE orders SET name = 'x#';\n"))
	}},
	{"notes", 25000, func(n int) map[string]string {
		return query(each(n, "-- poollint:ignore tenantfilter -- reason\n") + "SELECT name FROM orders")
	}},
	{"notes-behind", 25000, func(n int) map[string]string {
		return query("SELECT name FROM orders;\n" + each(n, "-- poollint:ignore tenantfilter -- reason\n"))
	}},
	{"ctes", 2500, func(n int) map[string]string {
		return query("WITH " + join(n, ",\n", "c# AS (SELECT id, name FROM orders WHERE id = $1)") + " SELECT * FROM " + join(n, ", ", "c#"))
	}},
	{"ctes-chain", 2500, func(n int) map[string]string {
		return query("WITH c0 AS (SELECT * FROM orders)," + join(n, ",\n", "c@ AS (SELECT * FROM c#)") + fmt.Sprintf(" SELECT * FROM c%d WHERE tenant_id = $1", n))
	}},
	{"ctes-double", 11, func(n int) map[string]string {
		return query("WITH c0 AS (SELECT * FROM orders)," + join(n, ",\n", "c@ AS (SELECT * FROM c# a, c# b)") + fmt.Sprintf(" SELECT * FROM c%d WHERE nope = $1 AND tenant_id = $2", n))
	}},
	{"ctes-double-holes", 11, func(n int) map[string]string {
		return query("WITH c0 AS (SELECT *, x FROM unknown, more)," + join(n, ",\n", "c@ AS (SELECT * FROM c# a, c# b)") + fmt.Sprintf(" SELECT * FROM c%d JOIN orders o ON o.id = order_id WHERE nope = $1 AND tenant_id = $2", n))
	}},
	{"ctes-recursive", 500, func(n int) map[string]string {
		return query("WITH RECURSIVE " + join(n, ",\n", "c# AS (SELECT id FROM orders UNION ALL SELECT o.id FROM orders o JOIN c# ON c#.id = o.id)") + " SELECT * FROM " + join(n, ", ", "c#"))
	}},
	{"subqueries-in", 125, func(n int) map[string]string {
		return query("SELECT name FROM orders WHERE id IN " + strings.Repeat("(SELECT id FROM orders WHERE id IN ", n) + "(1)" + strings.Repeat(")", n))
	}},
	{"subqueries-from", 125, func(n int) map[string]string {
		return query("SELECT * FROM " + strings.Repeat("(SELECT * FROM ", n) + "orders" + join(n, "", ") x#") + " WHERE tenant_id = $1")
	}},
	{"subqueries-flat", 2500, func(n int) map[string]string {
		return query("SELECT " + join(n, ", ", "(SELECT name FROM orders WHERE id = $#)"))
	}},
	{"parens", 12500, func(n int) map[string]string {
		return query("SELECT name FROM orders WHERE " + strings.Repeat("(", n) + "1" + strings.Repeat(")", n))
	}},
	{"parens-broken", 125, func(n int) map[string]string {
		return query("SELECT name FROM orders WHERE " + strings.Repeat("(a b c ", n) + "1" + strings.Repeat(" x y) z", n))
	}},
	{"in-items", 50000, func(n int) map[string]string {
		return query("SELECT name FROM orders WHERE id IN (" + join(n, ", ", "$#") + ")")
	}},
	{"in-columns", 12500, func(n int) map[string]string {
		return query("SELECT name FROM orders o, tenants t WHERE o.id IN (" + join(n, ", ", "t.c#") + ")")
	}},
	{"in-subqueries", 1250, func(n int) map[string]string {
		return query("SELECT name FROM orders WHERE " + join(n, " AND ", "id IN (SELECT id FROM orders WHERE name = $#)"))
	}},
	{"unions", 2500, func(n int) map[string]string {
		return query(join(n, "\nUNION ALL ", "SELECT name FROM orders WHERE id = $#"))
	}},
	{"ors", 2500, func(n int) map[string]string {
		return query("SELECT name FROM orders WHERE " + join(n, " OR ", "id = $#"))
	}},
	{"ors-pinned", 2500, func(n int) map[string]string {
		return query("SELECT name FROM orders WHERE " + join(n, " OR ", "tenant_id = $# AND id = $#"))
	}},
	{"ands-columns", 2500, func(n int) map[string]string {
		return query("SELECT name FROM orders WHERE " + join(n, " AND ", "c# = c@"))
	}},
	{"ands-ors", 500, func(n int) map[string]string {
		return query("SELECT name FROM orders WHERE " + join(n, " AND ", "(id = $# OR $# IS NULL)"))
	}},
	{"joins", 500, func(n int) map[string]string {
		return query("SELECT 1 FROM orders o " + join(n, "\n", "JOIN orders o# ON o#.id = o.id"))
	}},
	{"joins-chain", 500, func(n int) map[string]string {
		return query("SELECT 1 FROM orders o0 " + join(n, "\n", "JOIN orders o@ ON o@.id = o#.id"))
	}},
	{"joins-left", 250, func(n int) map[string]string {
		return query("SELECT 1 FROM orders o0 " + join(n, "\n", "LEFT JOIN orders o@ ON o@.id = o#.id") + " WHERE o0.tenant_id = $1")
	}},
	{"joins-natural-wide", 250, func(n int) map[string]string {
		m := query("SELECT 1 FROM w " + join(n, "\n", "NATURAL JOIN w w#"))
		m["migrations/2.sql"] = "CREATE TABLE w (" + join(n, ", ", "c# int") + ", tenant_id uuid);\n"
		return m
	}},
	{"from-items", 2500, func(n int) map[string]string {
		return query("SELECT " + join(n, ", ", "o#.name") + " FROM " + join(n, ", ", "orders o#"))
	}},
	{"from-columns", 500, func(n int) map[string]string {
		return query("SELECT 1 FROM " + join(n, ", ", "orders o#") + " WHERE " + join(n, " AND ", "c# = $#"))
	}},
	{"insert-query-rows", 25000, func(n int) map[string]string {
		return query("INSERT INTO orders (id, tenant_id) VALUES " + join(n, ",\n", "($#, $1)"))
	}},
	{"insert-conflict", 12500, func(n int) map[string]string {
		return query("INSERT INTO orders (id, tenant_id) VALUES ($1, $2) ON CONFLICT (" + join(n, ", ", "c#") + ") DO UPDATE SET " + join(n, ", ", "c# = excluded.c#"))
	}},
	{"select-derived", 2500, func(n int) map[string]string {
		return query("SELECT " + join(n, ", ", "c#") + " FROM (SELECT " + join(n, ", ", "id AS c#") + " FROM orders) x")
	}},
	{"where-equal-all", 250, func(n int) map[string]string {
		return query("SELECT 1 FROM " + join(n, ", ", "orders o#") + " WHERE " + join(n, " AND ", "o#.id = o0.id AND o#.tenant_id = o0.tenant_id"))
	}},
	{"functions-from", 1250, func(n int) map[string]string {
		return query("SELECT 1 FROM orders o, " + join(n, ", ", "unnest(o.c#) f#") + " WHERE " + join(n, " AND ", "f# = $1"))
	}},
	{"wide-table", 2500, func(n int) map[string]string {
		m := query("SELECT " + join(n, ", ", "c#") + " FROM w WHERE " + join(n, " AND ", "c# = $#"))
		m["migrations/2.sql"] = "CREATE TABLE w (" + join(n, ", ", "c# int REFERENCES orders (id)") + ", tenant_id uuid);\n"
		return m
	}},
	{"lateral", 250, func(n int) map[string]string {
		return query("SELECT 1 FROM orders o " + join(n, "\n", "CROSS JOIN LATERAL (SELECT * FROM orders p WHERE p.id = o.id) x#"))
	}},
	{"minuses", 50000, func(n int) map[string]string {
		return query("SELECT name FROM orders WHERE id = " + strings.Repeat("+-", n) + "1")
	}},
	{"functions", 12500, func(n int) map[string]string {
		return query(each(n, "CREATE FUNCTION f#() RETURNS int LANGUAGE sql AS $$ SELECT 1 $$;\n"))
	}},
	{"words", 50000, func(n int) map[string]string { return query("SELECT name FROM orders WHERE " + join(n, " ", "w#")) }},
	{"queries-one-func", 1000, func(n int) map[string]string {
		return map[string]string{"shape.go": codeHead + "func Q(db *sql.DB, id, t string) {\n" + each(n, "db.Query(`SELECT name FROM orders WHERE tenant_id = $1 AND id = $2`, t, id)\ndb.Exec(`UPDATE orders SET name = 'x' WHERE id = $1`, id)\n") + "}\n"}
	}},
}

// query is code that runs the SQL.
func query(sql string) map[string]string {
	return map[string]string{"shape.go": codeHead + "func run(db *sql.DB) { db.Query(`" + sql + "`) }\n"}
}

// join writes a text n times, with another between them.
func join(n int, between, text string) string {
	all := make([]string, n)
	for i := range all {
		all[i] = nth(i, text)
	}
	return strings.Join(all, between)
}
