package support

import "database/sql"

func remove(db *sql.DB) {
	db.Exec("DELETE FROM invoices WHERE number = $1", "x") // want `delete on "invoices" is not limited to a tenant`
}
