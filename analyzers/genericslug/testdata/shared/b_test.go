package shared

import (
	"testing"

	"example.test/slugs/pool"
	"example.test/slugs/store"
)

func TestInvoicesByTenant(t *testing.T) {
	db := pool.Shared(t)
	_, _ = store.Invoices(t.Context(), db, "test-tenant") // want `generic tenantID "test-tenant" is shared by tests in a_test.go and b_test.go; make it unique: "b-" \+ strings.ToLower\(t.Name\(\)\)`
}

// Its tenant is another one by construction.
func TestUniqueTenant(t *testing.T) {
	_, _ = store.Invoices(t.Context(), pool.Shared(t), "test-"+t.Name())
}

// No database is touched.
func TestSlugFormat(t *testing.T) {
	tenant := store.Tenant{Slug: "acme"}
	if tenant.Slug == "" {
		t.Fatal("empty")
	}
}
