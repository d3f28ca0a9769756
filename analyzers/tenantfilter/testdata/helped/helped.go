// Package helped has statements that a package without a database completes.
package helped

import (
	"context"
	"database/sql"

	"gorm.io/gorm"

	"example.test/shop/clause"
	"example.test/shop/entity"
	"example.test/shop/store"
)

func stored(ctx context.Context, db *sql.DB, orm *gorm.DB) {
	store.Weigh(orm, &entity.Parcel{ID: "1"}, 2)
	store.Where(ctx, db, "number = 'a'")
	store.Run(ctx, db, "SELECT id FROM invoices WHERE number = $1", "a") // want `query on "invoices" is not limited to a tenant`
}

func parcels(db *gorm.DB, tenant string) {
	var all []entity.Parcel
	db.Where("tenant_id = ?", tenant).Find(&all)
	db.Where("weight > ?", 1).Find(&all) // want `query on "parcels" is not limited to a tenant`
}

func forTenant(ctx context.Context, db *sql.DB, id, tenant string) {
	query, args := clause.ForTenant(ctx, "SELECT total FROM invoices WHERE id = $1", id)
	db.QueryContext(ctx, query, args...)
	query, args = clause.ForTenant(ctx, "DELETE FROM invoices")
	db.ExecContext(ctx, query, args...)
	query, args = clause.ForTenant(ctx, "UPDATE invoices SET total = $1", 0)
	db.ExecContext(ctx, query, args...)
	db.QueryContext(ctx, clause.If(ctx, "SELECT total FROM invoices WHERE total > 0", tenant)) // want `limited to a tenant only on a condition`
	db.QueryContext(ctx, clause.Page("SELECT total FROM invoices", 10))                        // want `query on "invoices" is not limited to a tenant`
}
