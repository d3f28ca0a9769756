package ginkgo

import (
	"database/sql"
	"os"
	"testing"

	_ "github.com/lib/pq"
	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
)

func TestGinkgo(t *testing.T) {
	RegisterFailHandler(Fail)
	RunSpecs(t, "ginkgo")
}

var shared, db *sql.DB

var _ = BeforeSuite(func() {
	var err error
	shared, err = sql.Open("postgres", os.Getenv("DSN"))
	Expect(err).NotTo(HaveOccurred())
})

var _ = Describe("a store", func() {
	BeforeEach(func() {
		var err error
		db, err = sql.Open("postgres", os.Getenv("DSN")) // want `sql\.Open opens a pool for each test`
		Expect(err).NotTo(HaveOccurred())
		DeferCleanup(db.Close)
	})

	It("refuses nonsense", func() {
		_, err := sql.Open("nonsense", os.Getenv("DSN"))
		Expect(err).To(HaveOccurred())
	})
})
