package usesstore

import (
	"context"
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"example.com/pools/limit/store"
)

func TestConstructor(t *testing.T) {
	ctx := context.Background()
	dsn := os.Getenv("SHOP_DSN")
	zero, err := store.New(ctx, store.NewConfig()) // want `store.New opens a pool \(pgxpool.NewWithConfig\) without a limit of its own: max\(4, CPUs\) connections, at 3 places of this package; `
	require.NoError(t, err)
	defer zero.Close()

	literal, err := store.New(ctx, &store.Config{DSN: dsn}) // want info:`^store.New opens a pool .* without a limit of its own: [^,]*, CPUs\) connections; `
	require.NoError(t, err)
	defer literal.Close()

	other, err := store.New(ctx, store.NewConfig(store.WithDSN(dsn))) // want info:`^store.New opens a pool .* without a limit of its own: [^,]*, CPUs\) connections; `
	require.NoError(t, err)
	defer other.Close()

	option, err := store.New(ctx, store.NewConfig(store.WithDSN(dsn), store.WithMaxConns(2)))
	require.NoError(t, err)
	defer option.Close()

	field, err := store.New(ctx, &store.Config{DSN: dsn, MaxConns: 3})
	require.NoError(t, err)
	defer field.Close()

	set := store.NewConfig()
	set.MaxConns = 3
	assigned, err := store.New(ctx, set)
	require.NoError(t, err)
	defer assigned.Close()

	large, err := store.New(ctx, store.NewConfig(store.WithMaxConns(50))) // want `of 50 connections \(MaxConns, given to WithMaxConns\), more than 3`
	require.NoError(t, err)
	defer large.Close()

	// Who knows what the file says.
	loaded, err := store.Load([]byte(`{}`))
	require.NoError(t, err)
	read, err := store.New(ctx, loaded)
	require.NoError(t, err)
	defer read.Close()
}

func TestDefaultOfItsOwn(t *testing.T) {
	db, err := store.OpenDB(store.Config{DSN: os.Getenv("SHOP_DSN")}) // want `store.OpenDB opens a pool \(sql.Open\) of 25 connections \(SetMaxOpenConns\), more than 3; let it take a limit for SetMaxOpenConns, 3 in tests`
	require.NoError(t, err)
	defer db.Close()
}

func TestLimitedAfterwards(t *testing.T) {
	plain, err := store.OpenPlain(os.Getenv("SHOP_DSN")) // want `store.OpenPlain opens a pool \(sql.Open\) without a limit`
	require.NoError(t, err)
	defer plain.Close()

	limited, err := store.OpenPlain(os.Getenv("SHOP_DSN"))
	require.NoError(t, err)
	defer limited.Close()
	limited.SetMaxOpenConns(3)
}

func TestFieldOfItsConfiguration(t *testing.T) {
	ctx, dsn := context.Background(), os.Getenv("SHOP_DSN")
	tuned, err := store.Tuned(ctx, dsn, &store.Tuning{Verbose: true}) // want `store.Tuned opens a pool .*; set MaxOpenConns to 3 in its configuration`
	require.NoError(t, err)
	defer tuned.Close()

	limited, err := store.Tuned(ctx, dsn, &store.Tuning{MaxOpenConns: 3})
	require.NoError(t, err)
	defer limited.Close()

	standard, err := store.Standard(ctx, dsn) // want `store.Standard opens a pool .*; set pool_max_conns=3 and connect_timeout=5 in its DSN`
	require.NoError(t, err)
	defer standard.Close()

	hosted, err := store.Hosted(ctx, os.Getenv("SHOP_HOST")) // want `store.Hosted opens a pool .*; let it take a limit for MaxConns, 3 in tests`
	require.NoError(t, err)
	defer hosted.Close()

	verbose, err := store.Verbose(ctx, dsn, new(store.Tuning)) // want info:`store.Verbose opens a pool .*; set pool_max_conns=3 and connect_timeout=5 in its DSN`
	require.NoError(t, err)
	defer verbose.Close()
}
