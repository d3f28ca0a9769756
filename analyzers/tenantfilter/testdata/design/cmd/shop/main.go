// The command shop has a subcommand that is run by hand.
package main

import "database/sql"

func main() {
	cleanUp(nil)
}

func all(db *sql.DB) {
	db.Query("SELECT id FROM invoices WHERE total = 0") // want `query on "invoices" is not limited to a tenant`
}
