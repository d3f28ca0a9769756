package testpool

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/multitracer"
	"github.com/jackc/pgx/v5/pgxpool"
)

// Get returns the process's pool, which the first call opens. Every test gets the
// same one, and none may close it: a test that does fails, what others ask of the closed pool fails
// with its name, and the next call opens another. Options count at the first call; a later
// one that asks for other limits fails its test.
func Get(t testing.TB, options ...Option) *pgxpool.Pool {
	t.Helper()
	return process.open(t, options).pool
}

// DB returns the process's pool as a *sql.DB, under the same limits. It may not be
// closed: a test that does fails, and the others go on.
func DB(t testing.TB, options ...Option) *sql.DB {
	t.Helper()
	return process.open(t, options).handle(t)
}

// process is this process's one pool.
var process = newProcess()

func newProcess() *shared {
	return &shared{holders: newHolders(), lent: map[testing.TB]*sql.DB{}}
}

// shared is a pool that many tests share. It is opened once, at its first use.
type shared struct {
	mu       sync.Mutex
	settings settings
	asked    limits // of the options so far, before the environment's
	tried    bool   // err and the rest below are final
	err      error
	pool     *pgxpool.Pool
	holders  *holders
	swept    sync.Once
	stock    stock

	lent    map[testing.TB]*sql.DB // by the tests that run
	free    []*sql.DB
	misused []error // by code whose test is not known
	closing *closing
	ending  atomic.Bool // what is closed from now on is closed by us
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
		s.tried, s.err = true, errors.New("testpool: Setup has ended its test") // stands if connect does not return
		s.err = s.connect()
	}
	if s.err == nil && s.pool != nil && s.closing.err.Load() != nil {
		if err := s.reopen(); err != nil {
			t.Fatal(err)
		}
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
	config, err := s.openShared()
	if err != nil {
		return err
	}
	if err := s.setUp(s.pool, config.ConnConfig); err != nil {
		s.ending.Store(true)
		s.pool.Close()
		return err
	}
	return nil
}

// openShared opens the pool.
func (s *shared) openShared() (*pgxpool.Config, error) {
	config, err := s.settings.poolConfig(s.settings.maxConns)
	if err != nil {
		return nil, err
	}
	closing := &closing{shared: s}
	closing.hear(config)
	pool, err := s.openPool(config, s.holders, closing)
	if err != nil {
		return nil, err
	}
	if pooled, err := behindPooler(context.Background(), pool); err != nil || pooled != s.settings.pooled {
		pool.Close()
		if err != nil {
			return nil, fmt.Errorf("testpool: %w", err)
		}
		s.settings.pooled = pooled
		return s.openShared() // as it must be then
	}
	closing.opened.Store(true)
	s.pool, s.closing = pool, closing
	return config, nil
}

// reopen opens the pool anew after a test has closed it, when the closed one's connections have come back.
func (s *shared) reopen() error {
	if left := s.holders.waitForNone(s.settings.maxWait); len(left) > 0 {
		return fmt.Errorf("%w; its connections are still held, the longest by %s", s.closing.err.Load(), left[0])
	}
	if _, err := s.openShared(); err != nil {
		return err
	}
	clear(s.lent)
	s.free = nil
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
func (s *shared) openPool(config *pgxpool.Config, holders *holders, closing *closing) (*pgxpool.Pool, error) {
	watch := &tracer{holders: holders, maxConns: int(config.MaxConns), maxWait: s.settings.maxWait, closing: closing}
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
