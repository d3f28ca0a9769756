// Package suite holds handles in the fields of suites.
package suite

import (
	"context"
	"database/sql"
	"os"
	"testing"

	"github.com/jackc/pgx/v5/pgxpool"
	_ "github.com/lib/pq"
	"github.com/stretchr/testify/suite"
)

var dsn = os.Getenv("TEST_DATABASE_URL")

type closing struct {
	suite.Suite
	pool *pgxpool.Pool
	db   *sql.DB
}

func (s *closing) SetupSuite() {
	var err error
	s.pool, err = pgxpool.New(context.Background(), dsn)
	s.Require().NoError(err)
}

func (s *closing) TearDownSuite() { s.pool.Close() }

func (s *closing) SetupTest() {
	db, err := sql.Open("postgres", dsn)
	s.Require().NoError(err)
	s.db = db
}

func (s *closing) TearDownTest() { s.Require().NoError(s.db.Close()) }

func (s *closing) TestPing() { s.Require().NoError(s.db.Ping()) }

type forgetful struct {
	suite.Suite
	pool *pgxpool.Pool
	db   *sql.DB
}

func (s *forgetful) SetupSuite() {
	var err error
	s.pool, err = pgxpool.New(context.Background(), dsn) // want `the pool of pgxpool.New is never closed; release it in TearDownSuite`
	s.Require().NoError(err)
}

func (s *forgetful) SetupTest() {
	db, err := sql.Open("postgres", dsn) // want `the pool of sql.Open is never closed; release it in TearDownTest`
	s.Require().NoError(err)
	s.db = db
}

func (s *forgetful) TestPing() {
	s.Require().NoError(s.db.Ping())
	s.Require().NoError(s.pool.Ping(context.Background()))
}

func TestSuites(t *testing.T) {
	suite.Run(t, new(closing))
	suite.Run(t, new(forgetful))
}
