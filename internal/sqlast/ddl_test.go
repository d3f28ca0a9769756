package sqlast

import (
	"fmt"
	"strings"
	"testing"
)

// printDDL writes down what a statement defines.
func printDDL(s Stmt) string {
	switch s := s.(type) {
	case *CreateTable:
		var c clauses
		c.add("table", holed(s.Table.String()))
		c.add("", list(s.Columns, printColumn))
		c.add("", list(s.Constraints, printConstraint))
		c.add("like", list(s.Like, QName.String))
		c.add("inherits", list(s.Inherits, QName.String))
		c.add("of", s.PartitionOf.String())
		c.add("by", exprs(s.PartitionBy))
		c.add("as", strings.TrimSpace(query(s.As)))
		for _, h := range s.Holes {
			c.add("", printExpr(h))
		}
		return strings.Join(c, " ")
	case *AlterTable:
		return "alter " + s.Table.String() + " " + list(s.Actions, printAction)
	case *Drop:
		return "drop " + s.Kind + " " + list(s.Names, QName.String)
	case *CreateIndex:
		out := fmt.Sprintf("index %s on %s (%s)", s.Name.Text, s.Table, exprs(s.Keys))
		if s.Unique {
			out = "unique " + out
		}
		if s.Where != nil {
			out += " where " + printExpr(s.Where)
		}
		return out
	case *CreateView:
		return "view " + s.View.String() + alias(Name{}, s.Columns) + query(s.Query)
	case *Policy:
		out := fmt.Sprintf("%s policy %s on %s for %s", s.Verb, s.Name.Text, s.Table, s.Command)
		if s.Restrictive {
			out += " restrictive"
		}
		if s.Roles != nil {
			out += " to " + names(s.Roles)
		}
		if s.Using != nil {
			out += " using " + printExpr(s.Using)
		}
		if s.Check != nil {
			out += " check " + printExpr(s.Check)
		}
		return out
	case *CreateSchema:
		if s.Database {
			return "database " + s.Name.Text
		}
		return "schema " + s.Name.Text
	}
	return printStmt(s)
}

func printColumn(c *ColumnDef) string {
	out := "<" + holed(c.Name.Text)
	if c.Type.Name != "" {
		out += " " + printExpr(&Cast{Expr: &Star{}, Type: c.Type})[len(".*::")-1:]
	}
	for _, flag := range []struct {
		on   bool
		name string
	}{{c.NotNull, "notnull"}, {c.PrimaryKey, "pk"}, {c.Unique, "unique"}} {
		if flag.on {
			out += " " + flag.name
		}
	}
	for _, e := range []struct {
		name string
		expr Expr
	}{{"default", c.Default}, {"generated", c.Generated}, {"check", c.Check}} {
		if e.expr != nil {
			out += " " + e.name + " " + printExpr(e.expr)
		}
	}
	return out + printReference(c.References) + ">"
}

func printReference(r *Reference) string {
	if r == nil {
		return ""
	}
	return " → " + r.Table.String() + "(" + names(r.Columns) + ")"
}

func printConstraint(c *Constraint) string {
	kind := [...]string{PrimaryKey: "pk", Unique: "unique", ForeignKey: "fk", Check: "check", Exclude: "exclude",
		NotNull: "notnull", Key: "key"}[c.Kind]
	out := "<" + strings.TrimSpace(kind+" "+c.Name.Text) + " (" + names(c.Columns) + ")"
	if c.Exprs != nil {
		out += " " + exprs(c.Exprs)
	}
	if c.Check != nil {
		out += " " + printExpr(c.Check)
	}
	return out + printReference(c.References) + ">"
}

func printAction(a AlterAction) string {
	out := [...]string{"other", "add", "drop", "rename", "change", "modify", "type", "notnull", "nullable", "default",
		"nodefault", "to", "schema", "add", "dropconstraint", "droppk", "renameconstraint", "rls", "norls", "force",
		"noforce", "attach", "detach", "inherit", "noinherit"}[a.Kind]
	switch {
	case a.Constraint != nil:
		return out + printConstraint(a.Constraint)
	case a.Column != nil && a.Kind == ChangeColumn:
		return out + "(" + a.Name.Text + ")" + printColumn(a.Column)
	case a.Column != nil:
		return out + printColumn(a.Column)
	case len(a.Table) > 0:
		return out + "(" + a.Table.String() + ")"
	case a.NewName.Text != "":
		return out + "(" + a.Name.Text + " " + a.NewName.Text + ")"
	case a.Name.Text != "":
		return out + "(" + a.Name.Text + ")"
	}
	return out
}

