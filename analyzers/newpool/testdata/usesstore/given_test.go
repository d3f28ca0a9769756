package usesstore

import (
	"os"
	"testing"

	"example.com/newpool/store"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"
)

func TestGivenNoPool(t *testing.T) {
	s, err := store.NewWith(store.Options{DSN: os.Getenv("DSN")}) // want info:`store\.NewWith opens a pool \(pgxpool\.New\) for this test alone`
	require.NoError(t, err)
	defer s.Close()
}

func TestGivenAPool(t *testing.T) {
	var pool *pgxpool.Pool // from somewhere
	s, err := store.NewWith(store.Options{DSN: os.Getenv("DSN"), Pool: pool})
	require.NoError(t, err)
	defer s.Close()
}

func TestServerGivenNoPool(t *testing.T) {
	s, err := store.NewServer(store.ServerOptions{DSN: os.Getenv("DSN")}) // want info:`store\.NewServer opens a pool \(pgxpool\.New\) for this test alone`
	require.NoError(t, err)
	defer s.Close()
}

func TestServerGivenAPool(t *testing.T) {
	var pool *pgxpool.Pool // from somewhere
	s, err := store.NewServer(store.ServerOptions{DSN: os.Getenv("DSN"), Shared: pool})
	require.NoError(t, err)
	defer s.Close()
}

// A helper that opens what its callers do not give it.
func newService(t *testing.T, o store.Options) *store.Store {
	if o.Pool == nil {
		pool, err := pgxpool.New(t.Context(), o.DSN)
		require.NoError(t, err)
		t.Cleanup(pool.Close)
		o.Pool = pool
	}
	s, err := store.NewWith(o)
	require.NoError(t, err)
	return s
}

func TestServiceGivenAPool(t *testing.T) {
	var pool *pgxpool.Pool // from somewhere
	newService(t, store.Options{Pool: pool})
}
