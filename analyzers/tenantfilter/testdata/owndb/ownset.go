package owndb

import (
	"context"
	"database/sql"
)

// Settings gives transactions with a setting for the tenant, on the database of all.
type Settings struct{ db *sql.DB }

func (s *Settings) begin(ctx context.Context, tenantID string) (*sql.Tx, error) {
	tx, err := s.db.BeginTx(ctx, nil)
	if err != nil {
		return nil, err
	}
	_, err = tx.ExecContext(ctx, `SELECT set_config('app.tenant_id', $1, true)`, tenantID)
	return tx, err
}

func (s *Settings) Close(ctx context.Context, tenantID, number string) error {
	tx, err := s.begin(ctx, tenantID)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	if _, err := tx.ExecContext(ctx, `UPDATE invoices SET total = 0 WHERE number = $1`, number); err != nil { // want `is not limited`
		return err
	}
	return tx.Commit()
}
