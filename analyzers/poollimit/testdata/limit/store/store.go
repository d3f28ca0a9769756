// Package store is production code with limits to configure.
package store

import (
	"context"
	"database/sql"
	"encoding/json"

	"github.com/jackc/pgx/v5/pgxpool"
)

type Config struct {
	DSN      string
	MaxConns int
}

type Option func(*Config)

func WithMaxConns(n int) Option { return func(c *Config) { c.MaxConns = n } }

func WithDSN(dsn string) Option { return func(c *Config) { c.DSN = dsn } }

func NewConfig(options ...Option) *Config {
	cfg := &Config{}
	for _, option := range options {
		option(cfg)
	}
	return cfg
}

func Load(text []byte) (*Config, error) {
	cfg := new(Config)
	err := json.Unmarshal(text, cfg)
	return cfg, err
}

type Store struct{ pool *pgxpool.Pool }

func New(ctx context.Context, cfg *Config) (*Store, error) {
	parsed, err := parse(cfg)
	if err != nil {
		return nil, err
	}
	pool, err := pgxpool.NewWithConfig(ctx, parsed)
	return &Store{pool}, err
}

func parse(cfg *Config) (*pgxpool.Config, error) {
	parsed, err := pgxpool.ParseConfig(cfg.DSN)
	if err != nil {
		return nil, err
	}
	if cfg.MaxConns != 0 {
		parsed.MaxConns = int32(cfg.MaxConns)
	}
	return parsed, nil
}

func (s *Store) Close() { s.pool.Close() }

// OpenDB limits by a default of its own.
func OpenDB(cfg Config) (*sql.DB, error) {
	db, err := sql.Open("pgx", cfg.DSN)
	if err != nil {
		return nil, err
	}
	if cfg.MaxConns == 0 {
		cfg.MaxConns = 25
	}
	db.SetMaxOpenConns(cfg.MaxConns)
	return db, nil
}

// OpenPlain has no limit.
func OpenPlain(dsn string) (*sql.DB, error) { return sql.Open("pgx", dsn) }

// Limits are put on a pool once it is there.
type Limits struct{ Open uint }

func (l *Limits) Apply(db *sql.DB) {
	if l != nil {
		db.SetMaxOpenConns(int(l.Open))
	}
}

// Settings know a pool's limits.
type Settings struct {
	DSN    string
	Limits *Limits
}

func retry[T any](times int, do func() (T, error)) (result T, err error) {
	for range times {
		if result, err = do(); err == nil {
			break
		}
	}
	return result, err
}

// Connect tries several times.
func Connect(s Settings) (*sql.DB, error) {
	db, err := retry(3, func() (*sql.DB, error) { return sql.Open("postgres", s.DSN) })
	if err != nil {
		return nil, err
	}
	s.Limits.Apply(db)
	return db, nil
}

// A Tuner hides its pool.
type Tuner struct{ hidden []*pgxpool.Pool }

func (s *Tuner) Close() { s.hidden[0].Close() }

// Tuning may be left empty.
type Tuning struct {
	MaxOpenConns int
	Verbose      bool
}

// Tuned is limited if its tuning says so.
func Tuned(ctx context.Context, dsn string, tuning *Tuning) (*Tuner, error) {
	cfg, err := pgxpool.ParseConfig(dsn)
	if err != nil {
		return nil, err
	}
	if tuning.MaxOpenConns != 0 {
		cfg.MaxConns = int32(tuning.MaxOpenConns)
	}
	pool, err := pgxpool.NewWithConfig(ctx, cfg)
	return &Tuner{[]*pgxpool.Pool{pool}}, err
}

// Standard has a tuning of its own.
func Standard(ctx context.Context, dsn string) (*Tuner, error) {
	return Tuned(ctx, dsn, &Tuning{Verbose: true})
}

// Hosted is told where the server is, which says nothing of a limit.
func Hosted(ctx context.Context, host string) (*Tuner, error) {
	return Standard(ctx, "postgres://"+host+"/shop")
}

// Verbose takes a tuning whose limit it does not look at.
func Verbose(ctx context.Context, dsn string, tuning *Tuning) (*Tuner, error) {
	if tuning.Verbose {
		println(dsn)
	}
	return Standard(ctx, dsn)
}
