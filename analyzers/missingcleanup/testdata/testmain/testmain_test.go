// Package testmain holds handles of TestMain.
package testmain

import (
	"context"
	"os"
	"testing"

	"github.com/jackc/pgx/v5/pgxpool"
)

var pool *pgxpool.Pool

func dropDatabase() { _, _ = pool.Exec(context.Background(), "DROP DATABASE scratch") }

// The process ends with TestMain, and its pool with it; the database does not.
func TestMain(m *testing.M) {
	var err error
	pool, err = pgxpool.New(context.Background(), os.Getenv("TEST_DATABASE_URL"))
	if err != nil {
		panic(err)
	}
	defer pool.Close()
	defer dropDatabase() // want `the process ends without this deferred call; call it before, or let TestMain return: the exit status is m.Run's`
	os.Exit(m.Run())
}

func TestPing(t *testing.T) {
	if err := pool.Ping(t.Context()); err != nil {
		t.Fatal(err)
	}
}
