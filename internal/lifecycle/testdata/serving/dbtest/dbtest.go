package dbtest

import "database/sql"

// The same, but it says so.
func Open(dsn string) (*sql.DB, error) { return sql.Open("postgres", dsn) } // want Open:"." by:"^dsn$" testcode:"yes" site:"."
