package ginkgo

import (
	"database/sql"
	"os"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
)

var _ = Describe("a database for each spec", func() {
	BeforeEach(func() {
		_, err := shared.Exec("CREATE DATABASE spec")
		Expect(err).NotTo(HaveOccurred())
		DeferCleanup(func() {
			_, _ = shared.Exec("DROP DATABASE spec")
		})
	})

	Describe("with a pool", func() {
		BeforeEach(func() {
			var err error
			db, err = sql.Open("postgres", os.Getenv("SPEC_DSN"))
			Expect(err).NotTo(HaveOccurred())
			DeferCleanup(db.Close)
		})
	})

	It("opens another", func() {
		other, err := sql.Open("postgres", os.Getenv("SPEC_DSN"))
		Expect(err).NotTo(HaveOccurred())
		Expect(other.Close()).To(Succeed())
	})
})

var _ = It("stands beside them", func() {
	other, err := sql.Open("postgres", os.Getenv("SPEC_DSN")) // want `sql\.Open opens a pool for "stands beside them" alone`
	Expect(err).NotTo(HaveOccurred())
	Expect(other.Close()).To(Succeed())
})
