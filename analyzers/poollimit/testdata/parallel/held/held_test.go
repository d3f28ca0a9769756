package held

import (
	"context"
	"testing"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"

	"example.com/pools/parallel/dbtest"
)

func query(t *testing.T, pool *pgxpool.Pool) {
	require.NoError(t, pool.Ping(context.Background()))
}

func TestCleanup(t *testing.T) {
	ctx, pool := context.Background(), dbtest.Open(t)
	conn, err := pool.Acquire(ctx) // want `Pool.Acquire holds an acquired connection while parallel subtests take connections from the same pool; take it inside each subtest, or release it before t.Run`
	require.NoError(t, err)
	t.Cleanup(conn.Release)
	t.Run("a", func(t *testing.T) {
		t.Parallel()
		query(t, pool)
	})
}

func TestGroup(t *testing.T) {
	ctx, pool := context.Background(), dbtest.Open(t)
	tx, err := pool.Begin(ctx) // want `Pool.Begin holds a transaction while parallel subtests take connections`
	require.NoError(t, err)
	defer tx.Rollback(ctx)
	t.Run("group", func(t *testing.T) {
		for _, name := range []string{"a", "b"} {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				query(t, pool)
			})
		}
	})
}

func TestSharedConnection(t *testing.T) {
	ctx, pool := context.Background(), dbtest.Open(t)
	tx, err := pool.Begin(ctx) // want `Pool.Begin holds a transaction while parallel subtests share it`
	require.NoError(t, err)
	t.Cleanup(func() { tx.Rollback(ctx) })
	for _, name := range []string{"a", "b"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := tx.Exec(ctx, "SELECT 1")
			require.NoError(t, err)
		})
	}
}

func TestReleased(t *testing.T) {
	ctx, pool := context.Background(), dbtest.Open(t)
	conn, err := pool.Acquire(ctx)
	require.NoError(t, err)
	conn.Release()
	t.Run("a", func(t *testing.T) {
		t.Parallel()
		query(t, pool)
	})
}

// The defer runs before the subtests go on.
func TestDeferred(t *testing.T) {
	ctx, pool := context.Background(), dbtest.Open(t)
	conn, err := pool.Acquire(ctx)
	require.NoError(t, err)
	defer conn.Release()
	t.Run("a", func(t *testing.T) {
		t.Parallel()
		query(t, pool)
	})
}

func TestSerialSubtests(t *testing.T) {
	ctx, pool := context.Background(), dbtest.Open(t)
	conn, err := pool.Acquire(ctx)
	require.NoError(t, err)
	t.Cleanup(conn.Release)
	t.Run("a", func(t *testing.T) { query(t, pool) })
}

func TestInside(t *testing.T) {
	ctx, pool := context.Background(), dbtest.Open(t)
	t.Run("a", func(t *testing.T) {
		t.Parallel()
		conn, err := pool.Acquire(ctx)
		require.NoError(t, err)
		defer conn.Release()
	})
}
