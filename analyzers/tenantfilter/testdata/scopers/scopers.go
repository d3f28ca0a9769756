// Package scopers adds the predicate where the rule cannot see it: by a fact for
// what a function appends, by configuration for the rest.
package scopers

import (
	"context"
	"database/sql"
)

// ForTenant is named in the configuration.
func ForTenant(ctx context.Context, query string) string { return rewrite(ctx, query) }

var rewrite func(context.Context, string) string

// Scoped is named in the configuration.
type Scoped struct{ db *sql.DB }

func (s Scoped) Query(ctx context.Context, query string) (*sql.Rows, error) {
	return s.db.QueryContext(ctx, rewrite(ctx, query))
}

// own appends the predicate, which the rule finds out.
func own(ctx context.Context, db *sql.DB, query, tenant string) (*sql.Rows, error) {
	return db.QueryContext(ctx, query+" AND tenant_id = $1", tenant)
}

func use(ctx context.Context, db *sql.DB, s Scoped) {
	db.QueryContext(ctx, ForTenant(ctx, "SELECT id FROM invoices"))
	s.Query(ctx, "SELECT id FROM invoices")
	own(ctx, db, "SELECT id FROM invoices WHERE total > 0", "t")
	db.QueryContext(ctx, "SELECT id FROM invoices") // want `query on "invoices" is not limited to a tenant`
}
