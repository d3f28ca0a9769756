package store

import (
	"database/sql"
	"testing"
)

// A command imports it too.
func Open(dsn string) (*sql.DB, error) { return sql.Open("postgres", dsn) } // want Open:"." by:"^dsn$"

var _ testing.TB
