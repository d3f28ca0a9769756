// Package store is production code whose constructor opens a pool.
package store

import (
	"context"
	"database/sql"

	"github.com/jackc/pgx/v5/pgxpool"
)

// Store closes what it holds.
type Store struct{ pool *pgxpool.Pool }

func New(dsn string) (*Store, error) {
	pool, err := pgxpool.New(context.Background(), dsn)
	if err != nil {
		return nil, err
	}
	return &Store{pool: pool}, nil
}

func (s *Store) Shutdown() { s.pool.Close() }

func (s *Store) Count(ctx context.Context) (n int) {
	_ = s.pool.QueryRow(ctx, "SELECT 1").Scan(&n)
	return n
}

// Adapter hides a handle and closes nothing.
type Adapter struct{ db *sql.DB }

func Adapt(db *sql.DB) Adapter { return Adapter{db} }

func (a Adapter) Ping() error { return a.db.Ping() }

// Owner takes a handle over.
type Owner struct{ db *sql.DB }

func NewOwner(db *sql.DB) *Owner { return &Owner{db} }

func (o *Owner) Close() error { return o.db.Close() }

// Open knows databases in files, too.
func Open(driver, dsn string) (*Owner, error) {
	db, err := sql.Open(driver, dsn)
	if err != nil {
		return nil, err
	}
	return &Owner{db: db}, nil
}
