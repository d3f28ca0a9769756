package wipe

import (
	"context"
	"database/sql"
	"os"
	"sync"
	"testing"

	"github.com/DATA-DOG/go-sqlmock"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"
)

var (
	pool *pgxpool.Pool
	db   *sql.DB
	mock *sql.DB
)

func TestMain(m *testing.M) {
	var err error
	if pool, err = pgxpool.New(context.Background(), os.Getenv("SHOP_DSN")); err != nil {
		panic(err)
	}
	if db, err = sql.Open("pgx", os.Getenv("SHOP_DSN")); err != nil {
		panic(err)
	}
	if mock, _, err = sqlmock.New(); err != nil {
		panic(err)
	}
	os.Exit(m.Run())
}

func TestTruncate(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	_, err := pool.Exec(ctx, "TRUNCATE orders") // want `the parallel test TestTruncate empties a table of the shared database while other parallel tests use it; do it once in TestMain, or give the test a database or schema of its own`
	require.NoError(t, err)
	_, err = db.Exec("DELETE FROM orders;") // want `empties a table`
	require.NoError(t, err)
	_, err = db.Exec("ALTER TABLE orders ADD COLUMN note text") // want `changes tables`
	require.NoError(t, err)
	empty(t, db)
}

func empty(t *testing.T, db *sql.DB) {
	_, err := db.Exec(`truncate table items`) // want `the parallel test TestTruncate empties a table`
	require.NoError(t, err)
}

func TestRows(t *testing.T) {
	t.Parallel()
	_, err := db.Exec("DELETE FROM orders WHERE tenant_id = $1", t.Name())
	require.NoError(t, err)
	_, err = db.Exec("CREATE TEMP TABLE ids (id int)")
	require.NoError(t, err)
	_, err = db.Exec("SELECT 'TRUNCATE orders'")
	require.NoError(t, err)
	_, err = mock.Exec("TRUNCATE orders")
	require.NoError(t, err)

	tx, err := db.Begin()
	require.NoError(t, err)
	defer tx.Rollback()
	_, err = tx.Exec("DELETE FROM orders")
	require.NoError(t, err)
}

func TestSerial(t *testing.T) {
	_, err := db.Exec("TRUNCATE orders")
	require.NoError(t, err)
}

func TestCleanup(t *testing.T) {
	t.Parallel()
	own, err := sql.Open("pgx", "postgres://localhost/"+t.Name())
	require.NoError(t, err)
	defer own.Close()
	_, err = own.Exec("TRUNCATE orders")
	require.NoError(t, err)
}

var (
	once   sync.Once
	opened *sql.DB
)

func get(t *testing.T) *sql.DB {
	once.Do(func() {
		var err error
		opened, err = sql.Open("pgx", os.Getenv("SHOP_DSN"))
		require.NoError(t, err)
	})
	return opened
}

func TestOfHelper(t *testing.T) {
	t.Parallel()
	db := get(t)
	_, err := db.Exec("DROP TABLE orders") // want `the parallel test TestOfHelper changes tables`
	require.NoError(t, err)
}
