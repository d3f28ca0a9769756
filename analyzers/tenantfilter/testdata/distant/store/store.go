// Package store has the methods that another package calls through an interface of its own.
package store

import (
	"context"
	"database/sql"
)

type Store struct{ db *sql.DB }

func (s *Store) Load(ctx context.Context, tenantID, id string) (string, error) {
	var number string
	err := s.db.QueryRowContext(ctx, `SELECT number FROM invoices WHERE id = $1 AND tenant_id = $2`, id, tenantID).Scan(&number)
	return number, err
}

// Touch is called for a row that was loaded.
func (s *Store) Touch(ctx context.Context, id string) error {
	_, err := s.db.ExecContext(ctx, `UPDATE invoices SET total = 0 WHERE id = $1`, id) // want info:"is limited by the earlier query Load alone"
	return err
}

// Close is called for one that was not, too.
func (s *Store) Close(ctx context.Context, id string) error {
	_, err := s.db.ExecContext(ctx, `UPDATE invoices SET total = 1 WHERE id = $1`, id) // want "is limited by the earlier query Load alone, and Close does not load it with its tenant first"
	return err
}

// Alone is a method of no interface that is called.
func (s *Store) Alone(ctx context.Context, id string) error {
	_, err := s.db.ExecContext(ctx, `UPDATE invoices SET total = 2 WHERE id = $1`, id) // want "is not limited to a tenant"
	return err
}

// Other has a method of the name, but not the others of the interface.
type Other struct{ db *sql.DB }

func (o *Other) Touch(ctx context.Context, id string) error {
	_, err := o.db.ExecContext(ctx, `UPDATE invoices SET total = 3 WHERE id = $1`, id) // want "is not limited to a tenant"
	return err
}
