// Package executors has goqu's datasets, run by their executors.
package executors

import (
	"context"

	"github.com/doug-martin/goqu/v9"
)

type invoice struct {
	ID    string `db:"id"`
	Total int    `db:"total"`
}

func selects(ctx context.Context, db *goqu.Database, tenant, id string) {
	var all []invoice
	db.From("invoices").Where(goqu.C("tenant_id").Eq(tenant)).Executor().ScanStructsContext(ctx, &all)
	db.From("invoices").Where(goqu.C("id").Eq(id)).Executor().ScanStructsContext(ctx, &all) // want `query on "invoices" is not limited to a tenant`

	executor := db.From("invoices").Where(goqu.C("number").Eq(id)).Executor() // want `query on "invoices" is not limited to a tenant`
	var one invoice
	executor.ScanStructContext(ctx, &one)
}

func conditional(ctx context.Context, db *goqu.Database, tenant, number string) {
	var all []invoice
	ds := db.From("invoices") // want `query on "invoices" is limited to a tenant only on a condition`
	if tenant != "" {
		ds = ds.Where(goqu.Ex{"tenant_id": tenant})
	}
	ds.Executor().ScanStructsContext(ctx, &all)

	pinned := db.From("invoices").Where(goqu.Ex{"tenant_id": tenant})
	if number != "" {
		pinned = pinned.Where(goqu.Ex{"number": number})
	}
	pinned.Executor().ScanStructsContext(ctx, &all)
}

func joined(ctx context.Context, db *goqu.Database, tenant, id string) {
	var skus []string
	lines := db.From(goqu.T("lines").As("l")).Join(goqu.T("invoices").As("i"), goqu.On(goqu.I("i.id").Eq(goqu.I("l.invoice_id")))) // want `query on "invoices" is not limited to a tenant`
	lines.Select("l.sku").Where(goqu.I("i.tenant_id").Eq(tenant)).Executor().ScanValsContext(ctx, &skus)
	lines.Select("l.sku").Where(goqu.I("l.id").Eq(id)).Executor().ScanValsContext(ctx, &skus)
}

func subquery(ctx context.Context, db *goqu.Database, tenant string) {
	var ids []string
	own := db.From("customers").Select("id").Where(goqu.C("tenant_id").Eq(tenant))
	db.From("invoices").Select("id").Where(goqu.C("customer_id").In(own)).Executor().ScanVals(&ids)
	db.From("invoices").Select("id").Where(goqu.C("customer_id").In(db.From("customers").Select("id"))).Executor().ScanVals(&ids) // want `query on "invoices" is not limited to a tenant`
}

func changes(ctx context.Context, tx *goqu.TxDatabase, tenant, id string) {
	tx.Update("invoices").Set(goqu.Record{"total": 0}).Where(goqu.Ex{"number": id, "tenant_id": tenant}).Executor().Exec()
	tx.Update("invoices").Set(goqu.Record{"total": 0}).Where(goqu.Ex{"number": id}).Executor().ExecContext(ctx) // want `update on "invoices" is not limited to a tenant`
	tx.Delete("invoices").Where(goqu.Ex{"number": id}).Executor().Exec()                                        // want `delete on "invoices" is not limited to a tenant`
	tx.Delete("invoices").Where(goqu.Ex{"tenant_id": tenant}).Executor().Exec()
	tx.Insert("invoices").Rows(goqu.Record{"id": id, "tenant_id": tenant}).Executor().Exec()
}
