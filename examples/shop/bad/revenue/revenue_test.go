package revenue_test

import (
	"context"
	"os"
	"testing"

	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/poollint/poollint/examples/shop/bad/fixture"
	"github.com/poollint/poollint/examples/shop/bad/revenue"
	"github.com/poollint/poollint/examples/shop/internal/shop"
)

// setUp is meant to open one pool for all tests: ":=" gives it to a variable of its own.
var shared *pgxpool.Pool

func setUp(t *testing.T) *pgxpool.Pool {
	if shared == nil {
		shared, err := pgxpool.New(context.Background(), os.Getenv("DATABASE_URL_TEST")+"&pool_max_conns=25")
		if err != nil {
			t.Fatal(err)
		}
		return shared
	}
	return shared
}

func TestRevenueIsTheTenantsOwn(t *testing.T) {
	db := setUp(t)
	s := shop.New(db)
	tenant := fixture.Tenant(t, s, "org1")
	fixture.Product(t, s, tenant, "lamp", 2500, 10)
	fixture.Order(t, s, tenant, "ada@customer.example", "lamp", 2)

	cents, err := revenue.Total(context.Background(), db, tenant.ID)
	if err != nil || cents != 5000 {
		t.Errorf("revenue %d, %v; want 5000", cents, err)
	}
}

func TestCancelledOrdersBringNothing(t *testing.T) {
	db := setUp(t)
	s := shop.New(db)
	tenant := fixture.Tenant(t, s, "default")
	fixture.Product(t, s, tenant, "lamp", 2500, 10)
	order := fixture.Order(t, s, tenant, "ada@customer.example", "lamp", 2)
	if err := s.CancelOrder(context.Background(), tenant.ID, order); err != nil {
		t.Fatal(err)
	}
	if cents, err := revenue.Total(context.Background(), db, tenant.ID); err != nil || cents != 0 {
		t.Errorf("revenue %d, %v; want 0", cents, err)
	}
}

func TestBestSeller(t *testing.T) {
	db := setUp(t)
	s := shop.New(db)
	tenant := fixture.Tenant(t, s, "best-sellers")
	for sku, quantity := range map[string]int32{"lamp": 1, "bulb": 3, "shade": 2} {
		fixture.Product(t, s, tenant, sku, 100, 10)
		fixture.Order(t, s, tenant, "ada@customer.example", sku, quantity)
	}
	if best, err := revenue.BestSeller(context.Background(), db); err != nil || best == "" {
		t.Errorf("best seller %q, %v", best, err)
	}
}
