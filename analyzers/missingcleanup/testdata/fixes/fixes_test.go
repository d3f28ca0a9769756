package fixes

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

func TestBehindTheErrorCheck(t *testing.T) {
	db, err := sql.Open("postgres", dsn) // want `never closed`
	if err != nil {
		t.Fatal(err)
	}
	_ = db.Ping()
}

func TestMethodValue(t *testing.T) {
	pool, err := pgxpool.New(context.Background(), dsn) // want `never closed`
	require.NoError(t, err)
	_ = pool.Ping(t.Context())
}

func TestInASubtest(t *testing.T) {
	t.Run("sub", func(st *testing.T) {
		conn, err := pgx.Connect(context.Background(), dsn) // want `never closed`
		require.NoError(st, err)
		_ = conn.Ping(st.Context())
	})
}

func TestDeferBeforeParallelSubtests(t *testing.T) {
	db, err := sql.Open("postgres", dsn)
	require.NoError(t, err)
	defer db.Close() // want `runs before the parallel subtests do`
	t.Run("a", func(t *testing.T) {
		t.Parallel()
		_ = db.Ping()
	})
}
