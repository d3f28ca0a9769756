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

// forms were meant as notes.
func forms(ctx context.Context, db *sql.DB) {
	db.QueryContext(ctx, "SELECT count(*) FROM invoices --poollint:ignore tenantfilter -- a metric") // want suppressed:`a metric`

	db.QueryContext(ctx, "SELECT count(*) FROM invoices -- poollint: ignore tenantfilter -- a metric") // want `query on "invoices"` `the note silences nothing; write -- poollint:ignore tenantfilter -- a metric`

	db.QueryContext(ctx, `SELECT count(*) FROM invoices -- poollint:disable tenantfilter - "a" metric`) // want `query on "invoices"` `write -- poollint:ignore tenantfilter -- "a" metric`

	db.QueryContext(ctx, "/* PoolLint:Ignore TenantFilter: a metric */ SELECT count(*) FROM invoices") // want `query on "invoices"` `write -- poollint:ignore tenantfilter -- a metric`

	db.QueryContext(ctx, "SELECT count(*) FROM invoices -- poollint:ignore tenantfiltr -- a metric") // want `query on "invoices"` `write -- poollint:ignore tenantfilter -- a metric`

	db.QueryContext(ctx, "SELECT count(*) FROM invoices -- poollint:ignore -- a metric") // want `query on "invoices"` `write -- poollint:ignore tenantfilter -- a metric`

	db.QueryContext(ctx, "SELECT count(*) FROM invoices -- poollint: ignore tenantfilter") // want `query on "invoices"` `write -- poollint:ignore tenantfilter -- reason`

	db.QueryContext(ctx, "SELECT count(*) FROM invoices -- poollint:ignore newpool - another rule") // want `query on "invoices"`

	db.QueryContext(ctx, "SELECT count(*) FROM invoices -- poollint:ignore comments are for exemptions") // want `query on "invoices"`

	db.QueryContext(ctx, "SELECT count(*) FROM invoices -- "+"poollint:ignore tenantfilter — in "+"pieces") // want `query on "invoices"` `write -- poollint:ignore tenantfilter -- in pieces`
}
