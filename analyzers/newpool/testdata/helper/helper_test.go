package helper

import (
	"context"
	"database/sql"
	"os"
	"testing"

	"github.com/jackc/pgx/v5/pgxpool"
	_ "github.com/lib/pq"
)

func connect(t *testing.T) *sql.DB {
	t.Helper()
	db, err := sql.Open("postgres", os.Getenv("DSN")) // want `sql\.Open opens a pool for each of 4 tests \(TestA, TestB, TestC, …\); share`
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

type env struct{ db *sql.DB }

func setup(t *testing.T) *env { return &env{db: connect(t)} }

func TestA(t *testing.T) { connect(t) }
func TestB(t *testing.T) { setup(t) }
func TestC(t *testing.T) { setup(t) }

func TestD(t *testing.T) {
	for range 3 {
		connect(t)
	}
}

func TestClosure(t *testing.T) {
	open := func() *pgxpool.Pool {
		pool, err := pgxpool.New(context.Background(), os.Getenv("DSN")) // want `pgxpool\.New opens a pool for TestClosure;`
		if err != nil {
			t.Fatal(err)
		}
		return pool
	}
	for _, name := range []string{"a", "b"} {
		t.Run(name, func(t *testing.T) { open().Close() })
	}
}

// A table of helpers is called by whoever calls what stands in it.
var backends = map[string]func(testing.TB) *sql.DB{"postgres": postgres}

func postgres(tb testing.TB) *sql.DB {
	db, err := sql.Open("postgres", os.Getenv("DSN")) // want `sql\.Open opens a pool for TestBackends;`
	if err != nil {
		tb.Fatal(err)
	}
	return db
}

func TestBackends(t *testing.T) {
	for name, open := range backends {
		t.Run(name, func(t *testing.T) { open(t).Close() })
	}
}

// Nobody calls it.
func forgotten() *sql.DB {
	db, _ := sql.Open("postgres", os.Getenv("DSN"))
	return db
}

// The receiver's method opens.
type fixture struct{ dsn string }

func (f *fixture) open(t *testing.T) *sql.DB {
	db, err := sql.Open("postgres", f.dsn) // want `sql\.Open opens a pool for TestFixture alone`
	if err != nil {
		t.Fatal(err)
	}
	return db
}

func TestFixture(t *testing.T) {
	f := &fixture{dsn: os.Getenv("DSN")}
	f.open(t).Close()
}

// A constructor held in a field.
type harness struct{ open func() *sql.DB }

func TestField(t *testing.T) {
	h := harness{open: func() *sql.DB {
		db, err := sql.Open("postgres", os.Getenv("DSN")) // want `sql\.Open opens a pool for this test alone`
		if err != nil {
			panic(err)
		}
		return db
	}}
	h.open().Close()
}
