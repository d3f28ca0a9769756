// Package suitetest holds a suite that tests of other packages embed.
package suitetest

import (
	"database/sql"
	"os"

	_ "github.com/lib/pq"
	"github.com/stretchr/testify/suite"
)

type Suite struct {
	suite.Suite
	DB *sql.DB
}

func (s *Suite) SetupTest() {
	s.DB = s.open()
}

func (s *Suite) open() *sql.DB {
	db, err := sql.Open("postgres", os.Getenv("DSN")) // want `sql\.Open opens a pool for each test of Suite;`
	s.Require().NoError(err)
	return db
}
