// Package sqlboiler has queries of what sqlboiler generates.
package sqlboiler

import (
	"context"
	"database/sql"

	"github.com/aarondl/sqlboiler/v4/boil"
	"github.com/aarondl/sqlboiler/v4/queries"
	"github.com/aarondl/sqlboiler/v4/queries/qm"

	"example.test/shop/sqlboiler/models"
)

func selects(ctx context.Context, db *sql.DB, tenant, id string) {
	own := models.InvoiceWhere.TenantID.EQ(tenant)
	models.Invoices(own).All(ctx, db)
	models.Invoices(qm.Where("tenant_id = ?", tenant), models.InvoiceWhere.ID.EQ(id)).One(ctx, db)
	models.Invoices(models.InvoiceWhere.TenantID.IN([]string{tenant, id}), qm.Limit(1)).All(ctx, db)
	models.Invoices(own, qm.Expr(qm.Where("number = ?", id), qm.Or("total = 0"))).All(ctx, db)
	models.Invoices(qm.Select("tenant_id")).All(ctx, db)                      // want `query on "invoices" is not limited to a tenant`
	models.Invoices(models.InvoiceWhere.TenantID.NEQ(tenant)).All(ctx, db)    // want `query on "invoices" is not limited to a tenant`
	models.Invoices(own, qm.Or("number = ?", id)).All(ctx, db)                // want `query on "invoices" leaves the tenant out in a branch of OR`
	models.Invoices(own, qm.Or2(models.InvoiceWhere.ID.EQ(id))).All(ctx, db)  // want `query on "invoices" leaves the tenant out in a branch of OR`
	models.FindInvoice(ctx, db, id)                                           // want `query on "invoices" is not limited to a tenant.*by-id`
	queries.Raw("SELECT id FROM invoices WHERE total > 0").Bind(ctx, db, &id) // want `query on "invoices" is not limited to a tenant`
}

func conditional(ctx context.Context, db *sql.DB, tenant, number string) {
	var mods []qm.QueryMod
	if tenant != "" {
		mods = append(mods, models.InvoiceWhere.TenantID.EQ(tenant))
	}
	models.Invoices(mods...).All(ctx, db) // want `query on "invoices" is limited to a tenant only on a condition`
}

func writes(ctx context.Context, db *sql.DB, tenant, id string, i *models.Invoice) {
	i.Insert(ctx, db, boil.Infer())
	i.Upsert(ctx, db, true, []string{"tenant_id", "number"}, boil.Infer(), boil.Infer())
	i.Upsert(ctx, db, true, []string{"number"}, boil.Infer(), boil.Infer()) // want `insert on "invoices" can overwrite another tenant's row`
	i.Upsert(ctx, db, false, []string{"number"}, boil.Infer(), boil.Infer())
	models.Invoices(models.InvoiceWhere.TenantID.EQ(tenant)).UpdateAll(ctx, db, models.M{"total": 1})
	models.Invoices(models.InvoiceWhere.Number.EQ(id)).UpdateAll(ctx, db, models.M{"tenant_id": tenant}) // want `update on "invoices" is not limited to a tenant`
	models.Invoices(models.InvoiceWhere.ID.EQ(id)).DeleteAll(ctx, db)                                    // want `delete on "invoices" is not limited to a tenant`
}

func loaded(ctx context.Context, db *sql.DB, tenant, id string) error {
	i, err := models.Invoices(models.InvoiceWhere.TenantID.EQ(tenant), models.InvoiceWhere.ID.EQ(id)).One(ctx, db)
	if err != nil {
		return err
	}
	i.Total = 0
	_, err = i.Update(ctx, db, boil.Infer()) // want info:`update on "invoices" is limited by an earlier query alone`
	return err
}

func unloaded(ctx context.Context, db *sql.DB, id string) error {
	i, err := models.FindInvoice(ctx, db, id) // want `query on "invoices" is not limited to a tenant.*by-id`
	if err != nil {
		return err
	}
	_, err = i.Delete(ctx, db) // want `delete on "invoices" is not limited to a tenant`
	return err
}
