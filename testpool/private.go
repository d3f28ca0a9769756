package testpool

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// forever is longer than any test runs.
const forever = 100 * 365 * 24 * time.Hour

// privatePrefix marks the schemas and databases that a killed run has left: poollint doctor lists them.
const privatePrefix = "testpool_"

// Schema returns a pool on a schema of the test's own, for a suite that runs DDL:
// search_path names this schema alone. The option Setup has run in it. Both are gone
// when the test ends, unless it fails and [KeepFailed] holds. The pool's [PrivateConns] come on top of the process's pool.
//
// Extensions live in another schema: a suite that needs one takes a [Database].
func Schema(t testing.TB, options ...Option) *pgxpool.Pool {
	t.Helper()
	return process.private(t, schema, options)
}

// Database is like [Schema] with a whole database, made of the server's template.
// It costs some tens of milliseconds, and the role must be allowed to create databases.
func Database(t testing.TB, options ...Option) *pgxpool.Pool {
	t.Helper()
	return process.private(t, database, options)
}

// A kind says how a private place is made, dropped and reached.
type kind struct {
	noun   string
	create string
	drop   string
	use    func(config *pgx.ConnConfig, name string)
	here   string // the expression that tells where a session is
	pooler string // what a pooler before the server has to do
}

var (
	schema = kind{
		noun:   "schema",
		create: "create schema %s",
		drop:   "drop schema if exists %s cascade",
		use:    func(config *pgx.ConnConfig, name string) { config.RuntimeParams["search_path"] = name },
		here:   "current_schema()",
		pooler: "it has to hand search_path on (PgBouncer: track_extra_parameters, with PostgreSQL 18): give the tests the server's own address, or take testpool.Database",
	}
	database = kind{
		noun:   "database",
		create: "create database %s",
		drop:   "drop database if exists %s with (force)",
		use:    func(config *pgx.ConnConfig, name string) { config.Database = name },
		here:   "current_database()",
		pooler: "it has to know databases by their own names (PgBouncer: * = host=...): give the tests the server's own address",
	}
)

func (s *shared) private(t testing.TB, kind kind, options []Option) *pgxpool.Pool {
	t.Helper()
	ctx := context.Background()
	shared := s.open(t, options)
	shared.sweep(t)
	name := privatePrefix + strings.ReplaceAll(makeSlug(t.Name(), maxSlug-len(privatePrefix)), "-", "_")
	quoted := pgx.Identifier{name}.Sanitize()
	config, err := shared.settings.poolConfig(shared.settings.privateConns)
	if err != nil {
		t.Fatal(err)
	}
	kind.use(config.ConnConfig, name)
	lockPlace(config, name)
	config.MaxConnIdleTime, config.MaxConnLifetime = forever, forever // as long as the owner is there, its lock is

	if _, err := shared.pool.Exec(ctx, fmt.Sprintf(kind.create, quoted)); err != nil {
		t.Fatalf("testpool: create a private %s: %v", kind.noun, err)
	}
	owner := newOwner(t.Name())
	comment := fmt.Sprintf("comment on %s %s is ", kind.noun, quoted)
	t.Cleanup(func() {
		if t.Failed() && shared.settings.keepFailed {
			owner.verb, owner.at = kept, time.Now().UTC()
			if err := execCleanup(shared.pool, comment+quoteLiteral(owner.String())); err == nil {
				t.Logf("testpool: the %s of the failed test is kept until %s: %s", kind.noun,
					owner.at.Add(keepFor).Format(time.DateOnly), psql(config.ConnConfig))
				return
			}
		}
		if err := execCleanup(shared.pool, fmt.Sprintf(kind.drop, quoted)); err != nil {
			t.Errorf("testpool: drop the private %s %s: %v", kind.noun, name, err)
		}
	})
	if _, err := shared.pool.Exec(ctx, comment+quoteLiteral(owner.String())); err != nil {
		t.Fatalf("testpool: comment on the private %s: %v", kind.noun, err)
	}

	holders := newHolders()
	pool, err := shared.openPool(config, holders, nil)
	if err != nil && shared.settings.pooled {
		t.Fatalf("testpool: a private %s behind a pooler: %s: %v", kind.noun, kind.pooler, err)
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { shared.closePrivate(t, pool, holders, kind.noun) })
	var here string
	if err := pool.QueryRow(ctx, "select "+kind.here).Scan(&here); err != nil {
		t.Fatalf("testpool: %v", err)
	}
	if here != name {
		t.Fatalf("testpool: a private %s behind a pooler: %s", kind.noun, kind.pooler)
	}
	if setup := shared.settings.setup; setup != nil {
		if err := setup(ctx, pool); err != nil {
			t.Fatalf("testpool: Setup of the private %s: %v", kind.noun, err)
		}
	}
	return pool
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

// execCleanup runs a statement when the test's own context has ended.
func execCleanup(shared *pgxpool.Pool, statement string) error {
	ctx, cancel := context.WithTimeout(context.Background(), cleanupTimeout)
	defer cancel()
	_, err := shared.Exec(ctx, statement)
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
