// Package notes silences the rule in SQL.
package notes

import (
	"context"
	"database/sql"
)

func notes(ctx context.Context, db *sql.DB, tenant string) {
	db.QueryContext(ctx, "/* poollint:ignore tenantfilter -- a metric over all tenants */ SELECT count(*) FROM invoices") // want suppressed:`a metric over all tenants`
	db.QueryContext(ctx, "SELECT count(*) FROM invoices -- poollint:ignore tenantfilter -- a metric over all tenants") // want suppressed:`a metric over all tenants`
	db.QueryContext(ctx, "SELECT count(*) FROM invoices -- poollint:ignore tenantfilter")                                         // want `query on "invoices"` `the note gives no reason and silences nothing`
	db.QueryContext(ctx, "SELECT count(*) FROM invoices WHERE tenant_id = $1 -- poollint:ignore tenantfilter -- no more", tenant) // want `the note silences no finding of tenantfilter; remove it`
	db.QueryContext(ctx, "SELECT count(*) FROM invoices -- poollint:ignore otherrule -- not this one")                            // want `query on "invoices"`
}

// sometimes needs its note on one of its two paths.
func sometimes(ctx context.Context, db *sql.DB, tenant string) {
	query := "SELECT count(*) FROM invoices -- poollint:ignore tenantfilter -- the operator asks for all\n WHERE total > 0" // want suppressed:`the operator asks for all`
	if tenant != "" {
		query += " AND tenant_id = $1"
	}
	db.QueryContext(ctx, query, tenant)
}
