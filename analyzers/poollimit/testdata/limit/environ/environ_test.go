package environ

import (
	"cmp"
	"context"
	"database/sql"
	"os"
	"testing"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"
)

func TestEnvironment(t *testing.T) {
	ctx := context.Background()
	bare, err := pgxpool.New(ctx, os.Getenv("SHOP_DSN")) // want `without a limit`
	require.NoError(t, err)
	defer bare.Close()

	// The .env.test of the module sets it.
	file, err := pgxpool.New(ctx, os.Getenv("TEST_DATABASE_URL"))
	require.NoError(t, err)
	defer file.Close()

	large, err := pgxpool.New(ctx, os.Getenv("LARGE_DATABASE_URL")) // want `opens a pool of 40 connections \(pool_max_conns\)`
	require.NoError(t, err)
	defer large.Close()

	// pool_max_conns means nothing to database/sql.
	db, err := sql.Open("pgx", os.Getenv("TEST_DATABASE_URL")) // want `call SetMaxOpenConns\(3\)`
	require.NoError(t, err)
	defer db.Close()

	// Whoever sets the variable decides; the default has a limit.
	byDefault, err := pgxpool.New(ctx, cmp.Or(os.Getenv("SHOP_DSN"), "postgres://localhost/shop?pool_max_conns=15"))
	require.NoError(t, err)
	defer byDefault.Close()
}

func dsn() string {
	dsn := os.Getenv("SHOP_DSN")
	if dsn == "" {
		dsn = "postgres://localhost/shop?pool_max_conns=3"
	}
	return dsn
}

func unlimitedDSN() string {
	if dsn := os.Getenv("SHOP_DSN"); dsn != "" {
		return dsn
	}
	return "postgres://localhost/shop"
}

func TestDefault(t *testing.T) {
	ctx := context.Background()
	limited, err := pgxpool.New(ctx, dsn())
	require.NoError(t, err)
	defer limited.Close()

	unlimited, err := pgxpool.New(ctx, unlimitedDSN()) // want `without a limit`
	require.NoError(t, err)
	defer unlimited.Close()
}
