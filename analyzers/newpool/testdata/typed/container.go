// Package typed has helpers that only their receiver's type names for tests.
package typed

import (
	"database/sql"
	"os"

	_ "github.com/lib/pq"
)

type TestContainer struct{ dsn string }

func (c *TestContainer) Connect() (*sql.DB, error) {
	return sql.Open("postgres", os.Getenv("DSN")) // want `sql\.Open opens a pool for each of 2 tests`
}

type Tester struct{ dsn string }

func (c *Tester) Connect() (*sql.DB, error) {
	return sql.Open("postgres", os.Getenv("DSN"))
}
