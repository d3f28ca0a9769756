package testpool

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
)

// forever is longer than any test runs.
const forever = 100 * 365 * 24 * time.Hour

// privatePrefix marks the schemas and databases that a killed run has left: poollint doctor lists them.
const privatePrefix = "testpool_"

// Schema returns a pool on a schema of the test's own, for a suite that runs DDL:
// search_path names this schema alone. [Migrations] and [Setup] have run in it. Both are gone
// when the test ends, unless it fails and [KeepFailed] holds. The pool's [PrivateConns] come on top of the process's pool.
//
// Extensions live in another schema: a suite that needs one takes a [Database].
func Schema(t testing.TB, options ...Option) *pgxpool.Pool {
	t.Helper()
	return process.private(t, schema, options)
}

// Database is like [Schema] with a whole database: a copy of the one that [Migrations] made,
// else of the server's template. The role must be allowed to create databases. Where
// [Main] runs the tests, databases are copied ahead and dropped behind: a test waits for little
// more than its first connection.
func Database(t testing.TB, options ...Option) *pgxpool.Pool {
	t.Helper()
	return process.private(t, database, options)
}

// SchemaDB is [Schema] as a *sql.DB.
func SchemaDB(t testing.TB, options ...Option) *sql.DB {
	t.Helper()
	return openDB(t, process.private(t, schema, options))
}

// DatabaseDB is [Database] as a *sql.DB.
func DatabaseDB(t testing.TB, options ...Option) *sql.DB {
	t.Helper()
	return openDB(t, process.private(t, database, options))
}

// openDB opens a *sql.DB on a private pool, until the test ends.
func openDB(t testing.TB, pool *pgxpool.Pool) *sql.DB {
	db := stdlib.OpenDBFromPool(pool)
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	return db
}

// A kind says how a private place is made, dropped and reached.
type kind struct {
	noun   string
	copied bool // from a template, which is migrated
	use    func(config *pgx.ConnConfig, name string)
	here   string // the expression that tells where a session is
	pooler string // what a pooler before the server has to do
}

var (
	schema = kind{
		noun:   "schema",
		use:    func(config *pgx.ConnConfig, name string) { config.RuntimeParams["search_path"] = name },
		here:   "current_schema()",
		pooler: "it has to hand search_path on (PgBouncer: track_extra_parameters, with PostgreSQL 18): give the tests the server's own address, or take testpool.Database",
	}
	database = kind{
		noun:   "database",
		use:    func(config *pgx.ConnConfig, name string) { config.Database = name },
		copied: true,
		here:   "current_database()",
		pooler: "it has to know databases by their own names (PgBouncer: * = host=...): give the tests the server's own address",
	}
)

func (s *shared) private(t testing.TB, kind kind, options []Option) *pgxpool.Pool {
	t.Helper()
	ctx := context.Background()
	shared := s.open(t, options)
	shared.sweep(t)
	name := placeName(t.Name())
	config, err := shared.settings.poolConfig(shared.settings.privateConns)
	if err != nil {
		t.Fatal(err)
	}
	kind.use(config.ConnConfig, name)
	lockPlace(config, name)
	config.MaxConnIdleTime, config.MaxConnLifetime = forever, forever // as long as the owner is there, its lock is

	if err := shared.create(ctx, kind, name); err != nil {
		t.Fatalf("testpool: create a private %s: %v", kind.noun, err)
	}
	owner := newOwner(t.Name())
	comment := fmt.Sprintf("comment on %s %s is ", kind.noun, quoteName(name))
	t.Cleanup(func() {
		if t.Failed() && shared.settings.keepFailed {
			owner.verb, owner.at = kept, time.Now().UTC()
			if err := execCleanup(shared.pool, comment+quoteLiteral(owner.String())); err == nil {
				t.Logf("testpool: the %s of the failed test is kept until %s: %s", kind.noun,
					owner.at.Add(keepFor).Format(time.DateOnly), psql(config.ConnConfig))
				return
			}
		}
		if err := shared.drop(kind, name); err != nil {
			t.Errorf("testpool: drop the private %s %s: %v", kind.noun, name, err)
		}
	})
	if err := shared.exec(ctx, comment+quoteLiteral(owner.String())); err != nil {
		t.Fatalf("testpool: comment on the private %s: %v", kind.noun, err)
	}

	holders := newHolders()
	pool, err := shared.openPrivate(ctx, kind, name, config, holders)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { shared.closePrivate(t, pool, holders, kind.noun) })
	setup := shared.settings.prepare()
	if kind.copied {
		setup = shared.settings.setup
	}
	if setup != nil {
		if err := setup(ctx, pool); err != nil {
			t.Fatalf("testpool: Setup of the private %s: %v", kind.noun, err)
		}
	}
	return pool
}

