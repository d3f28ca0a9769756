package config

import (
	"context"
	"fmt"
	"net/url"
	"runtime"
	"testing"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"
)

func TestField(t *testing.T) {
	ctx := context.Background()
	cfg, err := pgxpool.ParseConfig("postgres://localhost/shop")
	require.NoError(t, err)
	pool, err := pgxpool.NewWithConfig(ctx, cfg) // want `pgxpool.NewWithConfig opens a pool without a limit of its own: max\(4, CPUs\) connections; set MaxConns to 3 in its configuration`
	require.NoError(t, err)
	defer pool.Close()

	limited, err := pgxpool.ParseConfig("postgres://localhost/shop?pool_max_conns=20")
	require.NoError(t, err)
	limited.MaxConns = 2
	small, err := pgxpool.NewWithConfig(ctx, limited)
	require.NoError(t, err)
	defer small.Close()

	perCPU, err := pgxpool.ParseConfig("postgres://localhost/shop")
	require.NoError(t, err)
	perCPU.MaxConns = int32(max(4, runtime.NumCPU()))
	cpus, err := pgxpool.NewWithConfig(ctx, perCPU) // want `opens a pool whose limit \(MaxConns\) grows with the number of CPUs; set it to 3`
	require.NoError(t, err)
	defer cpus.Close()

	perCPU2, err := pgxpool.ParseConfig("postgres://localhost/shop")
	require.NoError(t, err)
	perCPU2.MaxConns = int32(min(runtime.NumCPU(), 3))
	few, err := pgxpool.NewWithConfig(ctx, perCPU2)
	require.NoError(t, err)
	defer few.Close()
}

func TestCopied(t *testing.T) {
	ctx := context.Background()
	pool, err := pgxpool.New(ctx, "postgres://localhost/shop?pool_max_conns=3")
	require.NoError(t, err)
	defer pool.Close()
	clone, err := pgxpool.NewWithConfig(ctx, pool.Config())
	require.NoError(t, err)
	defer clone.Close()
}

func TestText(t *testing.T) {
	ctx := context.Background()
	user := "shop"
	formatted, err := pgxpool.New(ctx, fmt.Sprintf("postgres://%s@localhost/shop?pool_max_conns=3", user))
	require.NoError(t, err)
	defer formatted.Close()

	number, err := pgxpool.New(ctx, fmt.Sprintf("postgres://localhost/shop?pool_max_conns=%d", len(user)))
	require.NoError(t, err)
	defer number.Close()

	unlimited, err := pgxpool.New(ctx, fmt.Sprintf("postgres://%s@localhost/shop", user)) // want `set pool_max_conns=3 and connect_timeout=5 in its DSN`
	require.NoError(t, err)
	defer unlimited.Close()

	joined, err := pgxpool.New(ctx, "postgres://"+user+"@localhost/shop"+"?pool_max_conns=3")
	require.NoError(t, err)
	defer joined.Close()

	u := url.URL{Scheme: "postgres", Host: "localhost", Path: "shop"}
	q := u.Query()
	q.Set("pool_max_conns", "3")
	u.RawQuery = q.Encode()
	built, err := pgxpool.New(ctx, u.String())
	require.NoError(t, err)
	defer built.Close()

	p := url.URL{Scheme: "postgres", Host: "localhost", Path: "shop"}
	plain, err := pgxpool.New(ctx, p.String()) // want `without a limit`
	require.NoError(t, err)
	defer plain.Close()
}
