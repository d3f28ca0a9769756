package shared

import (
	"testing"

	"example.test/slugs/pool"
	"example.test/slugs/store"
)

func TestInvoicesOfATenant(t *testing.T) {
	db := pool.Shared(t)
	_, _ = store.CreateTenant(t.Context(), db, store.Tenant{ID: "test-tenant", Plan: "test"}) // want `generic ID "test-tenant" is shared by tests in a_test.go and b_test.go; make it unique: "a-" \+ strings.ToLower\(t.Name\(\)\)`
	_, _ = store.Invoices(t.Context(), db, "the-invoices-of-blue-ocean")
}
