// Package reconcile mends rows: what a command that is run by hand calls, what a server calls as
// well, and what forgets the tenant that it is given.
package reconcile

import (
	"context"
	"database/sql"
)

type Options struct{ Size int }

func Totals(ctx context.Context, db *sql.DB, opts Options) error {
	_, err := db.ExecContext(ctx, "UPDATE invoices SET total = 0 WHERE total IS NULL") // want info:`^update on "invoices" is across tenants by design, as it is run by hand: design/cmd/migrate: if it is not`
	return err
}

func OfTenant(ctx context.Context, db *sql.DB, tenantID string) error {
	_, err := db.ExecContext(ctx, "UPDATE invoices SET total = 0 WHERE total IS NULL") // want `^update on "invoices" is not limited to a tenant`
	return err
}

func Uncalled(ctx context.Context, db *sql.DB) error {
	_, err := db.ExecContext(ctx, "UPDATE invoices SET total = 0 WHERE total IS NULL") // want info:`^update on "invoices" is called by nobody: remove it`
	return err
}
