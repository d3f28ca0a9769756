package billing

import (
	"database/sql"
	"os"
	"testing"

	_ "github.com/jackc/pgx/v5/stdlib"

	"example.com/service/dbtest"
)

func TestRefund(t *testing.T) {
	pool := dbtest.Pool(t)
	for _, test := range []struct{ tenantSlug string }{{"acme"}, {"tenant-1"}} {
		t.Run(test.tenantSlug, func(t *testing.T) {
			if _, err := pool.Exec(t.Context(), `INSERT INTO tenants (id, slug) VALUES (gen_random_uuid(), $1)`, test.tenantSlug); err != nil {
				t.Fatal(err)
			}
		})
	}
}

func TestPurge(t *testing.T) {
	db, err := sql.Open("pgx", os.Getenv("DATABASE_URL"))
	if err != nil {
		t.Fatal(err)
	}
	var n int
	if err := db.QueryRowContext(t.Context(), `SELECT count(*) FROM payments`).Scan(&n); err != nil {
		t.Fatal(err)
	}
}
