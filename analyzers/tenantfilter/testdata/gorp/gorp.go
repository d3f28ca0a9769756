// Package gorp has statements that gorp makes of structs, and texts.
package gorp

import "github.com/go-gorp/gorp/v3"

type Invoice struct {
	ID         string `db:"id"`
	TenantID   string `db:"tenant_id"`
	CustomerID string `db:"customer_id"`
	Number     string `db:"number"`
	Total      int    `db:"total"`
}

type customer struct {
	ID     string `db:"id"`
	Tenant string `db:"tenant_id"`
	Name   string `db:"name"`
}

// number has no column for the tenant.
type number struct {
	ID     string `db:"id"`
	Number string `db:"number"`
}

func tables(m *gorp.DbMap) {
	m.AddTable(Invoice{}).SetKeys(false, "ID")
	m.AddTableWithName(Invoice{}, "invoices")
	m.AddTableWithName(customer{}, "customers").SetKeys(false, "Tenant", "ID")
	m.AddTableWithName(number{}, "invoices").SetKeys(false, "ID")
}

func texts(m *gorp.DbMap, tx *gorp.Transaction, e gorp.SqlExecutor, tenant, id string) {
	var all []Invoice
	m.Select(&all, "SELECT * FROM invoices WHERE tenant_id = $1", tenant)
	m.Select(&all, "SELECT * FROM invoices WHERE tenant_id = :tenant", map[string]any{"tenant": tenant})
	m.Select(&all, "SELECT * FROM invoices WHERE number = $1", id)      // want `query on "invoices" is not limited to a tenant`
	m.SelectOne(&Invoice{}, "SELECT * FROM invoices WHERE id = $1", id) // want `query on "invoices" is not limited to a tenant`
	tx.SelectInt("SELECT count(*) FROM invoices")                       // want `query on "invoices" is not limited to a tenant`
	e.SelectStr("SELECT number FROM invoices i JOIN customers c ON c.id = i.customer_id WHERE c.tenant_id = $1", id)
	e.SelectStr("SELECT number FROM invoices i JOIN customers c ON c.id = i.customer_id WHERE c.name = $1", id) // want `query on "invoices" is not limited to a tenant`
	tx.Exec("DELETE FROM invoices WHERE number = $1", id)                                                       // want `delete on "invoices" is not limited to a tenant`
	gorp.SelectInt(tx, "SELECT total FROM invoices WHERE tenant_id = $1 OR number = $2", tenant, id)            // want `query on "invoices" leaves the tenant out in a branch of OR`
}

func rows(m *gorp.DbMap, tx *gorp.Transaction, c *customer, id, tenant string) {
	m.Get(Invoice{}, id) // want `query on "invoices" is not limited to a tenant`
	m.Get(customer{}, tenant, id)
	tx.Update(c)
	tx.Update(&number{ID: id}) // want `update on "invoices" is not limited to a tenant: Transaction.Update takes no condition, write it with one that has "tenant_id = \?"`
	tx.Delete(&number{ID: id}) // want `delete on "invoices" is not limited to a tenant`
	tx.Insert(&Invoice{TenantID: tenant})
	tx.Insert(&number{Number: id}) // want `insert on "invoices" leaves the tenant out`
}
