package shop

import (
	"context"

	"github.com/jackc/pgx/v5"
)

// A Seller is a product and what it has brought in.
type Seller struct {
	SKU   string `json:"sku"`
	Name  string `json:"name"`
	Cents int64  `json:"cents"`
}

// Revenue returns what a tenant has sold, without cancelled orders.
func (s *Shop) Revenue(ctx context.Context, tenant int64) (cents int64, err error) {
	err = s.db.QueryRow(ctx, `
		SELECT coalesce(sum(l.quantity * l.price_cents), 0)::bigint
		FROM order_lines l
		JOIN orders o ON o.id = l.order_id AND o.tenant_id = l.tenant_id
		WHERE l.tenant_id = $1 AND o.state <> 'cancelled'`, tenant).Scan(&cents)
	return cents, err
}

// BestSellers returns the products that have brought a tenant most, at most n.
func (s *Shop) BestSellers(ctx context.Context, tenant int64, n int) ([]Seller, error) {
	rows, err := s.db.Query(ctx, `
		WITH sold AS (
			SELECT l.product_id, sum(l.quantity * l.price_cents)::bigint AS cents
			FROM order_lines l
			JOIN orders o ON o.id = l.order_id AND o.tenant_id = l.tenant_id
			WHERE l.tenant_id = $1 AND o.state <> 'cancelled'
			GROUP BY l.product_id)
		SELECT p.sku, p.name, sold.cents
		FROM sold
		JOIN products p ON p.id = sold.product_id AND p.tenant_id = $1
		ORDER BY sold.cents DESC, p.sku
		LIMIT $2`, tenant, n)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowToStructByPos[Seller])
}
