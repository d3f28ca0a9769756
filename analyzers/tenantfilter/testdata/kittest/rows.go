package kittest

import "database/sql"

func (k *Kit) Clear(db *sql.DB) {
	db.Exec("DELETE FROM invoices WHERE number = $1", "x")
}
