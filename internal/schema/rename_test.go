package schema_test

import (
	"testing"

	"github.com/poollint/poollint/internal/schema"
	"github.com/poollint/poollint/internal/sqlast"
)

// A foreign key follows its table from the name that it had when the key was written.
func TestKeysFollowRenames(t *testing.T) {
	t.Parallel()
	d := schema.Parse(`
CREATE TABLE t (id int PRIMARY KEY);
CREATE TABLE a (t_id int REFERENCES t (id));
ALTER TABLE t RENAME TO u;
CREATE TABLE t (id int PRIMARY KEY);
CREATE TABLE b (t_id int REFERENCES t (id));
ALTER TABLE U RENAME TO v;
`, sqlast.Postgres, tenant())
	for table, want := range map[string]string{"a": "v", "b": "t"} {
		if got := d.Lookup("", table).ForeignKeys[0].RefTable; got != want {
			t.Errorf("%s refers to %s, want %s", table, got, want)
		}
	}
}

// A view has one column of a name, however often its tables have it.
func TestViewOfViews(t *testing.T) {
	t.Parallel()
	d := schema.Parse(`
CREATE TABLE t (id int, tenant_id int);
CREATE VIEW v AS SELECT * FROM t a JOIN t b ON a.id = b.id;
CREATE VIEW w AS SELECT *, 1 AS more FROM v a JOIN v b ON a.id = b.id;
ALTER TABLE t DROP COLUMN tenant_id;
`, sqlast.Postgres, tenant())
	if got, want := columns(d), "t(id) v(id,tenant_id) w(id,tenant_id,more)"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}
