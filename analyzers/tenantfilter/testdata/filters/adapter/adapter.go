// Package adapter implements an interface that is declared where it is used.
package adapter

import (
	"context"
	"database/sql"

	"example.test/shop/filters/model"
)

type Store struct{ db *sql.DB }

func (s *Store) Search(ctx context.Context, f model.Search) error {
	query, args := "SELECT number FROM invoices WHERE total > $1", []any{f.Total} // want info:`is limited to a tenant only if its caller gives one, as all do`
	if f.TenantID != "" {
		query += " AND tenant_id = $2"
		args = append(args, f.TenantID)
	}
	_, err := s.db.QueryContext(ctx, query, args...)
	return err
}

func (s *Store) Export(ctx context.Context, f model.Search) error {
	query, args := "SELECT number FROM invoices WHERE total > $1", []any{f.Total} // want `is limited to a tenant only if its caller gives one, and All does not`
	if f.TenantID != "" {
		query += " AND tenant_id = $2"
		args = append(args, f.TenantID)
	}
	_, err := s.db.QueryContext(ctx, query, args...)
	return err
}
