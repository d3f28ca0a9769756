// Package dbtest opens pools for the tests of other packages.
package dbtest

import (
	"context"
	"os"
	"testing"

	"github.com/jackc/pgx/v5/pgxpool"
)

func Open(t testing.TB) *pgxpool.Pool {
	pool, err := pgxpool.New(context.Background(), os.Getenv("SHOP_DSN")) // want `pgxpool.New opens a pool for each of 2 parallel tests`
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(pool.Close)
	return pool
}
