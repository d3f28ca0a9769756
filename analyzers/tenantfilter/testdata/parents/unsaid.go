package parents

import (
	"context"
	"database/sql"
)

// A statement may know a column that no DDL declares.
func unsaid(ctx context.Context, db *sql.DB, tenant, id, sku string) {
	db.ExecContext(ctx, `DELETE FROM lines WHERE id = $1 AND tenant_id = $2`, id, tenant)
	db.ExecContext(ctx, `UPDATE lines SET tenant_id = $2 WHERE sku = $1`, sku, tenant)                     // want "is not limited to a tenant"
	db.ExecContext(ctx, `DELETE FROM lines WHERE sku = $1 OR id = $2 AND tenant_id = $3`, sku, id, tenant) // want "leaves the tenant out in a branch of OR"
	db.ExecContext(ctx, `DELETE FROM lines WHERE id = $1 AND shop_id = $2`, id, tenant)                    // want "is not limited to a tenant"
}
