// Package fortests has a helper for its tests in a file that is no test file.
package fortests

import (
	"database/sql"
	"os"

	_ "github.com/lib/pq"
)

func testDB() *sql.DB {
	db, err := sql.Open("postgres", os.Getenv("DSN")) // want `sql\.Open opens a pool for each of 2 tests`
	if err != nil {
		panic(err)
	}
	return db
}
