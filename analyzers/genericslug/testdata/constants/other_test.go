package constants

import (
	"testing"

	"example.test/slugs/pool"
	"example.test/slugs/store"
)

func TestConstantToo(t *testing.T) {
	_, _ = store.Invoices(t.Context(), pool.Shared(t), testTenant)
}
