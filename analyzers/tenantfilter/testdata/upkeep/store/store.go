// Package store has queries that only code which runs on its own asks for, and others.
package store

import (
	"context"
	"database/sql"
)

type Store struct{ DB *sql.DB }

func (s *Store) Overdue(ctx context.Context) (*sql.Rows, error) {
	return s.DB.QueryContext(ctx, "SELECT id FROM invoices WHERE total > 0") // want info:`^query on "invoices" is across tenants by design, as it runs at intervals in remind: if it is not, add "tenant_id = \$n" \(by-design\)$`
}

func (s *Store) Close(ctx context.Context, id string) error {
	_, err := s.DB.ExecContext(ctx, "UPDATE invoices SET total = 0 WHERE id = $1", id) // want info:`^update on "invoices" is across tenants by design, as it runs at intervals in remind`
	return err
}

func (s *Store) All(ctx context.Context) (*sql.Rows, error) {
	return s.DB.QueryContext(ctx, "SELECT id FROM invoices WHERE number = ''") // want `^query on "invoices" is not limited to a tenant`
}

func (s *Store) Uncalled(ctx context.Context) (*sql.Rows, error) {
	return s.DB.QueryContext(ctx, "SELECT id FROM invoices WHERE number = ''") // want `^query on "invoices" is not limited to a tenant`
}

func (s *Store) Forgets(ctx context.Context, tenantID string) (*sql.Rows, error) {
	return s.DB.QueryContext(ctx, "SELECT id FROM invoices WHERE number = ''") // want `^query on "invoices" is not limited to a tenant`
}

func (s *Store) Wrong(ctx context.Context) (*sql.Rows, error) {
	return s.DB.QueryContext(ctx, "SELECT id FROM invoices WHERE number = '' OR total = 1 AND tenant_id = $1", "") // want `leaves the tenant out in a branch of OR`
}

// ByInterface is called by services that do not know the store.
func (s *Store) ByInterface(ctx context.Context) (*sql.Rows, error) {
	return s.DB.QueryContext(ctx, "SELECT id FROM invoices WHERE number = ''") // want info:`across tenants by design, as it runs at intervals in remind`
}

func (s *Store) BySome(ctx context.Context) (*sql.Rows, error) {
	return s.DB.QueryContext(ctx, "SELECT id FROM invoices WHERE number = ''") // want `^query on "invoices" is not limited to a tenant`
}
