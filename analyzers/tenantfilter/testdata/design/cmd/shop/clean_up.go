package main

import "database/sql"

func cleanUp(db *sql.DB) {
	db.Exec("DELETE FROM lines WHERE sku = ''") // want info:`delete on "lines" is across tenants by design, as it is run by hand: design/cmd/shop/clean_up`
}
