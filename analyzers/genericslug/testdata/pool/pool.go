// Package pool holds the one pool of a test process.
package pool

import (
	"context"
	"os"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5/pgxpool"
)

var open = sync.OnceValues(func() (*pgxpool.Pool, error) {
	return pgxpool.New(context.Background(), os.Getenv("TEST_DATABASE_URL"))
})

func Shared(t testing.TB) *pgxpool.Pool {
	t.Helper()
	p, err := open()
	if err != nil {
		t.Fatal(err)
	}
	return p
}
