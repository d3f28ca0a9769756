// Package support has helpers of tests beside code that serves requests.
package support

import (
	"database/sql"
	"testing"
)

func Empty(tb testing.TB, db *sql.DB) {
	tb.Helper()
	clear(db)
}

func clear(db *sql.DB) { db.Exec("DELETE FROM invoices WHERE number = $1", "x") }
