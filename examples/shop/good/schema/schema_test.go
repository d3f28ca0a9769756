// Package schema tests the migrations: it runs DDL, and so each test has a schema of its own.
package schema_test

import (
	"testing"

	"github.com/poollint/poollint/examples/shop/good/fixture"
	"github.com/poollint/poollint/examples/shop/migrations"
	"github.com/poollint/poollint/testpool"
)

func TestMain(m *testing.M) { fixture.Main(m) }

func TestMigrationsRunTwice(t *testing.T) {
	t.Parallel()
	pool := testpool.Schema(t)
	if err := migrations.Up(t.Context(), pool); err != nil {
		t.Fatal(err)
	}
	var tables int
	err := pool.QueryRow(t.Context(), "SELECT count(*) FROM pg_tables WHERE schemaname = current_schema()").Scan(&tables)
	if err != nil || tables != 6 {
		t.Errorf("%d tables, %v; want 6", tables, err)
	}
}

func TestEveryTableOfATenantGoesWithIt(t *testing.T) {
	t.Parallel()
	pool := testpool.Schema(t)
	rows, err := pool.Query(t.Context(), `
		SELECT table_name FROM information_schema.columns
		WHERE table_schema = current_schema() AND column_name = 'tenant_id'
		EXCEPT
		SELECT conrelid::regclass::text FROM pg_constraint
		WHERE contype = 'f' AND confrelid = 'tenants'::regclass AND confdeltype = 'c'`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		t.Errorf("rows of %v stay behind", rows.RawValues())
	}
	if err := rows.Err(); err != nil {
		t.Error(err)
	}
}
