package catalog_test

import (
	"fmt"
	"testing"

	"github.com/poollint/poollint/examples/shop/good/fixture"
	"github.com/poollint/poollint/examples/shop/internal/store"
	"github.com/poollint/poollint/testpool"
)

func TestMain(m *testing.M) { fixture.Main(m) }

func TestProductsAreListedInOrder(t *testing.T) {
	t.Parallel()
	s, tenant := fixture.Shop(t)
	for _, sku := range []string{"shade", "bulb", "cable"} {
		fixture.Product(t, s, tenant, sku, 100, 1)
	}
	products, err := s.ListProducts(t.Context(), tenant.ID)
	if err != nil {
		t.Fatal(err)
	}
	if len(products) != 3 || products[0].Sku != "bulb" || products[2].Sku != "shade" {
		t.Errorf("got %+v", products)
	}
}

func TestProductOfAnotherTenantIsNotFound(t *testing.T) {
	t.Parallel()
	s, tenant := fixture.Shop(t)
	other := fixture.Tenant(t, s, testpool.Slug(t))
	fixture.Product(t, s, other, "lamp", 100, 1)
	if _, err := s.ProductBySKU(t.Context(), store.ProductBySKUParams{TenantID: tenant.ID, Sku: "lamp"}); err == nil {
		t.Error("another tenant's product was found")
	}
}

func TestPrices(t *testing.T) {
	t.Parallel()
	for _, cents := range []int64{0, 1, 99, 100, 12_345, 1_000_000, 5, 7} {
		t.Run(fmt.Sprint(cents), func(t *testing.T) {
			t.Parallel()
			s, tenant := fixture.Shop(t)
			if got := fixture.Product(t, s, tenant, "lamp", cents, 1); got.PriceCents != cents {
				t.Errorf("price %d, want %d", got.PriceCents, cents)
			}
		})
	}
}

func TestNegativePriceIsRefused(t *testing.T) {
	t.Parallel()
	s, tenant := fixture.Shop(t)
	if _, err := s.CreateProduct(t.Context(), store.CreateProductParams{TenantID: tenant.ID, Sku: "lamp", Name: "lamp", PriceCents: -1}); err == nil {
		t.Error("a negative price was taken")
	}
}

// The transaction is rolled back, and with it what the test has done to the stock.
func TestStockIsTakenInATransaction(t *testing.T) {
	t.Parallel()
	_, tenant := fixture.Shop(t)
	q := store.New(testpool.Tx(t))
	lamp, err := q.CreateProduct(t.Context(), store.CreateProductParams{TenantID: tenant.ID, Sku: "lamp", Name: "lamp", Stock: 2})
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []int64{1, 1, 0} {
		taken, err := q.TakeStock(t.Context(), store.TakeStockParams{TenantID: tenant.ID, ID: lamp.ID, Quantity: 1})
		if err != nil || taken != want {
			t.Errorf("took %d, %v; want %d", taken, err, want)
		}
	}
}
