package testpooled

import (
	"testing"

	"github.com/poollint/poollint/testpool"

	"example.test/slugs/store"
)

func TestShared(t *testing.T) {
	_, _ = store.Invoices(t.Context(), testpool.Get(t), "acme") // want `generic tenantID "acme" is used on a shared database, where the next test may pick it too; make it unique: testpool.Slug\(t\)`
}

func TestSlug(t *testing.T) {
	_, _ = store.Invoices(t.Context(), testpool.Get(t), testpool.Slug(t))
}

// One name stays one.
func TestTwice(t *testing.T) {
	_, _ = store.Invoices(t.Context(), testpool.Get(t), "demo") // want `generic tenantID "demo"`
	_, _ = store.Invoices(t.Context(), testpool.Get(t), "demo")
}