func TestReadDDL(t *testing.T) {
	t.Parallel()
	tests := []struct {
		dialect   Dialect
		src, want string
	}{
		{Postgres, `CREATE TABLE IF NOT EXISTS s.t (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), tenant_id uuid NOT NULL REFERENCES tenants (id) ON DELETE CASCADE, n numeric(10, 2) CHECK (n > 0), tags text[] UNIQUE, at timestamp with time zone NOT NULL DEFAULT now())`,
			`table s.t <id uuid pk default gen_random_uuid()> <tenant_id uuid notnull → tenants(id)> <n numeric(10, 2) check (> n 0)> <tags text[] unique> <at timestamp with time zone notnull default now()>`},
		{Postgres, `CREATE TABLE t (a int, b int, CONSTRAINT p PRIMARY KEY (a, b), UNIQUE (b), CONSTRAINT f FOREIGN KEY (a, b) REFERENCES u (c, d) DEFERRABLE, CHECK (a > b), EXCLUDE USING gist (a WITH =, f(b) WITH &&), FOREIGN KEY (a) REFERENCES s.v)`,
			`table t <a int> <b int> <pk p (a b)> <unique (b)> <fk f (a b) → u(c d)> <check () (> a b)> <exclude (a) f(b)> <fk (a) → s.v()>`},
		{Postgres, `CREATE TABLE t (a int GENERATED ALWAYS AS IDENTITY, b text GENERATED ALWAYS AS (lower(c)) STORED, LIKE u INCLUDING ALL) INHERITS (v, s.w) WITH (fillfactor = 70)`,
			`table t <a int> <b text generated lower(c)> like u inherits v s.w`},
		{Postgres, `CREATE TABLE t PARTITION OF u FOR VALUES IN (1) PARTITION BY LIST (a, lower(b))`,
			`table t of u by a lower(b)`},
		{Postgres, `CREATE TEMP TABLE t (a, b) AS SELECT c, d FROM u WITH NO DATA`,
			`table t <a> <b> as [select c d from u]`},
		{Postgres, `CREATE TABLE t (id int, {}, {} int, x_{} text {})`,
			`table t <id int> <{} int> <x_{} text> {0}`},
		{Postgres, `CREATE TABLE {} (id int)`,
			`table {} <id int>`},
		{Postgres, `CREATE TABLE t (a int NOT NULL b int, c int)`,
			`table t <a int notnull> <c int> !! unexpected b`},
		{Postgres, `CREATE TABLE t (a int, CONSTRAINT x, b int)`,
			`table t <a int> <b int> <x ()> !! constraint expected`},
		{Postgres, `CREATE TABLE "T" ("Id" uuid, "tenantId" uuid NOT NULL)`,
			`table T <Id uuid> <tenantId uuid notnull>`},
		{Postgres, `ALTER TABLE IF EXISTS ONLY s.t ADD COLUMN IF NOT EXISTS a int NOT NULL DEFAULT 0, DROP COLUMN b CASCADE, ALTER c TYPE bigint USING c::bigint, ALTER COLUMN d SET NOT NULL, ALTER e DROP NOT NULL, ALTER f SET DEFAULT 1, ALTER g DROP DEFAULT, ADD CONSTRAINT h UNIQUE (i), DROP CONSTRAINT j, OWNER TO k`,
			`alter s.t add<a int notnull default 0> drop(b) type<c bigint> notnull(d) nullable(e) default<f default 1> nodefault(g) add<unique h (i)> dropconstraint(j) other`},
		{Postgres, `ALTER TABLE t RENAME a TO b; ALTER TABLE t RENAME TO u; ALTER TABLE t RENAME CONSTRAINT a TO b; ALTER TABLE t SET SCHEMA s`,
			`alter t rename(a b) alter t to(u) alter t renameconstraint(a b) alter t schema(s)`},
		{Postgres, `ALTER TABLE t ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY; ALTER TABLE t DISABLE ROW LEVEL SECURITY; ALTER TABLE t NO FORCE ROW LEVEL SECURITY`,
			`alter t rls force alter t norls alter t noforce`},
		{Postgres, `ALTER TABLE t ATTACH PARTITION u DEFAULT; ALTER TABLE t DETACH PARTITION s.u; ALTER TABLE t INHERIT v; ALTER TABLE t NO INHERIT v`,
			`alter t attach(u) alter t detach(s.u) alter t inherit(v) alter t noinherit(v)`},
		{Postgres, `ALTER TABLE t ADD PRIMARY KEY (a), ADD FOREIGN KEY (tenant_id, b) REFERENCES u (tenant_id, id)`,
			`alter t add<pk (a)> add<fk (tenant_id b) → u(tenant_id id)>`},
		{Postgres, `ALTER TABLE t ADD {}; ALTER TABLE t {}`,
			`alter t add<{}> alter t other`},
		{Postgres, `DROP TABLE IF EXISTS s.t, "U" CASCADE; DROP VIEW v; DROP MATERIALIZED VIEW m; DROP INDEX CONCURRENTLY i; DROP SCHEMA s; DROP POLICY p ON t`,
			`drop table s.t U drop view v drop materialized view m drop index i drop schema s drop policy p on t for all`},
		{Postgres, `CREATE UNIQUE INDEX CONCURRENTLY i ON s.t USING btree (tenant_id, lower(a) text_ops DESC) WHERE b IS NULL; CREATE INDEX ON t (a)`,
			`unique index i on s.t (tenant_id lower(a)) where (is-null b) index  on t (a)`},
		{Postgres, `CREATE OR REPLACE VIEW s.v (a, b) AS SELECT c, d FROM t WHERE e = 1 WITH CHECK OPTION; CREATE MATERIALIZED VIEW m AS SELECT 1 WITH DATA`,
			`view s.v(a b) [select c d from t where (= e 1)] view m [select 1]`},
		{Postgres, `CREATE POLICY p ON s.t AS RESTRICTIVE FOR UPDATE TO r, PUBLIC USING (tenant_id = current_setting('app.t')::uuid) WITH CHECK (a); CREATE POLICY q ON t USING (true); ALTER POLICY q ON t WITH CHECK (b)`,
			`create policy p on s.t for update restrictive to r public using (= tenant_id current_setting('app.t')::uuid) check a create policy q on t for all using true alter policy q on t for all check b`},
		{Postgres, `CREATE SCHEMA IF NOT EXISTS s; CREATE SCHEMA AUTHORIZATION r; CREATE DATABASE d OWNER r`,
			`schema s schema  database d`},
		{Postgres, `CREATE TYPE m AS ENUM ('a'); CREATE EXTENSION x; COMMENT ON TABLE t IS 'x'; GRANT ALL ON t TO r`,
			`other CREATE TYPE other CREATE EXTENSION other COMMENT other GRANT ALL`},
		{Postgres, `CREATE TABLE t (a int {}) {}`,
			`table t <a int> {1}`},
		{MySQL, "CREATE TABLE `t` (`id` bigint unsigned NOT NULL AUTO_INCREMENT, `a` varchar(10) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL DEFAULT '' COMMENT 'x, y', `b` timestamp NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP, `c` int AS (`a` + 1) VIRTUAL, PRIMARY KEY (`id`), UNIQUE KEY `u` (`a`(5),`b`), KEY `k` (`c` DESC), FULLTEXT KEY (`a`), CONSTRAINT `f` FOREIGN KEY (`c`) REFERENCES `v` (`id`) ON DELETE SET NULL) ENGINE=InnoDB COMMENT='z'",
			`table t <id bigint notnull> <a varchar(10) notnull default ''> <b timestamp default current_timestamp()> <c int generated (+ a 1)> <pk (id)> <unique u (a b)> <key k (c)> <key (a)> <fk f (c) → v(id)>`},
		{MySQL, `ALTER TABLE t ADD COLUMN (a int, b int NOT NULL), ADD c int AFTER a, MODIFY d bigint NOT NULL FIRST, CHANGE e f text, DROP FOREIGN KEY g, DROP PRIMARY KEY, ADD INDEX i (a, b), DROP INDEX j, RENAME COLUMN k TO l, ENGINE = InnoDB`,
			`alter t add<a int> add<b int notnull> add<c int> modify<d bigint notnull> change(e)<f text> dropconstraint(g) droppk add<key i (a b)> dropconstraint(j) rename(k l) other`},
		{MySQL, `RENAME TABLE a TO b, s.c TO s.d; ALTER TABLE t RENAME u; CREATE TABLE t LIKE u; CREATE TABLE t SELECT * FROM u`,
			`alter a to(b) alter s.c to(s.d) alter t to(u) table t like u table t as [select * from u]`},
		{SQLite, `CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT, a, b UNSIGNED BIG INT NOT NULL ON CONFLICT IGNORE, [c d] TEXT DEFAULT (datetime('now')), UNIQUE (a) ON CONFLICT REPLACE) STRICT, WITHOUT ROWID`,
			`table t <id integer pk> <a> <b unsigned big int notnull> <c d text default datetime('now')> <unique (a)>`},
		{SQLite, `CREATE VIRTUAL TABLE t USING fts5(a, b); CREATE TRIGGER x AFTER INSERT ON t BEGIN SELECT 1; END; CREATE TABLE u (a text)`,
			`other CREATE VIRTUAL TABLE other CREATE TRIGGER table u <a text>`},
	}
	for _, tt := range tests {
		f := Read(strings.ReplaceAll(tt.src, "{}", HoleMark), Options{Dialect: tt.dialect})
		got := list(f.Stmts, printDDL)
		for _, p := range f.Problems {
			got += " !! " + p.Msg
		}
		if got != tt.want {
			t.Errorf("%s\n got %s\nwant %s", tt.src, got, tt.want)
		}
	}
}
