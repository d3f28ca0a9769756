// Package idle is imported by nobody, and no other module can import it: its code never runs.
package idle

import (
	"context"
	"database/sql"
)

type Sweeper struct{ DB *sql.DB }

func (s *Sweeper) Run(ctx context.Context) error {
	rows, err := s.DB.QueryContext(ctx, `SELECT id FROM invoices WHERE total > 0`) // want info:`query on "invoices" is called by nobody`
	if err != nil {
		return err
	}
	return rows.Close()
}

func Mark(ctx context.Context, db *sql.DB, number string) error {
	_, err := db.ExecContext(ctx, `UPDATE invoices SET total = 0 WHERE number = $1`, number) // want info:`update on "invoices" is called by nobody`
	return err
}
