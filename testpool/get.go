package testpool

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/multitracer"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
)

// Get returns the process's pool, which the first call opens. Every test gets the
// same one, and none may close it. Options count at the first call; a later
// one that asks for other limits fails its test.
func Get(t testing.TB, options ...Option) *pgxpool.Pool {
	t.Helper()
	return process.open(t, options).pool
}

// DB returns the process's pool as a *sql.DB, under the same limits. It may not be closed.
func DB(t testing.TB, options ...Option) *sql.DB {
	t.Helper()
	return process.open(t, options).db
}

// process is this process's one pool.
var process = &shared{holders: newHolders()}

// shared is a pool that many tests share. It is opened once, at its first use.
type shared struct {
	mu       sync.Mutex
	settings settings
	asked    limits // of the options so far, before the environment's
	tried    bool   // err and the rest below are final
	err      error
	pool     *pgxpool.Pool
	db       *sql.DB
	holders  *holders
	swept    sync.Once
	stock    stock
}

// open returns the pool, opened, or ends the test.
func (s *shared) open(t testing.TB, options []Option) *shared {
	t.Helper()
	active.add(t)
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.configure(options); err != nil {
		t.Fatal(err)
	}
	if !s.tried {
		s.tried = true
		s.err = s.connect()
	}
	if s.err == nil && s.pool == nil {
		skipOrFail(t, s.settings.required)
	}
	if s.err != nil {
		t.Fatal(s.err)
	}
	return s
}

// configure takes the options of a call: all before the pool is opened, afterwards none that changes a limit.
func (s *shared) configure(options []Option) error {
	if !s.tried {
		s.settings.apply(options)
		s.asked = s.settings.limits
		return nil
	}
	asked := settings{limits: s.asked}
	asked.apply(options)
	if asked.limits != s.asked {
		return fmt.Errorf("testpool: the process's pool is open with other options: give them all to testpool.Main")
	}
	return nil
}

// connect opens the pool. Without a database it leaves the pool nil.
func (s *shared) connect() error {
	if err := s.settings.resolve(os.Getenv); err != nil || s.settings.url == "" {
		return err
	}
	config, err := s.settings.poolConfig(s.settings.maxConns)
	if err != nil {
		return err
	}
	pool, err := openPool(config, s.settings.maxWait, s.holders)
	if err != nil {
		return err
	}
	if err := s.setUp(pool, config.ConnConfig); err != nil {
		pool.Close()
		return err
	}
	s.pool, s.db = pool, stdlib.OpenDBFromPool(pool)
	return nil
}

// setUp runs the migrations and the option Setup while no other test binary does.
func (s *shared) setUp(pool *pgxpool.Pool, config *pgx.ConnConfig) error {
	prepare := s.settings.prepare()
	if prepare == nil {
		return nil
	}
	err := s.inTurn(config, func(ctx context.Context) error { return prepare(ctx, pool) })
	if err != nil {
		return fmt.Errorf("testpool: Setup: %w", err)
	}
	return nil
}

// openPool opens a pool whose connections holders keeps account of, and makes sure that it reaches its server.
func openPool(config *pgxpool.Config, maxWait time.Duration, holders *holders) (*pgxpool.Pool, error) {
	watch := &tracer{holders: holders, maxConns: int(config.MaxConns), maxWait: maxWait}
	config.ConnConfig.Tracer = together(config.ConnConfig.Tracer, watch)
	if r := recording(); r != nil {
		config.ConnConfig.Tracer = together(config.ConnConfig.Tracer, statementTracer{r})
	}
	pool, err := pgxpool.NewWithConfig(context.Background(), config)
	if err != nil {
		return nil, fmt.Errorf("testpool: %w", err)
	}
	if err := pool.Ping(context.Background()); err != nil {
		pool.Close()
		return nil, fmt.Errorf("testpool: the database is not there or takes no more connections (poollint doctor tells): %w", err)
	}
	return pool, nil
}

func together(first, second pgx.QueryTracer) pgx.QueryTracer {
	if first == nil {
		return second
	}
	return multitracer.New(first, second)
}

func skipOrFail(t testing.TB, required bool) {
	t.Helper()
	message := "testpool: no test database: set " + strings.Join(urlEnvs, " or ")
	if required {
		t.Fatal(message)
	}
	t.Skip(message)
}
