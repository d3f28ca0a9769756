// Package helper holds helpers that some callers mind and some forget.
package helper

import (
	"database/sql"
	"os"
	"testing"

	_ "github.com/lib/pq"
	"github.com/stretchr/testify/require"
)

func mustOpen(t *testing.T) *sql.DB {
	db, err := sql.Open("postgres", os.Getenv("TEST_DATABASE_URL"))
	require.NoError(t, err)
	return db
}

func TestMinds(t *testing.T) {
	db := mustOpen(t)
	defer db.Close()
}

func TestMindsToo(t *testing.T) {
	db := mustOpen(t)
	t.Cleanup(func() { db.Close() })
}

func TestForgets(t *testing.T) {
	db := mustOpen(t) // want `the pool that mustOpen gets from sql.Open is never closed; add t.Cleanup`
	_ = db.Ping()
}

// A queryer does not let go of what is beneath it.
type queryer interface {
	QueryRow(query string, args ...any) *sql.Row
}

func newQueryer(t *testing.T) queryer {
	db, err := sql.Open("postgres", os.Getenv("TEST_DATABASE_URL")) // want `the pool of sql.Open is never closed; what is returned cannot close it; register its release with t.Cleanup in this helper`
	require.NoError(t, err)
	return db
}

func newCleanedQueryer(t *testing.T) queryer {
	db, err := sql.Open("postgres", os.Getenv("TEST_DATABASE_URL"))
	require.NoError(t, err)
	t.Cleanup(func() { db.Close() })
	return db
}

type closingQueryer interface {
	queryer
	Close() error
}

func newClosingQueryer(t *testing.T) closingQueryer {
	db, err := sql.Open("postgres", os.Getenv("TEST_DATABASE_URL"))
	require.NoError(t, err)
	return db
}

func TestQueryers(t *testing.T) {
	for _, open := range []func(*testing.T) queryer{newQueryer, newCleanedQueryer} {
		_ = open(t).QueryRow("SELECT 1").Err()
	}
	defer newClosingQueryer(t).Close()
}

// A step takes what it works with.
type step struct{ run func(*sql.DB) error }

type steps []step

func (s steps) migrate(db *sql.DB) error {
	for _, step := range s {
		if err := step.run(db); err != nil {
			return err
		}
	}
	return nil
}

// A migrator holds the handle beside other things.
type migrator struct {
	t    *testing.T
	db   *sql.DB
	next int
}

func (m *migrator) to(all steps, next int) {
	m.t.Cleanup(func() {})
	require.NoError(m.t, all[m.next:next].migrate(m.db))
	m.next = next
}

func TestMigrator(t *testing.T) {
	db, err := sql.Open("postgres", os.Getenv("TEST_DATABASE_URL")) // want `the pool of sql.Open is never closed`
	require.NoError(t, err)
	m := &migrator{t: t, db: db}
	m.to(nil, 0)
}

// A keeper opens what it hands out once, and closes it itself.
type keeper struct{ db *sql.DB }

func (k *keeper) get(t *testing.T) *sql.DB {
	if k.db == nil {
		db, err := sql.Open("postgres", os.Getenv("TEST_DATABASE_URL"))
		require.NoError(t, err)
		k.db = db
		return db
	}
	return k.db
}

func (k *keeper) close() { k.db.Close() }

func TestKeeper(t *testing.T) {
	k := new(keeper)
	t.Cleanup(k.close)
	_ = k.get(t).Ping()
}

// A beginner hides the transaction's type, as interfaces of libraries ask for.
type beginner struct{ db *sql.DB }

func (b beginner) begin() (queryer, error) { return b.db.Begin() }

func (b beginner) beginChecked() (queryer, error) {
	tx, err := b.db.Begin()
	return tx, err
}
