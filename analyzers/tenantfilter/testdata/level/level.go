// Package level is judged at the default level.
package level

import "database/sql"

func level(db *sql.DB, id string) {
	db.Query("SELECT id FROM invoices WHERE id = $1", id)
	db.Query("SELECT id FROM invoices WHERE customer_id = $1", id)
	db.Query("SELECT id FROM invoices WHERE number = $1", id)  // want `\(unrestricted\)`
	db.Exec("UPDATE invoices SET total = 0 WHERE id = $1", id) // want `\(by-id\)`
	db.Exec("DELETE FROM invoices WHERE customer_id = $1", id) // want `\(by-parent\)`
}
