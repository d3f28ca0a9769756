// Package joins has statements over several tables: one finding says what pins
// them all.
package joins

import (
	"context"

	"github.com/jackc/pgx/v5/pgxpool"
)

func joins(ctx context.Context, pool *pgxpool.Pool, tenant, id string) {
	pool.Query(ctx, `
		SELECT l.sku
		FROM lines l
		JOIN invoices i ON i.id = l.invoice_id
		WHERE i.tenant_id = $1`, tenant)
	pool.Query(ctx, `SELECT c.name `+
		`FROM invoices i `+ // want `query on "invoices" is not limited to a tenant: add "i.tenant_id = \$n" \(unrestricted\)`
		`JOIN customers c ON c.id = i.customer_id `+
		`WHERE i.number = $1`, id)
	pool.Query(ctx, `
		SELECT i.number, c.name
		FROM invoices i
		LEFT JOIN customers c ON c.id = i.customer_id
		WHERE i.tenant_id = $1`, tenant)
	pool.Query(ctx, `
		WITH open AS (SELECT id FROM invoices WHERE tenant_id = $1)
		SELECT sku FROM lines JOIN open ON open.id = lines.invoice_id`, tenant)
	pool.Query(ctx, `SELECT id FROM invoices WHERE tenant_id = (SELECT id FROM tenants WHERE slug = $1)`, tenant)
	pool.Query(ctx, `SELECT name FROM customers WHERE id IN (SELECT customer_id FROM invoices WHERE total > 5)`) // want `query on "customers" is not limited to a tenant: add "customers.tenant_id = \$n" \(unrestricted\)`
}
