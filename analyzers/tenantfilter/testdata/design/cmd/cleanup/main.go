// The command cleanup answers requests.
package main

import (
	"database/sql"
	"net/http"
)

func main() {
	var db *sql.DB
	http.ListenAndServe("", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		db.Exec("DELETE FROM invoices WHERE number = $1", r.FormValue("number")) // want `delete on "invoices" is not limited to a tenant`
	}))
}
