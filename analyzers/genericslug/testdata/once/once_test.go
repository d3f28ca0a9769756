package once

import (
	"testing"

	"example.test/slugs/pool"
	"example.test/slugs/store"
)

func TestOnce(t *testing.T) {
	_, _ = store.CreateTenant(t.Context(), pool.Shared(t), store.Tenant{Slug: "acme"}) // want `generic Slug "acme" is used on a shared database, where the next test may pick it too; make it unique: "once-" \+ strings.ToLower\(t.Name\(\)\)`
}

// A name that says its scenario is nobody else's.
func TestScenario(t *testing.T) {
	_, _ = store.CreateTenant(t.Context(), pool.Shared(t), store.Tenant{Slug: "overdue-invoices"})
}

// Production code's own name for the tenant is not the test's choice.
func TestDefault(t *testing.T) {
	_, _ = store.Invoices(t.Context(), pool.Shared(t), store.DefaultTenant)
}

// A service that may hold a pool and here holds none.
func TestWithoutDatabase(t *testing.T) {
	s := &store.Service{Tenant: store.Tenant{Slug: "acme"}}
	if s.Slug() != "acme" {
		t.Fail()
	}
}
