// Package strict wants the tenant on every table, but for those of everybody.
package strict

import "database/sql"

func strict(db *sql.DB, tenant string) {
	db.Query("SELECT 1 FROM invoices i JOIN invoices j ON j.id = i.id WHERE i.tenant_id = $1", tenant) // want `query on "invoices" is not limited to a tenant: add "j.tenant_id = \$n"`
	db.Query("SELECT 1 FROM customers")
}
