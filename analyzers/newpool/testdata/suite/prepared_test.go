package suite

import (
	"database/sql"
	"os"
	"testing"

	"github.com/stretchr/testify/suite"
)

type PreparedSuite struct{ base }

func (s *PreparedSuite) SetupTest() {
	_, err := s.shared.Exec("CREATE DATABASE test")
	s.Require().NoError(err)
}

func (s *PreparedSuite) TestMethod() {
	db, err := sql.Open("postgres", os.Getenv("TEST_DSN"))
	s.Require().NoError(err)
	s.Require().NoError(db.Close())
}

type derivedSuite struct{ PreparedSuite }

func (s *derivedSuite) TestMethod() {
	db, err := sql.Open("postgres", os.Getenv("TEST_DSN"))
	s.Require().NoError(err)
	s.Require().NoError(db.Close())
}

func TestDerivedSuite(t *testing.T) { suite.Run(t, new(derivedSuite)) }

func TestPreparedSuite(t *testing.T) { suite.Run(t, new(PreparedSuite)) }
