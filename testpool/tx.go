package testpool

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// cleanupTimeout bounds what runs after a test, when its own context has ended.
const cleanupTimeout = 30 * time.Second

// Tx returns a transaction of the process's pool, which is rolled back when the test
// ends: what the test writes is never seen by another. It holds one connection for
// as long as the test runs, so that of parallel tests no more than [MaxConns] have
// one at a time; the others wait, at most [MaxWait]. Code that begins a transaction of its own inside, with
// tx.Begin, gets a savepoint; code that ends this one fails the test.
func Tx(t testing.TB, options ...Option) pgx.Tx {
	t.Helper()
	tx, err := Get(t, options...).Begin(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), cleanupTimeout)
		defer cancel()
		switch err := tx.Rollback(ctx); {
		case errors.Is(err, pgx.ErrTxClosed):
			t.Error("testpool: the test has ended the transaction of testpool.Tx: what it wrote may be left")
		case err != nil:
			t.Errorf("testpool: roll back: %v", err)
		}
	})
	return tx
}
