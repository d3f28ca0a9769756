// Package dbtest serves tests of other packages.
package dbtest

import (
	"context"
	"os"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5/pgxpool"
)

// New is reported here, not at its callers.
func New(t testing.TB) *pgxpool.Pool {
	pool, err := pgxpool.New(context.Background(), os.Getenv("DSN")) // want `pgxpool\.New opens a pool for TestNew`
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(pool.Close)
	return pool
}

var (
	once sync.Once
	pool *pgxpool.Pool
)

// Shared opens once.
func Shared(t testing.TB) *pgxpool.Pool {
	once.Do(func() {
		var err error
		pool, err = pgxpool.New(context.Background(), os.Getenv("DSN"))
		if err != nil {
			t.Fatal(err)
		}
	})
	return pool
}

// Database makes a database for the caller and returns its DSN.
func Database(t testing.TB, name string) string {
	if _, err := Shared(t).Exec(context.Background(), "CREATE DATABASE "+name); err != nil {
		t.Fatal(err)
	}
	return os.Getenv("DSN") + "/" + name
}

// T is a part of testing.TB.
type T interface {
	Helper()
	Cleanup(func())
	Fatal(...any)
}

// Open takes an interface of its own for the running test.
func Open(t T) *pgxpool.Pool {
	pool, err := pgxpool.New(context.Background(), os.Getenv("DSN")) // want `pgxpool\.New opens a pool for TestOpen`
	if err != nil {
		t.Fatal(err)
	}
	return pool
}

// Dial does not take the running test, but the package is there for tests alone.
func Dial(dsn string) (*pgxpool.Pool, error) {
	return pgxpool.New(context.Background(), dsn) // want `pgxpool\.New opens a pool for TestDial`
}
