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

// Rows of a table stay apart.
func TestTable(t *testing.T) {
	for _, test := range []struct{ slug string }{
		{"tenant-1"}, // want `generic slug "tenant-1"`
		{"tenant-2"}, // want `generic slug "tenant-2"`
	} {
		_, _ = store.Invoices(t.Context(), pool.Shared(t), test.slug)
	}
}

// What a subtest is called has a slash.
func TestSubtest(t *testing.T) {
	t.Run("sub", func(t *testing.T) {
		_, _ = store.CreateTenant(t.Context(), pool.Shared(t), store.Tenant{Slug: "default"}) // want `make it unique: "fixes-" \+ strings.ToLower\(strings.NewReplacer\("/", "-", "_", "-"\).Replace\(t.Name\(\)\)\)`
	})
}
