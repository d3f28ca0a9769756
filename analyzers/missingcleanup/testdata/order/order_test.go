// Package order holds releases at the wrong time.
package order

import (
	"context"
	"database/sql"
	"os"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	_ "github.com/lib/pq"
	"github.com/stretchr/testify/require"
)

var dsn = os.Getenv("TEST_DATABASE_URL")

func TestDeferBesideCleanupThatQueries(t *testing.T) {
	pool, err := pgxpool.New(t.Context(), dsn)
	require.NoError(t, err)
	defer pool.Close() // want `the deferred release of the pool of pgxpool.New runs before the t.Cleanup function of line 22 that works with it; use t.Cleanup, above that one`
	t.Cleanup(func() {
		_, _ = pool.Exec(context.Background(), "DELETE FROM tenants")
	})
}

func createTenant(t *testing.T, pool *pgxpool.Pool) {
	t.Cleanup(func() { _, _ = pool.Exec(context.Background(), "DELETE FROM tenants") })
}

func TestDeferBesideHelperWhoseCleanupQueries(t *testing.T) {
	pool, err := pgxpool.New(t.Context(), dsn)
	require.NoError(t, err)
	defer pool.Close() // want `runs before the t.Cleanup function of line 35 that works with it`
	createTenant(t, pool)
}

func TestBothWithCleanup(t *testing.T) {
	pool, err := pgxpool.New(t.Context(), dsn)
	require.NoError(t, err)
	t.Cleanup(pool.Close)
	createTenant(t, pool)
}

// A connection that a cleanup function opens for itself is closed in time.
func TestAllInsideTheCleanup(t *testing.T) {
	t.Cleanup(func() {
		conn, err := pgx.Connect(context.Background(), dsn)
		if err != nil {
			panic(err)
		}
		defer conn.Close(context.Background())
		_, _ = conn.Exec(context.Background(), "DROP DATABASE x")
	})
}

func TestContextOfTheTest(t *testing.T) {
	pool, err := pgxpool.New(t.Context(), dsn)
	require.NoError(t, err)
	t.Cleanup(pool.Close)
	t.Cleanup(func() {
		_, _ = pool.Exec(t.Context(), "DELETE FROM tenants") // want `the test's context is cancelled before cleanup functions run; use context.Background\(\) with a timeout`
	})
}

func TestContextOfTheTestDetached(t *testing.T) {
	t.Cleanup(func() {
		pool, err := pgxpool.New(context.WithoutCancel(t.Context()), dsn)
		if err == nil {
			pool.Close()
		}
	})
}

func TestDeferBeforeParallelSubtests(t *testing.T) {
	db, err := sql.Open("postgres", dsn)
	require.NoError(t, err)
	defer db.Close() // want `the deferred release of the pool of sql.Open runs before the parallel subtests do; use t.Cleanup`
	for _, name := range []string{"a", "b"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_ = db.Ping()
		})
	}
}

// A helper makes the subtest parallel.
func concurrently(t *testing.T) {
	t.Helper()
	t.Parallel()
}

func TestDeferBeforeSubtestsMadeParallel(t *testing.T) {
	db, err := sql.Open("postgres", dsn)
	require.NoError(t, err)
	defer db.Close() // want `runs before the parallel subtests do`
	t.Run("a", func(t *testing.T) {
		concurrently(t)
		func() { _ = db.Ping() }()
	})
}

// The parallel subtest has nothing to do with the pool.
func TestDeferBesideParallelSubtests(t *testing.T) {
	db, err := sql.Open("postgres", dsn)
	require.NoError(t, err)
	defer db.Close()
	_ = db.Ping()
	t.Run("a", func(t *testing.T) { t.Parallel() })
	t.Run("b", func(t *testing.T) { _ = db.Ping() })
}

func TestDeferBesideSerialSubtests(t *testing.T) {
	db, err := sql.Open("postgres", dsn)
	require.NoError(t, err)
	defer db.Close()
	t.Run("a", func(t *testing.T) { _ = db.Ping() })
}

func TestDeferInALoop(t *testing.T) {
	for range 3 {
		db, err := sql.Open("postgres", dsn)
		require.NoError(t, err)
		defer db.Close() // want `the deferred release of the pool of sql.Open runs when the function ends, not the iteration; move the loop's body to a function or a subtest`
	}
}

func TestDeferInASubtestOfALoop(t *testing.T) {
	for range 3 {
		t.Run("", func(t *testing.T) {
			db, err := sql.Open("postgres", dsn)
			require.NoError(t, err)
			defer db.Close()
		})
	}
}

func TestCleanupBehindAFatal(t *testing.T) {
	db, err := sql.Open("postgres", dsn)
	require.NoError(t, err)
	require.NoError(t, db.Ping())
	t.Cleanup(func() { db.Close() }) // want `require.NoError in line 141 can end the test before this release of the pool of sql.Open is registered; move it up, behind the error check`
}
