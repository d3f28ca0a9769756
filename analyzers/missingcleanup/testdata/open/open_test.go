// Package open holds handles that are not released, though some look so.
package open

import (
	"context"
	"database/sql"
	"os"
	"testing"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
	_ "github.com/lib/pq"
	"github.com/stretchr/testify/require"

	"example.com/cleanup/store"
)

var dsn = os.Getenv("TEST_DATABASE_URL")

func TestNeverClosed(t *testing.T) {
	db, err := sql.Open("postgres", dsn) // want `the pool of sql.Open is never closed; add t.Cleanup\(func\(\) { _ = db.Close\(\) }\)`
	require.NoError(t, err)
	_ = db.Ping()
}

func TestFaceOfAPool(t *testing.T) {
	pool, err := pgxpool.New(t.Context(), dsn) // want `the pool of pgxpool.New is never closed; add t.Cleanup\(pool.Close\)`
	require.NoError(t, err)
	db := stdlib.OpenDBFromPool(pool)
	defer db.Close() // leaves the pool open
}

func truncating(t *testing.T) (*sql.DB, func()) {
	db, err := sql.Open("postgres", dsn) // want `the pool of sql.Open is never closed: its caller forgets it; register its release with t.Cleanup in this helper`
	require.NoError(t, err)
	return db, func() { _, _ = db.Exec("TRUNCATE invoices") }
}

func TestCloserThatTruncates(t *testing.T) {
	db, done := truncating(t)
	defer done()
	_ = db.Ping()
}

func empty(t *testing.T) (db *sql.DB, closeDB func()) {
	closeDB = func() {}
	db, err := sql.Open("postgres", dsn) // want `the pool of sql.Open is never closed`
	require.NoError(t, err)
	return db, closeDB
}

func TestEmptyCloser(t *testing.T) {
	db, closeDB := empty(t)
	defer closeDB()
	_ = db.Ping()
}

func TestOneOfTwo(t *testing.T) {
	a, err := sql.Open("postgres", dsn)
	require.NoError(t, err)
	defer a.Close()
	b, err := sql.Open("postgres", dsn) // want `the pool of sql.Open is never closed; add t.Cleanup\(func\(\) { _ = b.Close\(\) }\)`
	require.NoError(t, err)
	_ = b.Ping()
}

func TestVanishesInAnAdapter(t *testing.T) {
	db, err := sql.Open("postgres", dsn) // want `the pool of sql.Open is never closed`
	require.NoError(t, err)
	adapter := store.Adapt(db)
	require.NoError(t, adapter.Ping())
}

func setup(t *testing.T) (*sql.DB, func()) {
	db, err := sql.Open("postgres", dsn)
	require.NoError(t, err)
	return db, func() { db.Close() }
}

func TestDroppedCloser(t *testing.T) {
	db, _ := setup(t) // want `the function that closes what setup opens is dropped; call it with t.Cleanup`
	_ = db.Ping()
}

func TestProductionConstructor(t *testing.T) {
	s, err := store.New(dsn) // want `the pool that New gets from pgxpool.New is never closed`
	require.NoError(t, err)
	_ = s.Count(t.Context())
}

func TestThrownAway(t *testing.T) {
	_, err := pgxpool.New(t.Context(), dsn) // want `the pool of pgxpool.New is never closed`
	require.NoError(t, err)
}

func TestReturnAboveTheRelease(t *testing.T) {
	db, err := sql.Open("postgres", dsn) // want `the pool of sql.Open is not closed on the way through the return in line \d+; release it with t.Cleanup or defer`
	require.NoError(t, err)
	if db.Ping() != nil {
		return
	}
	db.Close()
}

func TestLent(t *testing.T) {
	pool, err := pgxpool.New(t.Context(), dsn) // want `the pool of pgxpool.New is never closed`
	require.NoError(t, err)
	tx, err := pool.Begin(t.Context())
	require.NoError(t, err)
	defer tx.Rollback(context.Background())
}

func borrowed(t *testing.T, pool *pgxpool.Pool) {
	conn, err := pool.Acquire(t.Context()) // want `the acquired connection of Pool.Acquire is never released; add t.Cleanup\(conn.Release\)`
	require.NoError(t, err)
	_ = conn.Ping(t.Context())
	tx, err := pool.Begin(t.Context()) // want `the transaction of Pool.Begin is never rolled back; add t.Cleanup\(func\(\) { _ = tx.Rollback\(context.Background\(\)\) }\)`
	require.NoError(t, err)
	_, _ = tx.Exec(t.Context(), "SELECT 1")
}
