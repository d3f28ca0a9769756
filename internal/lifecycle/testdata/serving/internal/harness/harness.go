package harness

import (
	"database/sql"

	"example.com/serving/internal/below"
)

// No name says so, but only tests import it.
func Open(dsn string) (*sql.DB, error) { // want Open:"." by:"^dsn$" testcode:"yes"
	below.Prepare()
	return sql.Open("postgres", dsn) // want site:"."
}
