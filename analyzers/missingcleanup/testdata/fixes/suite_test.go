package fixes

import (
	"database/sql"
	"testing"

	. "github.com/onsi/ginkgo/v2"
	"github.com/stretchr/testify/suite"
)

type suiteOfFixes struct{ suite.Suite }

func (s *suiteOfFixes) TestIt() {
	db, err := sql.Open("postgres", dsn) // want `is never closed; add s.T\(\).Cleanup\(func\(\) { _ = db.Close\(\) }\)`
	s.Require().NoError(err)
	_ = db.Ping()
}

func TestSuite(t *testing.T) { suite.Run(t, new(suiteOfFixes)) }

var _ = Describe("specs", func() {
	It("works", func() {
		db, err := sql.Open("postgres", dsn) // want `is never closed; add DeferCleanup\(func\(\) { _ = db.Close\(\) }\)`
		if err != nil {
			Fail(err.Error())
		}
		_ = db.Ping()
	})
})
