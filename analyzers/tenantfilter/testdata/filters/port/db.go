package port

import "database/sql"

// Ping has something to do with a database, as others would not be read at all.
func Ping(db *sql.DB) error { return db.Ping() }
