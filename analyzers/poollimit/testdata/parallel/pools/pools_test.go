package pools

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"sync"
	"testing"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"
)

func TestDirect(t *testing.T) {
	t.Parallel()
	pool, err := pgxpool.New(context.Background(), os.Getenv("SHOP_DSN")) // want `pgxpool.New opens a pool for the parallel test TestDirect, so that -parallel multiplies its connections; open one a process and share it`
	require.NoError(t, err)
	t.Cleanup(pool.Close)
}

func TestConnection(t *testing.T) {
	t.Parallel()
	conn, err := pgx.Connect(context.Background(), os.Getenv("SHOP_DSN")) // want `pgx.Connect opens a connection for the parallel test TestConnection`
	require.NoError(t, err)
	defer conn.Close(context.Background())
}

func TestSerial(t *testing.T) {
	pool, err := pgxpool.New(context.Background(), os.Getenv("SHOP_DSN"))
	require.NoError(t, err)
	t.Cleanup(pool.Close)
}

func open(t *testing.T) *pgxpool.Pool {
	pool, err := pgxpool.New(context.Background(), os.Getenv("SHOP_DSN")) // want `pgxpool.New opens a pool for each of 4 parallel tests \(.*\), so that`
	require.NoError(t, err)
	t.Cleanup(pool.Close)
	return pool
}

func TestSubtests(t *testing.T) {
	t.Run("a", func(t *testing.T) {
		t.Parallel()
		open(t)
	})
}

func TestTable(t *testing.T) {
	for _, name := range []string{"a", "b"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			open(t)
		})
	}
}

func TestInParallel(t *testing.T) {
	t.Parallel()
	t.Run("a", func(t *testing.T) { open(t) })
}

// setup marks the test for others.
func setup(t *testing.T) {
	t.Helper()
	t.Parallel()
}

func TestByHelper(t *testing.T) {
	setup(t)
	open(t)
}

// One pool before the parallel subtests that share it.
func TestOneForAll(t *testing.T) {
	pool, err := pgxpool.New(context.Background(), os.Getenv("SHOP_DSN"))
	require.NoError(t, err)
	t.Cleanup(pool.Close)
	for _, name := range []string{"a", "b"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			require.NoError(t, pool.Ping(context.Background()))
		})
	}
}

var shared = sync.OnceValue(func() *pgxpool.Pool {
	pool, err := pgxpool.New(context.Background(), os.Getenv("SHOP_DSN"))
	if err != nil {
		panic(err)
	}
	return pool
})

func TestShared(t *testing.T) {
	t.Parallel()
	require.NoError(t, shared().Ping(context.Background()))
}

func private(t *testing.T) *sql.DB {
	admin, err := sql.Open("pgx", os.Getenv("SHOP_DSN"))
	require.NoError(t, err)
	defer admin.Close()
	name := "shop_" + uuid.NewString()
	_, err = admin.Exec("CREATE DATABASE " + name)
	require.NoError(t, err)
	db, err := sql.Open("pgx", fmt.Sprintf("postgres://localhost/%s", name))
	require.NoError(t, err)
	t.Cleanup(func() { db.Close() })
	return db
}

func TestPrivate(t *testing.T) {
	t.Parallel()
	private(t)
}

func TestFails(t *testing.T) {
	t.Parallel()
	_, err := pgxpool.New(context.Background(), "postgres://localhost:notaport/shop")
	require.Error(t, err)
}
