// Package dbtest helps tests to a database.
package dbtest

import (
	"os"
	"testing"

	"github.com/jackc/pgx/v5/pgxpool"
)

// Pool opens a pool for each caller.
func Pool(t *testing.T) *pgxpool.Pool {
	t.Helper()
	pool, err := pgxpool.New(t.Context(), os.Getenv("DATABASE_URL"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(pool.Close)
	return pool
}
