package testhelper

import (
	"database/sql"
	"testing"
)

// Nothing imports it, but its name and its imports agree.
func Open(dsn string) (*sql.DB, error) { return sql.Open("postgres", dsn) } // want Open:"." by:"^dsn$" testcode:"yes" site:"."

var _ testing.TB
