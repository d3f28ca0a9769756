// Package condition adds the predicate on a condition, or not at all.
package condition

import (
	"context"
	"database/sql"
	"strings"
)

type filter struct{ TenantID, Number string }

func list(ctx context.Context, db *sql.DB, f filter) {
	query := "SELECT id FROM invoices WHERE total > 0" // want `query on "invoices" is limited to a tenant only on a condition: add "tenant_id = \$n" on every path \(unrestricted\)`
	var args []any
	if f.TenantID != "" {
		query += " AND tenant_id = $1"
		args = append(args, f.TenantID)
	}
	db.QueryContext(ctx, query, args...)
}

func more(ctx context.Context, db *sql.DB, f filter) {
	query := "SELECT id FROM invoices WHERE tenant_id = $1"
	if f.Number != "" {
		query += " AND number = $2"
	}
	db.QueryContext(ctx, query, f.TenantID)
}

func joined(ctx context.Context, db *sql.DB, f filter) {
	where := []string{"tenant_id = $1"}
	if f.Number != "" {
		where = append(where, "number = $2")
	}
	db.QueryContext(ctx, "SELECT id FROM invoices WHERE "+strings.Join(where, " AND "), f.TenantID)
}

func either(ctx context.Context, db *sql.DB, f filter) {
	db.QueryContext(ctx, `SELECT id FROM invoices WHERE ($1 = '' OR tenant_id = $1)`, f.TenantID)             // want `query on "invoices" is limited to a tenant only if its caller wants it: add "tenant_id = \$n" without a way around it \(unrestricted\)`
	db.QueryContext(ctx, `SELECT id FROM invoices WHERE number = $1 OR total = 0 AND tenant_id = $2`, "", "") // want `query on "invoices" leaves the tenant out in a branch of OR: add "tenant_id = \$n" and put the OR in parentheses \(unrestricted\)`
}

// unseen is not judged: what the caller gives may hold the predicate.
func unseen(ctx context.Context, db *sql.DB, where func() string) {
	db.QueryContext(ctx, "SELECT id FROM invoices WHERE "+where()) // want info:`query on "invoices" shows no tenant: its condition is made at run time.*unseen`
}

// given may be asked for everybody's rows, but whoever asks decides that, and out of sight.
func given(ctx context.Context, db *sql.DB, conditions []string) {
	db.QueryContext(ctx, listing("SELECT id FROM invoices", conditions)) // want info:`query on "invoices" shows no tenant: its condition is made at run time.*unseen`
	db.QueryContext(ctx, listing("SELECT id FROM invoices WHERE tenant_id = $1 ", nil))
}

func listing(query string, conditions []string) string {
	if len(conditions) == 0 {
		return query
	}
	for i, c := range conditions {
		if i == 0 {
			query += " WHERE "
		} else {
			query += " AND "
		}
		query += c
	}
	return query
}

func conflict(ctx context.Context, db *sql.DB, f filter) {
	db.ExecContext(ctx, `INSERT INTO invoices (tenant_id, number) VALUES ($1, $2) ON CONFLICT (number) DO UPDATE SET total = 1`, f.TenantID, f.Number) // want `insert on "invoices" can overwrite another tenant's row: add "tenant_id" to the target of ON CONFLICT \(unrestricted\)`
}
