// Package retry holds a readiness probe that opens a pool for each attempt.
package retry

import (
	"database/sql"
	"testing"
	"time"

	_ "github.com/lib/pq"
)

func waitForDatabase(t *testing.T, dsn string) {
	for range 10 {
		db, err := sql.Open("postgres", dsn) // want `the pool of sql.Open is never closed`
		if err == nil && db.Ping() == nil {
			return
		}
		time.Sleep(time.Second)
	}
	t.Fatal("not ready")
}

func TestReady(t *testing.T) {
	waitForDatabase(t, "postgres://localhost/test")
}