// openPrivate opens a pool on a private place, and makes sure that no pooler leads elsewhere.
func (s *shared) openPrivate(ctx context.Context, kind kind, name string, config *pgxpool.Config, holders *holders) (*pgxpool.Pool, error) {
	pool, err := s.openPool(config, holders, nil)
	if err != nil && s.settings.pooled {
		return nil, fmt.Errorf("testpool: a private %s behind a pooler: %s: %w", kind.noun, kind.pooler, err)
	}
	if err != nil {
		return nil, err
	}
	var here string
	if err := pool.QueryRow(unrecorded(ctx), "select "+kind.here, pgx.QueryExecModeSimpleProtocol).Scan(&here); err != nil {
		pool.Close()
		return nil, fmt.Errorf("testpool: %w", err)
	}
	if here != name {
		pool.Close()
		return nil, fmt.Errorf("testpool: a private %s behind a pooler: %s", kind.noun, kind.pooler)
	}
	return pool, nil
}

// closePrivate closes the pool. A connection that the test has kept fails it and is
// ended from outside: Close would wait for it, and its locks would stop the drop.
func (s *shared) closePrivate(t testing.TB, pool *pgxpool.Pool, holders *holders, noun string) {
	t.Helper()
	left := holders.waitForNone(time.Second)
	if len(left) == 0 {
		pool.Close()
		return
	}
	for _, holder := range left {
		t.Errorf("testpool: a connection of the private %s is left: %s", noun, holder)
		if s.settings.pooled {
			continue // the process id is not the server's
		}
		ctx, cancel := context.WithTimeout(context.Background(), cleanupTimeout)
		_, err := s.pool.Exec(ctx, "select pg_terminate_backend($1)", int32(holder.pid))
		cancel()
		if err != nil {
			t.Error(err)
		}
	}
}

// placeName is the name of a private schema or database.
func placeName(test string) string {
	return privatePrefix + strings.ReplaceAll(makeSlug(test, maxSlug-len(privatePrefix)), "-", "_")
}

func (s *shared) create(ctx context.Context, kind kind, name string) error {
	if kind.copied {
		return s.takeDatabase(ctx, name)
	}
	return s.exec(ctx, "create schema "+quoteName(name))
}

func (s *shared) drop(kind kind, name string) error {
	if kind.copied {
		return s.dropDatabase(name)
	}
	return execCleanup(s.pool, "drop schema if exists "+quoteName(name)+" cascade")
}

func (s *shared) exec(ctx context.Context, statement string) error {
	_, err := s.pool.Exec(unrecorded(ctx), statement)
	return err
}

// execCleanup runs a statement when the test's own context has ended.
func execCleanup(shared *pgxpool.Pool, statement string) error {
	ctx, cancel := context.WithTimeout(context.Background(), cleanupTimeout)
	defer cancel()
	_, err := shared.Exec(unrecorded(ctx), statement)
	return err
}

// psql returns the command that looks into a private place. It leaves the password to PGPASSWORD or ~/.pgpass.
func psql(config *pgx.ConnConfig) string {
	dsn := fmt.Sprintf("host=%s port=%d user=%s dbname=%s", config.Host, config.Port, config.User, config.Database)
	if path := config.RuntimeParams["search_path"]; path != "" {
		dsn += " options='-c search_path=" + path + "'"
	}
	return `psql "` + dsn + `"`
}

func quoteLiteral(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }

func quoteName(name string) string { return pgx.Identifier{name}.Sanitize() }
