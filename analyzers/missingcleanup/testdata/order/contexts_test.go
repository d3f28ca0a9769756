package order

import (
	"context"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"
)

type settings struct{ values map[string]int }

func (s *settings) set(ctx context.Context, key string, value int) { s.values[key] = value }

func TestContextOfTheTestWithoutDatabase(t *testing.T) {
	s := &settings{values: map[string]int{}}
	t.Cleanup(func() {
		s.set(t.Context(), "lifetime", 0)
	})
}

type repository struct{ pool *pgxpool.Pool }

func (r repository) clear(ctx context.Context) { _, _ = r.pool.Exec(ctx, "DELETE FROM tenants") }

func TestContextOfTheTestDerived(t *testing.T) {
	pool, err := pgxpool.New(t.Context(), dsn)
	require.NoError(t, err)
	t.Cleanup(pool.Close)
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(t.Context(), time.Second) // want `the test's context is cancelled before cleanup functions run`
		defer cancel()
		repository{pool}.clear(ctx)
	})
}

func TestContextOfTheTestOpens(t *testing.T) {
	t.Cleanup(func() {
		pool, err := pgxpool.New(t.Context(), dsn) // want `the test's context is cancelled before cleanup functions run`
		if err == nil {
			pool.Close()
		}
	})
}
