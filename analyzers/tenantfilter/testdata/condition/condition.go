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
	db.QueryContext(ctx, listing("SELECT id FROM invoices", []string{"number = $1"})) // want `query on "invoices" is not limited to a tenant`
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

// wanted is limited to a tenant if its caller wants it: without conditions, everybody's rows.
func wanted(ctx context.Context, db *sql.DB, f filter) {
	query := "SELECT id FROM invoices" // want `query on "invoices" is limited to a tenant only on a condition: add "tenant_id = \$n" on every path \(unrestricted\)`
	var conditions []string
	if f.TenantID != "" {
		conditions = append(conditions, "tenant_id = $1")
	}
	if f.Number != "" {
		conditions = append(conditions, "number = $2")
	}
	if len(conditions) > 0 {
		query += " WHERE " + all(conditions)
	}
	db.QueryContext(ctx, query+" ORDER BY id")
}

// byNumber is never without a condition, and without the tenant all the same.
func byNumber(ctx context.Context, db *sql.DB, f filter) {
	conditions := []string{"number = $1"}
	if f.TenantID != "" {
		conditions = append(conditions, "tenant_id = $2")
	}
	db.QueryContext(ctx, "SELECT id FROM invoices WHERE "+all(conditions))   // want `query on "invoices" is limited to a tenant only on a condition: add "tenant_id = \$n" on every path \(unrestricted\)`
	db.QueryContext(ctx, where("SELECT id FROM invoices", conditions...))    // want `query on "invoices" is limited to a tenant only on a condition: add "tenant_id = \$n" on every path \(unrestricted\)`
	db.QueryContext(ctx, "SELECT id FROM invoices WHERE "+built(conditions)) // want `query on "invoices" is limited to a tenant only on a condition: add "tenant_id = \$n" on every path \(unrestricted\)`
}

// always has the tenant among its conditions.
func always(ctx context.Context, db *sql.DB, f filter) {
	conditions := []string{"tenant_id = $1"}
	if f.Number != "" {
		conditions = append(conditions, "number = $2")
	}
	db.QueryContext(ctx, "SELECT id FROM invoices WHERE "+all(conditions))
	db.QueryContext(ctx, where("SELECT id FROM invoices", conditions...))
	db.QueryContext(ctx, listing("SELECT id FROM invoices", conditions))
	db.QueryContext(ctx, "SELECT id FROM invoices WHERE "+built(conditions))
	if len(conditions) > 0 {
		db.QueryContext(ctx, "SELECT id FROM invoices WHERE total > 0 AND "+all(conditions))
	}
}

// any of its conditions will do.
func anyOf(ctx context.Context, db *sql.DB) {
	db.QueryContext(ctx, "SELECT id FROM invoices WHERE "+some([]string{"tenant_id = $1", "number = $2"})) // want `query on "invoices" leaves the tenant out in a branch of OR.*\(unrestricted\)`
}

func all(conditions []string) string {
	result := ""
	for i, c := range conditions {
		if i > 0 {
			result += " AND "
		}
		result += c
	}
	return result
}

func some(conditions []string) (text string) {
	for _, c := range conditions {
		if text != "" {
			text += " OR "
		}
		text += "(" + c + ")"
	}
	return text
}

func where(query string, conditions ...string) string {
	if len(conditions) == 0 {
		return query
	}
	return query + " WHERE " + strings.Join(conditions, " AND ")
}

func built(conditions []string) string {
	var b strings.Builder
	for _, c := range conditions {
		if b.Len() > 0 {
			b.WriteString(" AND ")
		}
		b.WriteString(c)
	}
	return b.String()
}

func conflict(ctx context.Context, db *sql.DB, f filter) {
	db.ExecContext(ctx, `INSERT INTO invoices (tenant_id, number) VALUES ($1, $2) ON CONFLICT (number) DO UPDATE SET total = 1`, f.TenantID, f.Number) // want `insert on "invoices" can overwrite another tenant's row: add "tenant_id" to the target of ON CONFLICT \(unrestricted\)`
}
