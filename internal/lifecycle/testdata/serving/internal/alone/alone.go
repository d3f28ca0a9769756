package alone

import "database/sql"

// Nothing imports it but tests of its own.
func Open(dsn string) (*sql.DB, error) { return sql.Open("postgres", dsn) } // want Open:"." by:"^dsn$"
