// Package limits sets limits on what it is given.
package limits

import (
	"database/sql"

	"github.com/jackc/pgx/v5/pgxpool"
)

func Handle(db *sql.DB) { db.SetMaxOpenConns(3) }

func HandleTo(db *sql.DB, n int) {
	db.SetMaxIdleConns(n)
	db.SetMaxOpenConns(n)
}

func Indirect(db *sql.DB) { HandleTo(db, 2) }

func Idle(db *sql.DB) { db.SetMaxIdleConns(3) }

func Config(cfg *pgxpool.Config) { cfg.MaxConns = 3 }

func New(dsn string) (*pgxpool.Config, error) {
	cfg, err := pgxpool.ParseConfig(dsn)
	if err != nil {
		return nil, err
	}
	cfg.MaxConns = 3
	return cfg, nil
}

// Large has a limit that its callers may lower.
func Large(dsn string) (*pgxpool.Config, error) {
	cfg, err := pgxpool.ParseConfig(dsn)
	if err != nil {
		return nil, err
	}
	cfg.MaxConns = 25
	return cfg, nil
}

func OpenLarge(dsn string) (*sql.DB, error) {
	db, err := sql.Open("pgx", dsn)
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(25)
	return db, nil
}
