// Package jet has statements that jet puts together.
package jet

import (
	"context"
	"database/sql"

	. "github.com/go-jet/jet/v2/postgres"

	. "example.test/shop/jet/table"
)

type invoice struct{ ID string }

func selects(ctx context.Context, db *sql.DB, tenant, id string) {
	var all []invoice
	SELECT(Invoices.AllColumns).FROM(Invoices).WHERE(Invoices.TenantID.EQ(String(tenant))).QueryContext(ctx, db, &all)
	Invoices.SELECT(Invoices.ID).WHERE(AND(Invoices.ID.EQ(String(id)), Invoices.TenantID.EQ(String(tenant)))).Query(db, &all)
	Invoices.SELECT(Invoices.ID).WHERE(Invoices.TenantID.IN(String(tenant))).Query(db, &all)
	SELECT(Invoices.AllColumns).FROM(Invoices).WHERE(Invoices.ID.EQ(String(id))).QueryContext(ctx, db, &all)                          // want `query on "invoices" is not limited to a tenant`
	SELECT(Invoices.TenantID).FROM(Invoices).QueryContext(ctx, db, &all)                                                              // want `query on "invoices" is not limited to a tenant`
	SELECT(Invoices.ID).FROM(Invoices).WHERE(Invoices.TenantID.NOT_EQ(String(tenant))).Query(db, &all)                                // want `query on "invoices" is not limited to a tenant`
	SELECT(Invoices.ID).FROM(Invoices).WHERE(Invoices.TenantID.EQ(String(tenant)).OR(Invoices.Number.EQ(String(id)))).Query(db, &all) // want `query on "invoices" leaves the tenant out in a branch of OR`
	SELECT(Invoices.ID).FROM(Invoices).WHERE(Bool(true).AND(Invoices.TenantID.EQ(String(tenant))).AND(LOWER(Invoices.Number).EQ(String(id)))).Query(db, &all)
}

func conditional(db *sql.DB, tenant, number string) {
	where := Bool(true)
	if tenant != "" {
		where = where.AND(Invoices.TenantID.EQ(String(tenant)))
	}
	Invoices.SELECT(Invoices.ID).WHERE(where).Query(db, &[]invoice{}) // want `query on "invoices" is not limited to a tenant`

	pinned := Invoices.TenantID.EQ(String(tenant))
	if number != "" {
		pinned = pinned.AND(Invoices.Number.LIKE(String(number)))
	}
	Invoices.SELECT(Invoices.ID).WHERE(pinned).Query(db, &[]invoice{})
}

func joins(db *sql.DB, tenant, id string) {
	i, c := Invoices.AS("i"), Customers.AS("c")
	SELECT(i.ID).FROM(i.INNER_JOIN(c, c.ID.EQ(i.CustomerID))).WHERE(c.TenantID.EQ(String(tenant))).Query(db, &[]invoice{})
	SELECT(i.ID).FROM(i.LEFT_JOIN(c, c.ID.EQ(i.CustomerID))).WHERE(i.Number.EQ(String(id))).Query(db, &[]invoice{})                  // want `query on "invoices" is not limited to a tenant`
	SELECT(i.ID).FROM(i.INNER_JOIN(Customers, Customers.ID.EQ(i.CustomerID))).WHERE(i.Number.EQ(String(id))).Query(db, &[]invoice{}) // want `query on "invoices" is not limited to a tenant`
	own := SELECT(Customers.ID).FROM(Customers).WHERE(Customers.TenantID.EQ(String(tenant)))
	SELECT(Invoices.ID).FROM(Invoices).WHERE(Invoices.CustomerID.IN(own)).Query(db, &[]invoice{})
	SELECT(Invoices.ID).FROM(Invoices).WHERE(EXISTS(SELECT(Customers.ID).FROM(Customers).WHERE(Customers.ID.EQ(Invoices.CustomerID).AND(Customers.TenantID.EQ(String(tenant)))))).Query(db, &[]invoice{})
}

func changes(db *sql.DB, in invoice, tenant, id string) {
	Invoices.INSERT(Invoices.ID, Invoices.TenantID).VALUES(id, tenant).Exec(db)
	Invoices.INSERT(Invoices.MutableColumns).MODEL(in).Exec(db)
	Invoices.INSERT(Invoices.ID, Invoices.Number).MODEL(in).Exec(db) // want `insert on "invoices" leaves the tenant out`
	Invoices.UPDATE(Invoices.Number).SET(id).WHERE(Invoices.ID.EQ(String(id)).AND(Invoices.TenantID.EQ(String(tenant)))).Exec(db)
	Invoices.UPDATE().SET(Invoices.TenantID.SET(String(tenant))).WHERE(Invoices.Number.EQ(String(id))).Exec(db) // want `update on "invoices" is not limited to a tenant`
	Invoices.DELETE().WHERE(Invoices.TenantID.EQ(String(tenant))).Exec(db)
	Invoices.DELETE().WHERE(Invoices.Number.EQ(String(id))).Exec(db)             // want `delete on "invoices" is not limited to a tenant`
	query, args := Invoices.DELETE().WHERE(Invoices.Number.EQ(String(id))).Sql() // want `delete on "invoices" is not limited to a tenant`
	db.Exec(query, args...)
}

// given conditions may pin what they are added to.
func given(db *sql.DB, where func() BoolExpression) {
	Invoices.SELECT(Invoices.ID).WHERE(where()).Query(db, &[]invoice{}) // want info:`query on "invoices" shows no tenant`
}
