// The migrations are tested where all other tests have their rows.
package schema_test

import (
	"context"
	"database/sql"
	"os"
	"testing"

	"github.com/jackc/pgx/v5/pgxpool"
	_ "github.com/jackc/pgx/v5/stdlib"

	"github.com/poollint/poollint/examples/shop/migrations"
)

func TestMigrationsRunTwice(t *testing.T) {
	pool, err := pgxpool.New(context.Background(), os.Getenv("DATABASE_URL_TEST"))
	if err != nil {
		t.Fatal(err)
	}
	if err := migrations.Up(context.Background(), pool); err != nil {
		t.Fatal(err) // and the pool stays open
	}
	var tables int
	err = pool.QueryRow(context.Background(), "SELECT count(*) FROM pg_tables WHERE schemaname = current_schema()").Scan(&tables)
	if err != nil || tables != 6 {
		t.Errorf("%d tables, %v; want 6", tables, err)
	}
	pool.Close()
}

// database/sql has no limit of its own, and the rows are never closed.
func TestEveryTableOfATenantGoesWithIt(t *testing.T) {
	db, err := sql.Open("pgx", os.Getenv("DATABASE_URL_TEST"))
	if err != nil {
		t.Fatal(err)
	}
	rows, err := db.Query(`
		SELECT table_name FROM information_schema.columns
		WHERE table_schema = current_schema() AND column_name = 'tenant_id'
		EXCEPT
		SELECT conrelid::regclass::text FROM pg_constraint
		WHERE contype = 'f' AND confrelid = 'tenants'::regclass AND confdeltype = 'c'`)
	if err != nil {
		t.Fatal(err)
	}
	if rows.Next() {
		t.Error("rows of a table stay behind")
	}
}
