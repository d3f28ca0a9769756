// Package misnamed is production code with a function named like a test.
package misnamed

import (
	"database/sql"
	"os"
	"testing"

	_ "github.com/lib/pq"
)

// Database imports testing for TestDB's sake; it serves no test.
func Database() (*sql.DB, error) { return sql.Open("postgres", os.Getenv("DSN")) }

// TestDB helps tests of other packages; it is itself none.
func TestDB(t *testing.T) *sql.DB {
	db, err := Database() // want info:`misnamed\.Database opens a pool \(sql\.Open\) for TestDatabase`
	if err != nil {
		t.Fatal(err)
	}
	return db
}
