// The command seedserver is not named for what is run by hand, as its name is one word.
package main

import "database/sql"

func main() {
	var db *sql.DB
	db.Query("SELECT id FROM invoices WHERE total = 0") // want info:`query on "invoices" is across tenants by design, as it starts with the program in main`
}

func all(db *sql.DB) {
	db.Query("SELECT id FROM invoices WHERE total = 0") // want `query on "invoices" is not limited to a tenant`
}
