// Package owndb has a database for each tenant, and one for all.
package owndb

import (
	"context"
	"database/sql"
)

type Store struct {
	all   *sql.DB
	dbs   map[string]*sql.DB
	kinds map[string]*sql.DB
}

func (s *Store) of(ctx context.Context, tenantID string) (*sql.DB, error) {
	return s.dbs[tenantID], nil
}
func (s *Store) ofKind(kind string) *sql.DB { return s.kinds[kind] }

func (s *Store) Close(ctx context.Context, tenantID, number string) error {
	db, err := s.of(ctx, tenantID)
	if err != nil {
		return err
	}
	_, err = db.ExecContext(ctx, `UPDATE invoices SET total = 0 WHERE number = $1`, number) // want info:`runs on what of gives for the tenant`
	return err
}

// CloseTx may have a transaction of it.
func (s *Store) CloseTx(ctx context.Context, tx *sql.Tx, tenantID, number string) error {
	var run interface {
		ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
	}
	if tx != nil {
		run = tx
	} else {
		db, err := s.of(ctx, tenantID)
		if err != nil {
			return err
		}
		run = db
	}
	_, err := run.ExecContext(ctx, `UPDATE invoices SET total = 0 WHERE number = $1`, number) // want info:`runs on what of gives for the tenant`
	return err
}

func (s *Store) CloseKind(ctx context.Context, kind, number string) error {
	_, err := s.ofKind(kind).ExecContext(ctx, `UPDATE invoices SET total = 1 WHERE number = $1`, number) // want `is not limited`
	return err
}

func (s *Store) CloseAny(ctx context.Context, tenantID, number string) error {
	db := s.all
	_, err := db.ExecContext(ctx, `UPDATE invoices SET total = 2 WHERE number = $1`, number) // want `is not limited`
	return err
}
