// Package store keeps orders.
package store

import (
	"context"

	"github.com/jackc/pgx/v5/pgxpool"
)

type Store struct{ pool *pgxpool.Pool }

// New connects: who calls it in a test opens a pool.
func New(ctx context.Context, dsn string) (*Store, error) {
	pool, err := pgxpool.New(ctx, dsn)
	if err != nil {
		return nil, err
	}
	return &Store{pool}, nil
}

func (s *Store) Close() { s.pool.Close() }

func (s *Store) CreateTenant(ctx context.Context, id, slug string) error {
	_, err := s.pool.Exec(ctx, `INSERT INTO tenants (id, slug) VALUES ($1, $2)`, id, slug)
	return err
}

// Open is pinned to a tenant.
func (s *Store) Open(ctx context.Context, tenantID string) (n int, err error) {
	err = s.pool.QueryRow(ctx, `SELECT count(*) FROM orders WHERE tenant_id = $1 AND status = 'open'`, tenantID).Scan(&n)
	return n, err
}

// Stuck sees the orders of all tenants.
func (s *Store) Stuck(ctx context.Context, status string) (n int, err error) {
	err = s.pool.QueryRow(ctx, `SELECT count(*) FROM orders WHERE status = $1`, status).Scan(&n)
	return n, err
}

// Ship changes an order of whatever tenant.
func (s *Store) Ship(ctx context.Context, id string) error {
	return exec(ctx, s.pool, `UPDATE orders SET status = 'shipped' WHERE id = $1`, id)
}

// exec is a wrapper: the statement is found through it.
func exec(ctx context.Context, pool *pgxpool.Pool, sql string, args ...any) error {
	_, err := pool.Exec(ctx, sql, args...)
	return err
}

// Exec hands statements on, for other packages.
func (s *Store) Exec(ctx context.Context, sql string, args ...any) error {
	return exec(ctx, s.pool, sql, args...)
}
