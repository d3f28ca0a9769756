package testdb

import "database/sql"

// Nothing imports it, and it imports nothing for tests.
func Open(dsn string) (*sql.DB, error) { return sql.Open("postgres", dsn) } // want Open:"." by:"^dsn$" helper:"."
