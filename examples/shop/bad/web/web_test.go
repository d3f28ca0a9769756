// Every request of every test goes through a pool and a server of its own.
package web_test

import (
	"context"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/poollint/poollint/examples/shop/bad/fixture"
	"github.com/poollint/poollint/examples/shop/internal/web"
)

// The deferred Close never runs: os.Exit does not wait for it.
func TestMain(m *testing.M) {
	pool, err := pgxpool.New(context.Background(), os.Getenv("DATABASE_URL_TEST"))
	if err != nil {
		log.Fatal(err)
	}
	defer pool.Close()
	if err := pool.Ping(context.Background()); err != nil {
		log.Fatal(err)
	}
	os.Exit(m.Run())
}

func TestRoutes(t *testing.T) {
	for _, test := range []struct {
		name, slug, method, path, body string
		status                         int
		want                           string
	}{
		{"list products", "web-1", "GET", "/products", "", 200, `"Sku":"lamp"`},
		{"create a product", "web-2", "POST", "/products", `{"Sku":"bulb","Name":"Bulb","PriceCents":300,"Stock":1}`, 200, `"Sku":"bulb"`},
		{"place an order", "web-3", "POST", "/orders", `{"email":"ada@customer.example","name":"Ada","items":[{"sku":"lamp","quantity":1}]}`, 200, `"order":`},
		{"out of stock", "web-4", "POST", "/orders", `{"email":"ada@customer.example","name":"Ada","items":[{"sku":"lamp","quantity":99}]}`, 409, "out of stock: lamp"},
		{"empty basket", "web-5", "POST", "/orders", `{"email":"ada@customer.example"}`, 400, "the basket is empty"},
		{"malformed basket", "web-6", "POST", "/orders", `{`, 400, "cannot be read"},
		{"search", "web-7", "GET", "/orders?state=open&min_cents=1", "", 200, `"total_cents":5000`},
		{"search by no state", "web-8", "GET", "/orders?state=lost", "", 400, "no such state"},
		{"cancel no order", "web-9", "POST", "/orders/0/cancel", "", 404, "no such open order"},
		{"revenue", "web-10", "GET", "/revenue", "", 200, `"cents":5000`},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := fixture.Shop(t)
			tenant := fixture.Tenant(t, s, test.slug)
			fixture.Product(t, s, tenant, "lamp", 2500, 10)
			fixture.Order(t, s, tenant, "ada@customer.example", "lamp", 2)
			status, body := request(t, web.Handler(s), tenant.Slug, test.method, test.path, test.body)
			if status != test.status || !strings.Contains(body, test.want) {
				t.Errorf("%d %s, want %d %s", status, body, test.status, test.want)
			}
		})
	}
}

func TestUnknownTenant(t *testing.T) {
	s := fixture.Shop(t)
	if status, body := request(t, web.Handler(s), "nobody", "GET", "/products", ""); status != http.StatusNotFound {
		t.Errorf("%d %s", status, body)
	}
}

// request sends a request to a tenant's host over the network.
func request(t *testing.T, handler http.Handler, slug, method, path, body string) (int, string) {
	t.Helper()
	server := httptest.NewServer(handler)
	defer server.Close()
	r, err := http.NewRequest(method, server.URL+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Host = slug + ".shop.example"
	response, err := server.Client().Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, string(text)
}
