// Package revenue has the queries of a first version: they forget whose orders they add up.
package revenue

import (
	"context"

	"github.com/jackc/pgx/v5/pgxpool"
)

// Total is meant to be a tenant's: the condition stands beside the wrong OR.
func Total(ctx context.Context, db *pgxpool.Pool, tenant int64) (cents int64, err error) {
	err = db.QueryRow(ctx, `
		SELECT coalesce(sum(l.quantity * l.price_cents), 0)::bigint
		FROM order_lines l
		JOIN orders o ON o.id = l.order_id
		WHERE o.state = 'paid' OR o.state = 'open' AND l.tenant_id = $1`, tenant).Scan(&cents)
	return cents, err
}

// BestSeller takes the product that has sold most, whoever sells it.
func BestSeller(ctx context.Context, db *pgxpool.Pool) (sku string, err error) {
	err = db.QueryRow(ctx, `
		SELECT p.sku
		FROM order_lines l
		JOIN products p ON p.id = l.product_id
		GROUP BY p.sku
		ORDER BY sum(l.quantity) DESC
		LIMIT 1`).Scan(&sku)
	return sku, err
}

// CancelOpen cancels what is not paid, in every shop.
func CancelOpen(ctx context.Context, db *pgxpool.Pool) error {
	_, err := db.Exec(ctx, "UPDATE orders SET state = 'cancelled' WHERE state = 'open'")
	return err
}

// Customers returns the customers of a tenant, and those of all tenants where the caller has none.
func Customers(ctx context.Context, db *pgxpool.Pool, tenant int64) (n int, err error) {
	err = db.QueryRow(ctx, "SELECT count(*) FROM customers WHERE $1 = 0 OR tenant_id = $1", tenant).Scan(&n)
	return n, err
}

// Import takes over a product, and with it the product of another tenant that has the number.
func Import(ctx context.Context, db *pgxpool.Pool, id, tenant int64, sku string) error {
	_, err := db.Exec(ctx, `
		INSERT INTO products (id, tenant_id, sku, name, price_cents) OVERRIDING SYSTEM VALUE
		VALUES ($1, $2, $3, $3, 0)
		ON CONFLICT (id) DO UPDATE SET name = excluded.name`, id, tenant, sku)
	return err
}

// As is meant to set the tenant for what follows: it holds for this one statement on this one connection.
func As(ctx context.Context, db *pgxpool.Pool, tenant string) error {
	_, err := db.Exec(ctx, "SELECT set_config('shop.tenant', $1, true)", tenant)
	return err
}
