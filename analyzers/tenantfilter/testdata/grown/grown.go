// Package grown has statements that a type of another package puts together.
package grown

import (
	"database/sql"

	"example.test/shop/grown/built"
	"example.test/shop/grown/joined"
)

func ofBuilt(db *sql.DB, tenant, number string, paid bool) {
	q := built.New("SELECT id FROM invoices")
	q.Add("WHERE number = ?", number)
	if paid {
		q.Add("AND total = ?", 0)
	}
	db.Query(q.String(), q.Args...) // want `query on "invoices" is not limited to a tenant`

	q = built.New("SELECT id FROM invoices")
	q.Add("WHERE tenant_id = ?", tenant)
	q.Add("AND number = ?", number)
	db.Query(q.String(), q.Args...)
}

func ofJoined(db *sql.DB, tenant, number string, paid bool) {
	q := joined.New("SELECT id FROM invoices")
	q.Add("WHERE number = ?", number)
	if paid {
		q.Add("AND total = ?", 0)
	}
	db.Query(q.String(), q.Args...) // want `query on "invoices" is not limited to a tenant`

	q = joined.New("SELECT id FROM invoices")
	q.Add("WHERE tenant_id = ?", tenant)
	q.Add("AND number = ?", number)
	db.Query(q.String(), q.Args...)
}
