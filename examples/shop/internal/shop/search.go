package shop

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"
)

// A Search narrows down a tenant's orders. Empty fields do not narrow.
type Search struct {
	State    string
	Email    string
	MinCents int64
}

// A Found is an order with its total.
type Found struct {
	ID         int64  `json:"id"`
	State      string `json:"state"`
	Email      string `json:"email"`
	TotalCents int64  `json:"total_cents"`
}

var states = []string{"open", "paid", "cancelled"}

// SearchOrders returns the orders of a tenant that match, the newest first.
func (s *Shop) SearchOrders(ctx context.Context, tenant int64, search Search) ([]Found, error) {
	if search.State != "" && !slices.Contains(states, search.State) {
		return nil, fmt.Errorf("%w: %s", ErrInvalidState, search.State)
	}
	args := []any{tenant}
	var query strings.Builder
	query.WriteString(`
		SELECT o.id, o.state, c.email, coalesce(sum(l.quantity * l.price_cents), 0)::bigint
		FROM orders o
		JOIN customers c ON c.id = o.customer_id AND c.tenant_id = o.tenant_id
		LEFT JOIN order_lines l ON l.order_id = o.id AND l.tenant_id = o.tenant_id
		WHERE o.tenant_id = $1`)
	if search.State != "" {
		args = append(args, search.State)
		fmt.Fprintf(&query, " AND o.state = $%d", len(args))
	}
	if search.Email != "" {
		args = append(args, search.Email)
		fmt.Fprintf(&query, " AND c.email = $%d", len(args))
	}
	query.WriteString(" GROUP BY o.id, c.email")
	if search.MinCents > 0 {
		args = append(args, search.MinCents)
		fmt.Fprintf(&query, " HAVING sum(l.quantity * l.price_cents) >= $%d", len(args))
	}
	query.WriteString(" ORDER BY o.placed_at DESC, o.id DESC")

	rows, err := s.db.Query(ctx, query.String(), args...)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowToStructByPos[Found])
}
