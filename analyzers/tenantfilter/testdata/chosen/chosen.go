// Package chosen has statements whose table the program chooses.
package chosen

import (
	"context"
	"database/sql"
	"fmt"
)

type Store struct{ db *sql.DB }

func tableOf(kind string) (table, parent string) {
	switch kind {
	case "customer":
		return "customers", "customers"
	case "invoice":
		return "invoices", "customers"
	}
	return "invites", "customers"
}

// Purge is one statement, whatever the table.
func (s *Store) Purge(ctx context.Context, kind string) error {
	table, _ := tableOf(kind)
	_, err := s.db.ExecContext(ctx, fmt.Sprintf(`DELETE FROM %s WHERE id <> ''`, table)) // want `delete on "customers" or 2 other tables is not limited to a tenant`
	return err
}

// Numbers are two statements.
func (s *Store) Numbers(ctx context.Context, old bool) (*sql.Rows, error) {
	query := `SELECT number FROM invoices` // want `query on "invoices" is not limited`
	if old {
		query = `SELECT name FROM customers` // want `query on "customers" is not limited`
	}
	return s.db.QueryContext(ctx, query)
}

// Both has two references.
func (s *Store) Both(ctx context.Context, kind string) (*sql.Rows, error) {
	table := "invoices"
	if kind == "" {
		table = "invites"
	}
	return s.db.QueryContext(ctx, `
		SELECT 1 FROM customers`+ // want `query on "customers" is not limited`
		`, `+table) // want `query on "invoices" or another table is not limited`
}

// migrate mends what is there.
func (s *Store) migrate(ctx context.Context) error {
	if _, err := s.db.ExecContext(ctx, `UPDATE invoices SET total = 0 WHERE total < 0`); err != nil {
		return err
	}
	return s.applyMigrations(ctx)
}

func (s *Store) applyMigrations(ctx context.Context) error {
	_, err := s.db.ExecContext(ctx, `DELETE FROM invites WHERE used`)
	return err
}

// migrateInvoices moves some to another customer.
func (s *Store) migrateInvoices(ctx context.Context, from, to string) error {
	_, err := s.db.ExecContext(ctx, `UPDATE invoices SET customer_id = $1 WHERE number = $2`, to, from) // want `is not limited`
	return err
}

var _ = (*Store).migrate
var _ = (*Store).migrateInvoices
