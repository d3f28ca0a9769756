// Package outlying is imported by nobody here, but may be by other modules.
package outlying

import (
	"context"
	"database/sql"
)

func Mark(ctx context.Context, db *sql.DB, number string) error {
	_, err := db.ExecContext(ctx, `UPDATE invoices SET total = 0 WHERE number = $1`, number) // want `update on "invoices" is not limited to a tenant`
	return err
}
