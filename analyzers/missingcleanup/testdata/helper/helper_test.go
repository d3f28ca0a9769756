// Package helper holds helpers that some callers mind and some forget.
package helper

import (
	"database/sql"
	"os"
	"testing"

	_ "github.com/lib/pq"
	"github.com/stretchr/testify/require"
)

func mustOpen(t *testing.T) *sql.DB {
	db, err := sql.Open("postgres", os.Getenv("TEST_DATABASE_URL"))
	require.NoError(t, err)
	return db
}

func TestMinds(t *testing.T) {
	db := mustOpen(t)
	defer db.Close()
}

func TestMindsToo(t *testing.T) {
	db := mustOpen(t)
	t.Cleanup(func() { db.Close() })
}

func TestForgets(t *testing.T) {
	db := mustOpen(t) // want `the pool that mustOpen gets from sql.Open is never closed; add t.Cleanup`
	_ = db.Ping()
}
