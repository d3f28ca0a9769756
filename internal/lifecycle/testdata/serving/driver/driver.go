package driver

import "database/sql"

// Its own module's tests alone import it, but others may.
func Open(dsn string) (*sql.DB, error) { return sql.Open("postgres", dsn) } // want Open:"." by:"^dsn$"
