// Package pop has statements that pop puts together.
package pop

import (
	"context"

	"github.com/gobuffalo/pop/v6"
)

type Tenant struct {
	ID string `db:"id"`
}

type Customer struct {
	ID       string `db:"id"`
	TenantID string `db:"tenant_id"`
}

type Invoice struct {
	ID         string `db:"id"`
	TenantID   string `db:"tenant_id"`
	CustomerID string `db:"customer_id"`
	Number     string `db:"number"`
	Total      int    `db:"total"`
}

type Invoices []Invoice

func selects(ctx context.Context, tx *pop.Connection, tenant *Tenant, id string) {
	var all Invoices
	var one Invoice
	tx.WithContext(ctx).Where("tenant_id = ?", tenant.ID).All(&all)
	tx.Where("tenant_id = ?", tenant.ID).Find(&one, id)
	tx.BelongsTo(tenant).Order("number").All(&all)
	tx.Find(&one, id)                                                                   // want `query on "invoices" is not limited to a tenant`
	tx.All(&all)                                                                        // want `query on "invoices" is not limited to a tenant`
	tx.Where("number = ?", id).First(&one)                                              // want `query on "invoices" is not limited to a tenant`
	tx.Where("tenant_id = ?", tenant.ID).Where("number = ? OR total = 0", id).All(&all) // want `query on "invoices" leaves the tenant out in a branch of OR`
	tx.Count(&all)                                                                      // want `query on "invoices" is not limited to a tenant`
}

func conditional(tx *pop.Connection, tenant, number string) {
	q := tx.Q()
	if tenant != "" {
		q = q.Where("tenant_id = ?", tenant)
	}
	q.All(&Invoices{}) // want `query on "invoices" is limited to a tenant only on a condition`

	pinned := tx.Where("tenant_id = ?", tenant)
	if number != "" {
		pinned.Where("number = ?", number)
	}
	pinned.All(&Invoices{})
}

func joins(tx *pop.Connection, tenant, id string) {
	tx.Q().Join("customers c", "c.id = invoices.customer_id").Where("c.tenant_id = ?", tenant).All(&Invoices{})
	tx.Q().LeftJoin("customers c", "c.id = invoices.customer_id").Where("invoices.number = ?", id).All(&Invoices{}) // want `query on "invoices" is not limited to a tenant`
	tx.Where("tenant_id = ? AND customer_id IN (SELECT id FROM customers WHERE tenant_id = ?)", tenant, tenant).All(&Invoices{})
}

func changes(tx *pop.Connection, tenant, id string, invoice *Invoice) {
	tx.Create(invoice)
	tx.Update(invoice)           // want `update on "invoices" is not limited to a tenant`
	tx.Destroy(&Invoice{ID: id}) // want `delete on "invoices" is not limited to a tenant`
	tx.Where("tenant_id = ?", tenant).Delete(&Invoice{})
	tx.Where("number = ?", id).Delete(&Invoice{})                   // want `delete on "invoices" is not limited to a tenant`
	tx.Where("number = ?", id).UpdateQuery(&Invoice{}, "total")     // want `update on "invoices" is not limited to a tenant`
	tx.RawQuery("DELETE FROM invoices WHERE number = ?", id).Exec() // want `delete on "invoices" is not limited to a tenant`
	tx.RawQuery("SELECT * FROM invoices WHERE tenant_id = ?", tenant).All(&Invoices{})
}

// scoped is judged by what the scope adds, where that is seen.
func scoped(tx *pop.Connection, tenant string, other pop.ScopeFunc) {
	tx.Scope(own(tenant)).All(&Invoices{})
	tx.Scope(other).All(&Invoices{}) // want info:`query on "invoices" shows no tenant`
}

func own(tenant string) pop.ScopeFunc {
	return func(q *pop.Query) *pop.Query { return q.Where("tenant_id = ?", tenant) }
}
