// Parallel tests multiply pools: each subtest has one, and each pool as many connections as it can use.
package orders_test

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/poollint/poollint/examples/shop/bad/fixture"
	"github.com/poollint/poollint/examples/shop/internal/shop"
	"github.com/poollint/poollint/examples/shop/internal/store"
)

func TestPlaceOrder(t *testing.T) {
	for _, test := range []struct {
		name, slug string
		items      []shop.Item
		want       int64
		err        error
	}{
		{"one lamp", "tenant-1", []shop.Item{{SKU: "lamp", Quantity: 1}}, 2500, nil},
		{"three lamps", "tenant-3", []shop.Item{{SKU: "lamp", Quantity: 3}}, 7500, nil},
		{"lamp and bulb", "tenant-4", []shop.Item{{SKU: "lamp", Quantity: 1}, {SKU: "bulb", Quantity: 2}}, 3100, nil},
		{"nothing", "tenant-5", nil, 0, shop.ErrEmptyBasket},
		{"unknown product", "tenant-6", []shop.Item{{SKU: "sofa", Quantity: 1}}, 0, shop.ErrNoProduct},
		{"too many", "tenant-7", []shop.Item{{SKU: "lamp", Quantity: 11}}, 0, shop.ErrOutOfStock},
		{"one of two out of stock", "tenant-8", []shop.Item{{SKU: "bulb", Quantity: 1}, {SKU: "lamp", Quantity: 11}}, 0, shop.ErrOutOfStock},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			s := fixture.Shop(t)
			tenant := fixture.Tenant(t, s, test.slug)
			fixture.Product(t, s, tenant, "lamp", 2500, 10)
			fixture.Product(t, s, tenant, "bulb", 300, 10)
			order, err := s.PlaceOrder(context.Background(), tenant.ID, shop.Basket{Email: "ada@customer.example", Name: "Ada", Items: test.items})
			if !errors.Is(err, test.err) {
				t.Fatalf("got %v, want %v", err, test.err)
			}
			total, err := s.OrderTotal(context.Background(), store.OrderTotalParams{TenantID: tenant.ID, OrderID: order})
			if err != nil || total != test.want {
				t.Errorf("total %d, %v; want %d", total, err, test.want)
			}
		})
	}
}

// Ten customers want the last lamp at once: one gets it. The pool opens what it may.
func TestTheLastLampIsSoldOnce(t *testing.T) {
	for range 4 {
		s, closePool := fixture.ShopAndClose(t)
		defer closePool() // in a loop: all four stay open until the test ends
		tenant := fixture.Tenant(t, s, "acme")
		if _, err := s.ProductBySKU(context.Background(), store.ProductBySKUParams{TenantID: tenant.ID, Sku: "lamp"}); err != nil {
			fixture.Product(t, s, tenant, "lamp", 2500, 1)
		}
		var sold atomic.Int32
		var customers sync.WaitGroup
		for range 10 {
			customers.Go(func() {
				_, err := s.PlaceOrder(context.Background(), tenant.ID, shop.Basket{Email: "ada@customer.example", Name: "Ada", Items: []shop.Item{{SKU: "lamp", Quantity: 1}}})
				switch {
				case err == nil:
					sold.Add(1)
				case !errors.Is(err, shop.ErrOutOfStock):
					t.Error(err)
				}
			})
		}
		customers.Wait()
		if sold.Load() > 1 {
			t.Errorf("the last lamp was sold %d times", sold.Load())
		}
	}
}

func TestCancelOrder(t *testing.T) {
	s, _ := fixture.ShopAndClose(t)
	tenant, other := fixture.Tenant(t, s, "tenant-9"), fixture.Tenant(t, s, "tenant-2")
	fixture.Product(t, s, tenant, "lamp", 2500, 5)
	order := fixture.Order(t, s, tenant, "ada@customer.example", "lamp", 1)
	if err := s.CancelOrder(context.Background(), other.ID, order); !errors.Is(err, shop.ErrNoOrder) {
		t.Errorf("another tenant's cancellation: %v", err)
	}
	if err := s.CancelOrder(context.Background(), tenant.ID, order); err != nil {
		t.Error(err)
	}
	if err := s.CancelOrder(context.Background(), tenant.ID, order); !errors.Is(err, shop.ErrNoOrder) {
		t.Errorf("a second cancellation: %v", err)
	}
}

// The deferred Close runs before the parallel subtests do, and the cleanup after it.
func TestSearchOrders(t *testing.T) {
	s, closePool := fixture.ShopAndClose(t)
	defer closePool()
	tenant := fixture.Tenant(t, s, "search-tenant")
	t.Cleanup(func() { s.DeleteTenant(t.Context(), tenant.ID) })
	fixture.Product(t, s, tenant, "lamp", 2500, 100)
	fixture.Order(t, s, tenant, "ada@customer.example", "lamp", 1)
	fixture.Order(t, s, tenant, "ada@customer.example", "lamp", 4)
	cancelled := fixture.Order(t, s, tenant, "bob@customer.example", "lamp", 2)
	if err := s.CancelOrder(context.Background(), tenant.ID, cancelled); err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct {
		search shop.Search
		want   int
	}{
		"all":       {shop.Search{}, 3},
		"open":      {shop.Search{State: "open"}, 2},
		"cancelled": {shop.Search{State: "cancelled"}, 1},
		"of Ada":    {shop.Search{Email: "ada@customer.example"}, 2},
		"large":     {shop.Search{MinCents: 5000}, 2},
		"none":      {shop.Search{State: "paid", Email: "bob@customer.example", MinCents: 1}, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			found, err := s.SearchOrders(context.Background(), tenant.ID, test.search)
			if err != nil || len(found) != test.want {
				t.Errorf("found %+v, %v; want %d", found, err, test.want)
			}
		})
	}
}
