package tagged

import "database/sql"

// Other builds have a command that imports it.
func Open(dsn string) (*sql.DB, error) { return sql.Open("postgres", dsn) } // want Open:"." by:"^dsn$"
