package dbtest

import (
	"context"
	"testing"

	"github.com/jackc/pgx/v5/pgxpool"
)

// A Fixture is a database of a test's own.
type Fixture struct {
	t   testing.TB
	DSN string
}

func NewFixture(t testing.TB) *Fixture { return &Fixture{t: t, DSN: Database(t, "fixture")} }

// Open opens pools on the fixture's database.
func (f *Fixture) Open() *pgxpool.Pool {
	pool, err := pgxpool.New(context.Background(), f.DSN)
	if err != nil {
		f.t.Fatal(err)
	}
	return pool
}

// A Server is the same database for all tests.
type Server struct {
	t   testing.TB
	DSN string
}

func NewServer(t testing.TB, dsn string) *Server { return &Server{t: t, DSN: dsn} }

func (s *Server) Open() *pgxpool.Pool {
	pool, err := pgxpool.New(context.Background(), s.DSN) // want `pgxpool\.New opens a pool for TestServer`
	if err != nil {
		s.t.Fatal(err)
	}
	return pool
}
