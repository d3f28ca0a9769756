package revenue_test

import (
	"testing"

	"github.com/poollint/poollint/examples/shop/good/fixture"
	"github.com/poollint/poollint/testpool"
)

func TestMain(m *testing.M) { fixture.Main(m) }

func TestRevenueIsTheTenantsOwn(t *testing.T) {
	t.Parallel()
	s, tenant := fixture.Shop(t)
	fixture.Product(t, s, tenant, "lamp", 2500, 10)
	fixture.Order(t, s, tenant, "ada@customer.example", "lamp", 2)
	other := fixture.Tenant(t, s, testpool.Slug(t))
	fixture.Product(t, s, other, "lamp", 9900, 10)
	fixture.Order(t, s, other, "eve@customer.example", "lamp", 1)

	cents, err := s.Revenue(t.Context(), tenant.ID)
	if err != nil || cents != 5000 {
		t.Errorf("revenue %d, %v; want 5000", cents, err)
	}
}

func TestCancelledOrdersBringNothing(t *testing.T) {
	t.Parallel()
	s, tenant := fixture.Shop(t)
	fixture.Product(t, s, tenant, "lamp", 2500, 10)
	order := fixture.Order(t, s, tenant, "ada@customer.example", "lamp", 2)
	if err := s.CancelOrder(t.Context(), tenant.ID, order); err != nil {
		t.Fatal(err)
	}
	if cents, err := s.Revenue(t.Context(), tenant.ID); err != nil || cents != 0 {
		t.Errorf("revenue %d, %v; want 0", cents, err)
	}
}

func TestBestSellers(t *testing.T) {
	t.Parallel()
	s, tenant := fixture.Shop(t)
	for sku, quantity := range map[string]int32{"lamp": 1, "bulb": 3, "shade": 2} {
		fixture.Product(t, s, tenant, sku, 100, 10)
		fixture.Order(t, s, tenant, "ada@customer.example", sku, quantity)
	}
	best, err := s.BestSellers(t.Context(), tenant.ID, 2)
	if err != nil || len(best) != 2 || best[0].SKU != "bulb" || best[1].SKU != "shade" {
		t.Errorf("best sellers %+v, %v", best, err)
	}
}
