package fixes

import (
	"testing"

	"example.test/slugs/pool"
	"example.test/slugs/store"
)

// Every occurrence in the test changes with it.
func TestFix(t *testing.T) {
	db := pool.Shared(t)
	created, _ := store.CreateTenant(t.Context(), db, store.Tenant{Slug: "acme"}) // want `generic Slug "acme"`
	if created.Slug != "acme" {
		t.Fatal(created.Slug)
	}
}

// A constant cannot hold the name of a test, so that there is no fix.
func TestConstant(t *testing.T) {
	const slug = "demo" // want `generic slug "demo"`
	_, _ = store.Invoices(t.Context(), pool.Shared(t), slug)
}

// Two names stay two.
func TestTwo(t *testing.T) {
	_, _ = store.CreateTenant(t.Context(), pool.Shared(t), store.Tenant{Slug: "foo"}) // want `generic Slug "foo"`
	_, _ = store.CreateTenant(t.Context(), pool.Shared(t), store.Tenant{Slug: "bar"}) // want `generic Slug "bar"`
}
