// Package fixed changes rows that the program itself names.
package fixed

import (
	"context"

	"github.com/jackc/pgx/v5/pgxpool"
	"gorm.io/gorm"
)

const sample = "5f1c7a52-8d0e-4e55-9a53-0d3f2f3f9b10"

var template = newID()

func newID() string { return sample }

type Invoice struct {
	ID, TenantID string
	Total        int
}

func constant(ctx context.Context, db *pgxpool.Pool, mapper *gorm.DB) {
	db.Exec(ctx, "UPDATE invoices SET total = 0 WHERE id = '5f1c7a52-8d0e-4e55-9a53-0d3f2f3f9b10'") // want info:`is across tenants by design, as it names its row by a constant`
	db.Exec(ctx, "UPDATE invoices SET total = 1 WHERE id = $1", sample)                             // want info:`by design, as it names its row`
	db.Exec(ctx, "DELETE FROM invoices WHERE id = $1", template)                                    // want info:`by design, as it names its row`
	mapper.Where("id = ?", sample).Delete(&Invoice{})                                               // want info:`by design, as it names its row`
}

func given(ctx context.Context, db *pgxpool.Pool, id string) {
	db.Exec(ctx, "UPDATE invoices SET total = 2 WHERE id = $1", id)                            // want `not limited to a tenant`
	db.Exec(ctx, "UPDATE invoices SET total = 3 WHERE id = '"+id+"'")                          // want `not limited to a tenant`
	db.Exec(ctx, "UPDATE invoices SET total = 4 WHERE number = '1'")                           // want `not limited to a tenant`
	db.Exec(ctx, "UPDATE invoices SET total = 5 WHERE id = $1 OR number = $2", sample, sample) // want `not limited to a tenant`
	db.Exec(ctx, "UPDATE invoices SET total = 6 WHERE id IN ($1, $2)", sample, id)             // want `not limited to a tenant`
	if id == "" {
		id = sample
	}
	db.Exec(ctx, "UPDATE invoices SET total = 7 WHERE id = $1", id) // want `not limited to a tenant`
}
