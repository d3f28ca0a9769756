// Package stats is below a path that the configuration exempts.
package stats

import "database/sql"

func count(db *sql.DB) { db.Query("SELECT count(*) FROM invoices") }
