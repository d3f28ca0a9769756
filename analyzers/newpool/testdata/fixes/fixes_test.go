package fixes

import (
	"context"
	"database/sql"
	"os"
	"testing"

	"github.com/jackc/pgx/v5/pgxpool"
	_ "github.com/lib/pq"
	"github.com/stretchr/testify/require"
)

func TestDefer(t *testing.T) {
	pool, err := pgxpool.New(context.Background(), os.Getenv("DSN")) // want `pgxpool\.New opens a pool for this test alone; take the shared one from dbtest\.Shared$`
	require.NoError(t, err)
	defer pool.Close()
	pool.Reset()
}

func TestCleanup(t *testing.T) {
	ctx := context.Background()
	dsn := os.Getenv("DSN")
	pool, err := pgxpool.New(ctx, dsn) // want `take the shared one`
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { pool.Close() })

	_, err = pool.Exec(context.TODO(), "SELECT 1")
	require.NoError(t, err)
}

func TestSubtests(t *testing.T) {
	t.Run("one", func(t *testing.T) {
		db, err := sql.Open("postgres", os.Getenv("DSN")) // want `take the shared one from testpool\.DB$`
		require.NoError(t, err)
		t.Cleanup(func() { db.Close() })
		require.NotNil(t, db)
	})
}

// Closed by hand: a fix would close the shared pool.
func TestCloses(t *testing.T) {
	pool, err := pgxpool.New(context.Background(), os.Getenv("DSN")) // want `take the shared one`
	require.NoError(t, err)
	pool.Reset()
	pool.Close()
}

// Returned: a caller may close it.
func open(t *testing.T) *pgxpool.Pool {
	pool, err := pgxpool.New(context.Background(), os.Getenv("DSN")) // want `take the shared one`
	require.NoError(t, err)
	return pool
}

func TestOpen(t *testing.T) { open(t).Close() }

// The configuration's own statements would be left without use.
func TestConfig(t *testing.T) {
	cfg, err := pgxpool.ParseConfig(os.Getenv("DSN"))
	require.NoError(t, err)
	pool, err := pgxpool.NewWithConfig(context.Background(), cfg) // want `take the shared one`
	require.NoError(t, err)
	defer pool.Close()
}
