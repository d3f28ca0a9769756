// The command backfill-totals is run by hand.
package main

import "database/sql"

func main() {
	db, err := sql.Open("postgres", "")
	if err != nil {
		panic(err)
	}
	fill(db, "")
}

func fill(db *sql.DB, number string) {
	db.Query("SELECT id FROM invoices WHERE total = 0")                        // want info:`^query on "invoices" is across tenants by design, as it is run by hand: design/cmd/backfill-totals: if it is not, add "tenant_id = \$n" \(by-design\)$`
	db.Exec("UPDATE invoices SET total = 1 WHERE number = $1", number)         // want info:`update on "invoices" is across tenants by design, as it is run by hand`
	db.Exec("INSERT INTO invoices (id, number, total) VALUES ($1, '', 1)", "") // want `insert on "invoices" leaves the tenant out`
}
