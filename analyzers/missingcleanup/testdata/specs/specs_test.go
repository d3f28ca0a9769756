// Package specs holds handles of ginkgo specs.
package specs

import (
	"database/sql"
	"os"
	"testing"

	_ "github.com/lib/pq"
	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
)

func TestSpecs(t *testing.T) {
	RegisterFailHandler(Fail)
	RunSpecs(t, "specs")
}

func open() *sql.DB {
	db, err := sql.Open("postgres", os.Getenv("TEST_DATABASE_URL"))
	Expect(err).NotTo(HaveOccurred())
	DeferCleanup(db.Close)
	return db
}

var _ = Describe("invoices", func() {
	var handles []*sql.DB

	BeforeEach(func() {
		db, err := sql.Open("postgres", os.Getenv("TEST_DATABASE_URL"))
		Expect(err).NotTo(HaveOccurred())
		handles = append(handles, db)
	})

	AfterEach(func() {
		for _, db := range handles {
			db.Close()
		}
	})

	It("are counted", func() {
		Expect(open().Ping()).To(Succeed())
	})
})
