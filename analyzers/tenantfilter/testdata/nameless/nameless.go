// Package nameless runs queries through interfaces without a name.
package nameless

import (
	"context"
	"database/sql"
)

func remove(ctx context.Context, tx interface {
	ExecContext(context.Context, string, ...any) (sql.Result, error)
}, customer string) error {
	_, err := tx.ExecContext(ctx, "DELETE FROM invoices WHERE customer_id = $1", customer) // want `delete on "invoices" is not limited to a tenant: add "tenant_id = \$n" \(by-parent\)`
	return err
}

func rename(ctx context.Context, tx interface {
	ExecContext(context.Context, string, ...any) (sql.Result, error)
}, tenant, customer string) error {
	_, err := tx.ExecContext(ctx, "UPDATE invoices SET number = '' WHERE customer_id = $1 AND tenant_id = $2", customer, tenant)
	return err
}
