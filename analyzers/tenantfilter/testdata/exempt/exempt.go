// Package exempt crosses tenants on purpose.
package exempt

import (
	"context"
	"database/sql"
)

func countAllTenants(ctx context.Context, db *sql.DB) {
	db.QueryContext(ctx, "SELECT count(*) FROM invoices")
}

func countEverywhere(ctx context.Context, db *sql.DB) {
	db.QueryContext(ctx, "SELECT count(*) FROM invoices")
}

func sweep(ctx context.Context, db *sql.DB) {
	//poollint:ignore tenantfilter -- the sweeper works through all tenants
	db.QueryContext(ctx, "SELECT count(*) FROM invoices") // want suppressed:`the sweeper works through all tenants`

	// want +3 suppressed:`so it does here`
	query := `
		SELECT count(*)
		FROM invoices`
	db.QueryContext(ctx, query) //poollint:ignore tenantfilter -- so it does here
}

func setTotalForTest(ctx context.Context, db *sql.DB) {
	db.ExecContext(ctx, "UPDATE invoices SET total = 0")
}

func countForTesters(ctx context.Context, db *sql.DB) {
	db.QueryContext(ctx, "SELECT count(*) FROM invoices") // want `query on "invoices" is not limited to a tenant: add "tenant_id = \$n" \(unrestricted\)`
}

func totalsAnyWorkspace(ctx context.Context, db *sql.DB) {
	db.QueryContext(ctx, "SELECT total FROM invoices")
}

func countAcrossOrgs(ctx context.Context, db *sql.DB) {
	db.QueryContext(ctx, "SELECT count(*) FROM invoices")
}

// What lists all of something is not for anybody by that.
func listAllWorkspaces(ctx context.Context, db *sql.DB) {
	db.QueryContext(ctx, "SELECT total FROM invoices") // want `query on "invoices" is not limited to a tenant`
}

func hasAnyInvoice(ctx context.Context, db *sql.DB) {
	db.QueryContext(ctx, "SELECT count(*) FROM invoices") // want `query on "invoices" is not limited to a tenant`
}
