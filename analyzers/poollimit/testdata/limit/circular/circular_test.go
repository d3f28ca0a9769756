// Package circular has values that are made of themselves.
package circular

import (
	"context"
	"database/sql"
	"os"
	"testing"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"
)

type settings struct {
	maxConns int
	next     *settings
}

func grow(s *settings) *settings {
	s.maxConns = s.maxConns + s.next.maxConns
	s.next = shrink(s)
	return s.next
}

func shrink(s *settings) *settings {
	s.next.maxConns = s.maxConns
	s = grow(s.next)
	return s
}

func TestMadeOfItself(t *testing.T) {
	s := &settings{}
	s = grow(shrink(s))
	db, err := sql.Open("pgx", os.Getenv("SHOP_DSN"))
	require.NoError(t, err)
	defer db.Close()
	db.SetMaxOpenConns(s.maxConns)
}

func raise(cfg *pgxpool.Config) {
	cfg.MaxConns = cfg.MaxConns
	raise(cfg)
}

func again(t *testing.T, cfg *pgxpool.Config) *pgxpool.Pool {
	raise(cfg)
	if cfg.MinConns > 0 {
		return again(t, cfg)
	}
	pool, err := pgxpool.NewWithConfig(context.Background(), cfg) // want `without a limit`
	require.NoError(t, err)
	t.Cleanup(pool.Close)
	return pool
}

func TestAgain(t *testing.T) {
	cfg, err := pgxpool.ParseConfig(os.Getenv("SHOP_DSN"))
	require.NoError(t, err)
	cfg = again(t, cfg).Config()
	again(t, cfg)
}
