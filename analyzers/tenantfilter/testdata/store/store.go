// Package store has the statements of which its callers give parts.
package store

import (
	"context"
	"database/sql"

	"gorm.io/gorm"

	"example.test/shop/entity"
)

// Weigh is reported here, and at no call.
func Weigh(db *gorm.DB, p *entity.Parcel, weight int) error {
	return db.Model(p).Update("weight", weight).Error // want `update on "parcels" is not limited to a tenant: .* \(by-id\)`
}

// Where is not seen, whatever its callers give.
func Where(ctx context.Context, db *sql.DB, where string) (*sql.Rows, error) {
	return db.QueryContext(ctx, "SELECT id FROM invoices WHERE "+where) // want info:`query on "invoices" shows no tenant: its condition is made at run time.*unseen`
}

// Run has no statement of its own.
func Run(ctx context.Context, db *sql.DB, query string, args ...any) (*sql.Rows, error) {
	return db.QueryContext(ctx, query, args...)
}
