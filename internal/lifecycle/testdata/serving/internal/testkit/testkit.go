package testkit

import (
	"database/sql"
	"testing"
)

// A command imports it for its self-test, whatever it is called.
func Open(dsn string) (*sql.DB, error) { return sql.Open("postgres", dsn) } // want Open:"." by:"^dsn$" helper:"."

var _ testing.TB
