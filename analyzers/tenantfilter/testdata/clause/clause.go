// Package clause makes parts of statements; it knows no database.
package clause

import (
	"context"
	"fmt"
	"strings"
)

type key struct{}

func tenant(ctx context.Context) string {
	id, _ := ctx.Value(key{}).(string)
	return id
}

// ForTenant limits a statement to the tenant of the context.
func ForTenant(ctx context.Context, query string, args ...any) (string, []any) {
	id := tenant(ctx)
	if id == "" {
		return query, args
	}
	return query + fmt.Sprintf(" %s tenant_id = $%d", word(query), len(args)+1), append(args, id)
}

func word(query string) string {
	if strings.Contains(strings.ToLower(query), "where") {
		return "AND"
	}
	return "WHERE"
}

// If limits a statement to a tenant if the caller wants it.
func If(ctx context.Context, query, tenant string) string {
	if tenant != "" {
		query += " AND tenant_id = $1"
	}
	return query
}

// Page limits the number of rows.
func Page(query string, limit int) string { return fmt.Sprintf("%s LIMIT %d", query, limit) }
