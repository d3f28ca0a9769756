// Package fixes has statements to which the predicate can be added, and some to
// which it cannot.
package fixes

import (
	"context"
	"database/sql"
)

func get(ctx context.Context, db *sql.DB, tenantID, id string) {
	db.QueryRowContext(ctx, `SELECT total FROM invoices WHERE id = $1`, id)                                       // want `query on "invoices"`
	db.QueryRowContext(ctx, "SELECT total FROM invoices WHERE number = $1 OR total = $2", id, 5)                  // want `query on "invoices"`
	db.ExecContext(ctx, "UPDATE invoices i SET total = $1", 0)                                                    // want `update on "invoices"`
	db.QueryRowContext(ctx, "SELECT total FROM invoices")                                                         // want `query on "invoices"`
	db.QueryRowContext(ctx, "SELECT total FROM invoices\tWHERE id = $1", id)                                      // want `query on "invoices"`
	db.QueryRowContext(ctx, "SELECT id FROM invoices WHERE number = $1 OR $2 = '' OR tenant_id = $2", id, id)     // want `query on "invoices"`
	db.QueryRowContext(ctx, "SELECT 1 FROM lines l LEFT JOIN invoices i ON i.number = l.sku WHERE l.id = $1", id) // want `query on "invoices"` `query on "lines"`
}

func without(ctx context.Context, db *sql.DB, id string) {
	db.QueryRowContext(ctx, `SELECT total FROM invoices WHERE id = $1`, id) // want `query on "invoices"`
}

func owned(db *sql.DB, tenantID, sku string) {
	db.Exec("DELETE FROM lines WHERE sku = $1", sku) // want `delete on "lines"`
}
