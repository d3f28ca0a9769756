// Package builders has statements that builders put together.
package builders

import (
	"context"

	sq "github.com/Masterminds/squirrel"
	"github.com/doug-martin/goqu/v9"
	"github.com/uptrace/bun"
)

func squirrel(tenant, id string) {
	sq.Select("id").From("invoices").Where(sq.Eq{"id": id}).ToSql() // want `query on "invoices" is not limited to a tenant: add "tenant_id = \?" \(by-id\)`
	sq.Select("id").From("invoices").Where(sq.Eq{"id": id, "tenant_id": tenant}).ToSql()
	sq.Delete("invoices").Where("tenant_id = ?", tenant).ToSql()
	sq.Update("invoices").Set("total", 0).ToSql() // want `update on "invoices" is not limited to a tenant`
}

const invoices = "invoices" // findings stand at the query, not here

func dataset(db *goqu.Database, tenant, id string) {
	var ids []string
	db.From(invoices).Select("id").Where(goqu.Ex{"tenant_id": tenant}).ScanVals(&ids)
	db.From(invoices).Select("id").Where(goqu.Ex{"id": id}).ScanVals(&ids) // want `query on "invoices" is not limited to a tenant`
}

func chain(ctx context.Context, db *bun.DB, tenant, id string) {
	var ids []string
	db.NewSelect().Table("invoices").Column("id").Where("id = ?", id).Where("tenant_id = ?", tenant).Scan(ctx, &ids)
}
