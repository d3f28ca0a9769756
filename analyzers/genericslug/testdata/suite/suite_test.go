package suite

import (
	"context"
	"os"
	"testing"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/suite"

	"example.test/slugs/store"
)

type Suite struct {
	suite.Suite
	db *pgxpool.Pool
}

func (s *Suite) SetupSuite() {
	db, err := pgxpool.New(context.Background(), os.Getenv("TEST_DATABASE_URL"))
	s.Require().NoError(err)
	s.db = db
}

func (s *Suite) TearDownSuite() { s.db.Close() }

func (s *Suite) TestInvoices() {
	_, _ = store.Invoices(context.Background(), s.db, "test") // want `generic tenantID "test" is used on a shared database`
}

func TestSuite(t *testing.T) { suite.Run(t, new(Suite)) }
