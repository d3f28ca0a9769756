// Every test opens a pool, and is the tenant "acme".
package catalog_test

import (
	"context"
	"fmt"
	"os"
	"testing"

	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/poollint/poollint/examples/shop/bad/fixture"
	"github.com/poollint/poollint/examples/shop/internal/shop"
	"github.com/poollint/poollint/examples/shop/internal/store"
)

// open empties the catalogue, for a test that wants it to itself.
func open(t *testing.T) *shop.Shop {
	pool, err := pgxpool.New(context.Background(), os.Getenv("DATABASE_URL_TEST"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := pool.Exec(context.Background(), "TRUNCATE products CASCADE"); err != nil {
		t.Fatal(err)
	}
	return shop.New(pool)
}

func TestProductsAreListedInOrder(t *testing.T) {
	s := open(t)
	tenant := fixture.Tenant(t, s, "acme")
	for _, sku := range []string{"shade", "bulb", "cable"} {
		fixture.Product(t, s, tenant, sku, 100, 1)
	}
	products, err := s.ListProducts(context.Background(), tenant.ID)
	if err != nil {
		t.Fatal(err)
	}
	if len(products) != 3 || products[0].Sku != "bulb" || products[2].Sku != "shade" {
		t.Errorf("got %+v", products)
	}
}

func TestProductOfAnotherTenantIsNotFound(t *testing.T) {
	s := open(t)
	tenant, other := fixture.Tenant(t, s, "acme"), fixture.Tenant(t, s, "tenant-2")
	fixture.Product(t, s, other, "lamp", 100, 1)
	if _, err := s.ProductBySKU(context.Background(), store.ProductBySKUParams{TenantID: tenant.ID, Sku: "lamp"}); err == nil {
		t.Error("another tenant's product was found")
	}
}

func TestPrices(t *testing.T) {
	for _, cents := range []int64{0, 1, 99, 100, 12_345, 1_000_000, 5, 7} {
		t.Run(fmt.Sprint(cents), func(t *testing.T) {
			t.Parallel() // and each empties the catalogue of the others
			s := open(t)
			tenant := fixture.Tenant(t, s, "acme")
			if got := fixture.Product(t, s, tenant, "lamp", cents, 1); got.PriceCents != cents {
				t.Errorf("price %d, want %d", got.PriceCents, cents)
			}
		})
	}
}

func TestNegativePriceIsRefused(t *testing.T) {
	s := open(t)
	tenant := fixture.Tenant(t, s, "acme")
	if _, err := s.CreateProduct(context.Background(), store.CreateProductParams{TenantID: tenant.ID, Sku: "lamp", Name: "lamp", PriceCents: -1}); err == nil {
		t.Error("a negative price was taken")
	}
}

// The transaction is left open: its locks stay until the process ends.
func TestStockIsTakenInATransaction(t *testing.T) {
	pool, err := pgxpool.New(context.Background(), os.Getenv("DATABASE_URL_TEST"))
	if err != nil {
		t.Fatal(err)
	}
	defer pool.Close()
	tenant := fixture.Tenant(t, shop.New(pool), "acme")
	tx, err := pool.Begin(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	q := store.New(tx)
	lamp, err := q.CreateProduct(context.Background(), store.CreateProductParams{TenantID: tenant.ID, Sku: "another lamp", Name: "lamp", Stock: 2})
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []int64{1, 1, 0} {
		taken, err := q.TakeStock(context.Background(), store.TakeStockParams{TenantID: tenant.ID, ID: lamp.ID, Quantity: 1})
		if err != nil || taken != want {
			t.Errorf("took %d, %v; want %d", taken, err, want)
		}
	}
	if err := tx.Rollback(context.Background()); err != nil {
		t.Fatal(err)
	}
}
