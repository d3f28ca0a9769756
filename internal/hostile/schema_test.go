package hostile

import (
	"fmt"
)

// schemas are DDL of many statements, tables, columns and keys.
var schemas = []shape{
	{"views-double", 11, func(n int) map[string]string {
		return ddl("CREATE VIEW v0 AS SELECT * FROM orders;\n" + each(n, "CREATE VIEW v@ AS SELECT * FROM v# a JOIN v# b ON a.id = b.id;\n"))
	}},
	{"views-chain", 1000, func(n int) map[string]string {
		return ddl("CREATE TABLE w (" + join(n/10, ", ", "c# int") + ");\nCREATE VIEW v0 AS SELECT * FROM w;\n" + each(n, "CREATE VIEW v@ AS SELECT *, 1 AS d# FROM v#;\n"))
	}},
	{"views-circular", 5000, func(n int) map[string]string {
		return ddl(each(n, "CREATE VIEW v# AS SELECT * FROM v@, v0;\n") + each(n, "CREATE OR REPLACE VIEW v# AS SELECT * FROM v@, v0;\n"))
	}},
	{"like-double", 11, func(n int) map[string]string {
		return ddl("CREATE TABLE v0 (id int, tenant_id uuid);\n" + each(n, "CREATE TABLE v@ (LIKE v#, LIKE v#);\n"))
	}},
	{"inherits-double", 11, func(n int) map[string]string {
		return ddl("CREATE TABLE v0 (id int PRIMARY KEY REFERENCES orders (id), tenant_id uuid);\n" + each(n, "CREATE TABLE v@ (x@ int) INHERITS (v#, v#);\n"))
	}},
	{"table-as-double", 11, func(n int) map[string]string {
		return ddl("CREATE TABLE v0 (id int, tenant_id uuid);\n" + each(n, "CREATE TABLE v@ AS SELECT * FROM v#, v#;\n"))
	}},
	{"alters-one", 25000, func(n int) map[string]string {
		return ddl("CREATE TABLE t (id int);\n" + each(n, "ALTER TABLE t ADD COLUMN c# int;\n"))
	}},
	{"alters-each", 12500, func(n int) map[string]string {
		return ddl(each(n, "CREATE TABLE s.t# (id int);\n") + each(n, "ALTER TABLE t# ADD COLUMN tenant_id uuid;\n"))
	}},
	{"alters-drop", 12500, func(n int) map[string]string {
		return ddl("CREATE TABLE t (" + join(n, ", ", "c# int UNIQUE") + ");\n" + each(n, "ALTER TABLE t DROP COLUMN c#;\n"))
	}},
	{"alters-rename-column", 12500, func(n int) map[string]string {
		return ddl("CREATE TABLE t (" + join(n, ", ", "c# int UNIQUE") + ");\n" + each(n, "ALTER TABLE t RENAME COLUMN c# TO d#;\n"))
	}},
	{"alters-constraints", 12500, func(n int) map[string]string {
		return ddl("CREATE TABLE t (id int, tenant_id uuid);\n" + each(n, "ALTER TABLE t ADD CONSTRAINT c# FOREIGN KEY (id) REFERENCES orders (id);\n") + each(n, "ALTER TABLE t DROP CONSTRAINT c#;\n"))
	}},
	{"columns", 12500, func(n int) map[string]string {
		return ddl("CREATE TABLE t (" + join(n, ", ", "c# int") + ", tenant_id uuid);\n")
	}},
	{"columns-ids", 5000, func(n int) map[string]string {
		return ddl("CREATE TABLE t (" + join(n, ", ", "c#_id int NOT NULL") + ", PRIMARY KEY (" + join(n, ", ", "c#_id") + "));\n" + each(n, "CREATE TABLE c# (tenant_id uuid);\n"))
	}},
	{"tables", 12500, func(n int) map[string]string { return ddl(each(n, "CREATE TABLE t# (id int, tenant_id uuid);\n")) }},
	{"tables-keys-owned", 5000, func(n int) map[string]string { // the last belongs to a tenant
		return ddl(each(n, "CREATE TABLE t# (id int PRIMARY KEY, up int NOT NULL REFERENCES t@ (id));\n") + fmt.Sprintf("CREATE TABLE t%d (id int PRIMARY KEY, up uuid NOT NULL REFERENCES orders (id));\n", n))
	}},
	{"tables-names-owned", 5000, func(n int) map[string]string {
		return ddl(each(n, "CREATE TABLE t# (id int PRIMARY KEY, t@_id int NOT NULL);\n") + fmt.Sprintf("CREATE TABLE t%d (id int PRIMARY KEY, order_id uuid NOT NULL);\n", n))
	}},
	{"tables-keys-star", 2000, func(n int) map[string]string { // leads: three levels of many keys
		keys := join(n, ", ", "c# int NOT NULL REFERENCES a (id)")
		return ddl("CREATE TABLE a (id int PRIMARY KEY, organization_id int REFERENCES organizations (id), " + keys + ");\nCREATE TABLE organizations (id int, b_id int NOT NULL REFERENCES b (id), " + join(n, ", ", "c# int NOT NULL REFERENCES b (id)") + ");\nCREATE TABLE b (id int PRIMARY KEY, " + join(n, ", ", "d# int NOT NULL REFERENCES c (id)") + ");\nCREATE TABLE c (id int PRIMARY KEY, " + join(n, ", ", "e# int NOT NULL REFERENCES d (id)") + ");\nCREATE TABLE d (id int PRIMARY KEY, project_id int REFERENCES projects(id), tenant_id int);\nCREATE TABLE projects (id int PRIMARY KEY);\n")
	}},
	{"tables-schemas-refs", 5000, func(n int) map[string]string {
		return ddl(each(n, "CREATE TABLE s#.t (id int PRIMARY KEY, up int NOT NULL REFERENCES s@.t (id));\n"))
	}},
	{"renames", 12500, func(n int) map[string]string {
		return ddl("CREATE TABLE t0 (id int, tenant_id uuid);\n" + each(n, "ALTER TABLE t# RENAME TO t@;\n"))
	}},
	{"renames-each", 5000, func(n int) map[string]string {
		return ddl(each(n, "CREATE TABLE t# (id int PRIMARY KEY, up int REFERENCES t@ (id));\n") + each(n, "ALTER TABLE t# RENAME TO u#;\n"))
	}},
	{"renames-referred", 2500, func(n int) map[string]string { // all refer to the one that is renamed
		return ddl("CREATE TABLE t0 (id int PRIMARY KEY);\n" + each(n, "CREATE TABLE r# (id int REFERENCES t0 (id));\n") + each(n, "ALTER TABLE t# RENAME TO t@;\n"))
	}},
	{"drops", 12500, func(n int) map[string]string {
		return ddl(each(n, "CREATE TABLE t# (id int, tenant_id uuid);\n") + each(n, "DROP TABLE t#;\n"))
	}},
	{"drops-recreate", 12500, func(n int) map[string]string {
		return ddl(each(n, "CREATE TABLE t# (id int);\n") + each(n, "CREATE TABLE t# (id int, tenant_id uuid);\n"))
	}},
	{"drop-index", 5000, func(n int) map[string]string {
		return ddl(each(n, "CREATE TABLE t# (id int, tenant_id uuid);\nCREATE UNIQUE INDEX i# ON t# (id);\n") + each(n, "DROP INDEX i#;\n"))
	}},
	{"drop-schema", 5000, func(n int) map[string]string {
		return ddl(each(n, "CREATE TABLE s#.t (id int, tenant_id uuid);\n") + each(n, "DROP SCHEMA s#;\n"))
	}},
	{"policies", 12500, func(n int) map[string]string {
		return ddl(each(n, "CREATE POLICY p# ON orders USING (tenant_id = current_setting('app.t')::uuid);\n") + each(n, "DROP POLICY p# ON orders;\n"))
	}},
	{"migrations", 2500, func(n int) map[string]string {
		m := map[string]string{}
		for i := range n {
			m[fmt.Sprintf("migrations/%d.up.sql", i+10)] = fmt.Sprintf("CREATE TABLE t%d (id int, tenant_id uuid);\n", i)
		}
		return m
	}},
	{"migration-dirs", 500, func(n int) map[string]string {
		m := map[string]string{}
		for i := range n {
			m[fmt.Sprintf("d%d/1.sql", i)] = fmt.Sprintf("CREATE TABLE t%d (id int, tenant_id uuid);\nCREATE TABLE orders (id int, tenant_id uuid);\n", i)
		}
		return m
	}},
	{"migration-dirs-packages", 100, func(n int) map[string]string {
		m := map[string]string{}
		for i := range n {
			m[fmt.Sprintf("d%d/1.sql", i)] = each(20, fmt.Sprintf("CREATE TABLE t%d_# (id int, tenant_id uuid);", i)+"\n")
			m[fmt.Sprintf("d%d/q.go", i)] = codeHead + "func Q(db *sql.DB) { db.Query(`SELECT 1 FROM orders WHERE tenant_id = $1`) }\n"
		}
		return m
	}},
	{"inserts", 50000, func(n int) map[string]string {
		return ddl("CREATE TABLE x (id int);\n" + each(n, "INSERT INTO orders (id, tenant_id) VALUES (#, 'x');\n"))
	}},
	{"copies-from", 25000, func(n int) map[string]string {
		return ddl("CREATE TABLE x (id int);\n" + each(n, "COPY orders (id, tenant_id) FROM stdin;\n1\\tx\n\\.\n"))
	}},
	{"do-block", 12500, func(n int) map[string]string {
		return ddl("DO $$ BEGIN\n" + each(n, "CREATE TABLE t# (id int);\n") + "END $$;\n")
	}},
	{"markers", 25000, func(n int) map[string]string {
		return ddl("CREATE TABLE x (id int);\n" + each(n, "-- +goose Up\nSELECT #;\n-- +goose Down\nSELECT 1;\n"))
	}},
	{"ddl-go", 12500, func(n int) map[string]string {
		return map[string]string{"migrations/m.go": "package migrations\n\nvar all = []string{\n" + each(n, "\"CREATE TABLE t# (id int, tenant_id int)\",\n") + "}\n"}
	}},
	{"ddl-sites", 2500, func(n int) map[string]string { // DDL that the program runs
		return map[string]string{"shape.go": codeHead + "func Q(db *sql.DB) {\n" + each(n, "db.Exec(`CREATE TABLE IF NOT EXISTS t# (id int, tenant_id int)`)\n") + "}\n"}
	}},
	{"ddl-site", 12500, func(n int) map[string]string { return query(each(n, "CREATE TABLE t# (id int, tenant_id int);\n")) }},
}

func ddl(text string) map[string]string { return map[string]string{"migrations/2.sql": text} }
