// Package store has queries that no generator has written.
package store

import (
	"context"
	"database/sql"
)

type Store struct{ DB *sql.DB }

func (s *Store) MarkNobodys(ctx context.Context, number string) error {
	_, err := s.DB.ExecContext(ctx, `UPDATE invoices SET total = 0 WHERE number = $1`, number) // want info:`update on "invoices" is called by nobody: remove it, or add "tenant_id = \$n" \(uncalled\)`
	return err
}

func nobodys(ctx context.Context, db *sql.DB, number string) error {
	_, err := db.ExecContext(ctx, `DELETE FROM invoices WHERE number = $1`, number) // want info:`delete on "invoices" is called by nobody`
	return err
}

// Delete may be a method of any interface.
func (s *Store) Delete(ctx context.Context, number string) error {
	_, err := s.DB.ExecContext(ctx, `DELETE FROM invoices WHERE number = $1`, number) // want `delete on "invoices" is not limited to a tenant`
	return err
}

// RowsAffected is the name of what an interface of the library has.
func (s *Store) RowsAffected(ctx context.Context, number string) (sql.Result, error) {
	return s.DB.ExecContext(ctx, `DELETE FROM invoices WHERE number = $1`, number) // want `delete on "invoices" is not limited to a tenant`
}

// MarkByPort is called by way of an interface, in a package that knows no database.
func (s *Store) MarkByPort(ctx context.Context, number string) error {
	_, err := s.DB.ExecContext(ctx, `UPDATE invoices SET total = 1 WHERE number = $1`, number) // want `update on "invoices" is not limited to a tenant`
	return err
}

// Controller finds its methods by their names, as those of frameworks do.
type Controller struct{ *sql.DB }

func (c *Controller) DropNumber(ctx context.Context, number string) error {
	_, err := c.ExecContext(ctx, `DELETE FROM invoices WHERE number = $1`, number) // want `delete on "invoices" is not limited to a tenant`
	return err
}

func (s *Store) rename(ctx context.Context, id string) error {
	_, err := s.DB.ExecContext(ctx, `UPDATE invoices SET number = '' WHERE id = $1`, id) // want info:`update on "invoices" is limited by an earlier query alone`
	return err
}

func (s *Store) RenameOwn(ctx context.Context, tenant, id string) error {
	if err := s.DB.QueryRowContext(ctx, `SELECT id FROM invoices WHERE id = $1 AND tenant_id = $2`, id, tenant).Scan(&id); err != nil {
		return err
	}
	return s.rename(ctx, id)
}

// RenameAny loads nothing, and nobody calls it.
func (s *Store) RenameAny(ctx context.Context, id string) error { return s.rename(ctx, id) }
