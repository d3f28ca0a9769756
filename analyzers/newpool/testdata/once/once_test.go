package once

import (
	"context"
	"database/sql"
	"log"
	"os"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5/pgxpool"
	_ "github.com/lib/pq"
)

var (
	main  *sql.DB
	early = mustOpen()

	dbOnce sync.Once
	db     *sql.DB

	lazy  = sync.OnceValue(mustOpen)
	pairs = sync.OnceValues(func() (*sql.DB, error) { return sql.Open("postgres", os.Getenv("DSN")) })

	checked *pgxpool.Pool
	byDSN   = map[string]*sql.DB{}
)

func TestMain(m *testing.M) {
	var err error
	if main, err = sql.Open("postgres", os.Getenv("DSN")); err != nil {
		log.Fatal(err)
	}
	code := m.Run()
	main.Close()
	os.Exit(code)
}

func init() {
	db, err := sql.Open("postgres", os.Getenv("DSN"))
	if err != nil {
		panic(err)
	}
	db.Close()
}

func mustOpen() *sql.DB {
	db, err := sql.Open("postgres", os.Getenv("DSN"))
	if err != nil {
		panic(err)
	}
	return db
}

func shared(t *testing.T) *sql.DB {
	dbOnce.Do(func() {
		var err error
		db, err = sql.Open("postgres", os.Getenv("DSN"))
		if err != nil {
			t.Fatal(err)
		}
	})
	return db
}

func nilChecked(t *testing.T) *pgxpool.Pool {
	if checked != nil {
		return checked
	}
	pool, err := pgxpool.New(context.Background(), os.Getenv("DSN"))
	if err != nil {
		t.Fatal(err)
	}
	checked = pool
	return checked
}

func mapped(t *testing.T, dsn string) *sql.DB {
	if db, ok := byDSN[dsn]; ok {
		return db
	}
	db, err := sql.Open("postgres", dsn)
	if err != nil {
		t.Fatal(err)
	}
	byDSN[dsn] = db
	return db
}

func TestAll(t *testing.T) {
	shared(t)
	nilChecked(t)
	mapped(t, os.Getenv("DSN"))
	lazy()
	pairs()
	early.Stats()
}

// A package variable alone shares nothing: each call opens again.
var current *sql.DB

func reopen(t *testing.T) {
	var err error
	if current, err = sql.Open("postgres", os.Getenv("DSN")); err != nil { // want `sql\.Open opens a pool for TestReopen alone`
		t.Fatal(err)
	}
}

func TestReopen(t *testing.T) { reopen(t) }

// A holder opens what it lacks; what it holds is copied before it is asked for.
type holder struct{ db *sql.DB }

func (h *holder) get(t *testing.T) *sql.DB {
	db := h.db
	if db != nil {
		return db
	}
	db, err := sql.Open("postgres", os.Getenv("DSN"))
	if err != nil {
		t.Fatal(err)
	}
	h.db = db
	return db
}

var held holder

func TestHeld(t *testing.T)    { held.get(t) }
func TestHeldToo(t *testing.T) { held.get(t) }
