// Package testmaindeferred ends the process in a deferred call, below all others.
package testmaindeferred

import (
	"context"
	"os"
	"testing"

	"github.com/jackc/pgx/v5/pgxpool"
)

var pool *pgxpool.Pool

func dropDatabase() { _, _ = pool.Exec(context.Background(), "DROP DATABASE scratch") }

func TestMain(m *testing.M) {
	if os.Getenv("TEST_DATABASE_URL") == "" {
		os.Exit(0)
	}
	var status int
	defer func() { os.Exit(status) }()
	var err error
	pool, err = pgxpool.New(context.Background(), os.Getenv("TEST_DATABASE_URL"))
	if err != nil {
		panic(err)
	}
	defer dropDatabase()
	status = m.Run()
}
