package suite

import (
	"database/sql"
	"os"
	"testing"

	_ "github.com/lib/pq"
	"github.com/stretchr/testify/suite"
)

type base struct {
	suite.Suite
	shared, db *sql.DB
}

type Suite struct{ base }

func (s *Suite) SetupSuite() {
	var err error
	s.shared, err = sql.Open("postgres", os.Getenv("DSN"))
	s.Require().NoError(err)
}

func (s *Suite) SetupTest() {
	var err error
	s.db, err = sql.Open("postgres", os.Getenv("DSN")) // want `sql\.Open opens a pool for each test of Suite;`
	s.Require().NoError(err)
}

func (s *Suite) TearDownTest() { s.db.Close() }

func (s *Suite) TestMethod() {
	s.Run("sub", func() { s.open().Close() })
}

func (s *Suite) open() *sql.DB {
	db, err := sql.Open("postgres", os.Getenv("DSN")) // want `sql\.Open opens a pool for Suite\.TestMethod alone`
	s.Require().NoError(err)
	return db
}

func TestSuite(t *testing.T) { suite.Run(t, new(Suite)) }
