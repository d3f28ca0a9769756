// Package cached keeps a database of its own, where a table of the same name belongs to nobody.
package cached

import "database/sql"

var tables = []string{
	`CREATE TABLE IF NOT EXISTS settings (key text PRIMARY KEY, value text)`,
	`CREATE TABLE IF NOT EXISTS invoices (id text PRIMARY KEY, path text NOT NULL, fetched_at text)`,
}

func open(db *sql.DB) error {
	for _, table := range tables {
		if _, err := db.Exec(table); err != nil {
			return err
		}
	}
	return nil
}

func paths(db *sql.DB, id string) {
	db.Query("SELECT path FROM invoices WHERE fetched_at > $1", "2020-01-01")
	db.Exec("UPDATE invoices SET path = '' WHERE id = $1", id)
	db.Query("SELECT email FROM customers WHERE email LIKE $1", "%") // want `query on "customers" is not limited to a tenant`
}
