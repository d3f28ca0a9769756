package orders

import (
	"testing"

	"example.test/slugs/pool"
	"example.test/slugs/store"
)

func TestOfOrders(t *testing.T) {
	_, _ = store.CreateTenant(t.Context(), pool.Shared(t), store.Tenant{Slug: "acme"}) // want `generic Slug "acme" is shared by the packages items and orders; make it unique: "orders-"`
}
