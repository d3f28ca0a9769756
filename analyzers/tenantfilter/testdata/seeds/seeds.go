// Package seeds fills a database.
package seeds

import "database/sql"

func clear(db *sql.DB) { db.Exec("DELETE FROM invoices") }
