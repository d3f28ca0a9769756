// Package store is production code.
package store

import (
	"context"
	"database/sql"
	"fmt"

	"github.com/jackc/pgx/v5/pgxpool"
	_ "github.com/lib/pq"
)

type Config struct {
	DSN        string
	ReplicaDSN string
}

type Store struct{ pool, replica *pgxpool.Pool }

// New opens what it returns.
func New(dsn string) (*Store, error) {
	pool, err := open(dsn)
	if err != nil {
		return nil, fmt.Errorf("store: %w", err)
	}
	return &Store{pool: pool}, nil
}

func open(dsn string) (*pgxpool.Pool, error) { return pgxpool.New(context.Background(), dsn) }

// NewReplicated opens a second pool only where one is configured.
func NewReplicated(cfg Config, pool *pgxpool.Pool) (*Store, error) {
	s := &Store{pool: pool}
	if cfg.ReplicaDSN != "" {
		replica, err := open(cfg.ReplicaDSN)
		if err != nil {
			return nil, err
		}
		s.replica = replica
	}
	return s, nil
}

func (s *Store) Close() { s.pool.Close() }

// Connect opens into the receiver.
func (s *Store) Connect(dsn string) (err error) {
	s.pool, err = open(dsn)
	return err
}

// Version asks and closes.
func Version(dsn string) (v string, err error) {
	db, err := sql.Open("postgres", dsn)
	if err != nil {
		return "", err
	}
	defer db.Close()
	return v, db.QueryRow("SELECT version()").Scan(&v)
}

// Serve keeps its connection to itself.
func Serve(ctx context.Context, dsn string) error {
	pool, err := open(dsn)
	if err != nil {
		return err
	}
	_, err = pool.Exec(ctx, "LISTEN jobs")
	<-ctx.Done()
	return err
}

// TestConnection is no test: it stands in production code.
func TestConnection(dsn string) error {
	pool, err := open(dsn)
	if err == nil {
		pool.Close()
	}
	return err
}

// Settings choose an engine.
type Settings struct{ Engine, DSN string }

// Open can do without a server.
func Open(s Settings) (*sql.DB, error) {
	if s.Engine == "memory" {
		return nil, nil
	}
	return sql.Open("postgres", s.DSN)
}

// Dial knows several drivers, as generated clients do.
func Dial(driver, dsn string) (*sql.DB, error) {
	switch driver {
	case "mysql", "postgres", "sqlite3":
		return sql.Open(driver, dsn)
	default:
		return nil, fmt.Errorf("unsupported driver %q", driver)
	}
}

// Options may hold a pool already.
type Options struct {
	DSN  string
	Pool *pgxpool.Pool
}

// NewWith opens what it is not given.
func NewWith(o Options) (*Store, error) {
	pool := o.Pool
	if pool == nil {
		var err error
		if pool, err = open(o.DSN); err != nil {
			return nil, err
		}
	}
	return &Store{pool: pool}, nil
}

// ServerOptions are handed on to the store.
type ServerOptions struct {
	DSN    string
	Shared *pgxpool.Pool
}

// NewServer opens what it is not given, one call below.
func NewServer(o ServerOptions) (*Store, error) {
	return NewWith(Options{DSN: o.DSN, Pool: o.Shared})
}
