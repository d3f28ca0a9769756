package web_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/poollint/poollint/examples/shop/good/fixture"
	"github.com/poollint/poollint/examples/shop/internal/web"
	"github.com/poollint/poollint/testpool"
)

func TestMain(m *testing.M) { fixture.Main(m) }

func TestRoutes(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, method, path, body string
		status                   int
		want                     string
	}{
		{"list products", "GET", "/products", "", 200, `"Sku":"lamp"`},
		{"create a product", "POST", "/products", `{"Sku":"bulb","Name":"Bulb","PriceCents":300,"Stock":1}`, 200, `"Sku":"bulb"`},
		{"place an order", "POST", "/orders", `{"email":"ada@customer.example","name":"Ada","items":[{"sku":"lamp","quantity":1}]}`, 200, `"order":`},
		{"out of stock", "POST", "/orders", `{"email":"ada@customer.example","name":"Ada","items":[{"sku":"lamp","quantity":99}]}`, 409, "out of stock: lamp"},
		{"empty basket", "POST", "/orders", `{"email":"ada@customer.example"}`, 400, "the basket is empty"},
		{"malformed basket", "POST", "/orders", `{`, 400, "cannot be read"},
		{"search", "GET", "/orders?state=open&min_cents=1", "", 200, `"total_cents":5000`},
		{"search by no state", "GET", "/orders?state=lost", "", 400, "no such state"},
		{"cancel no order", "POST", "/orders/0/cancel", "", 404, "no such open order"},
		{"revenue", "GET", "/revenue", "", 200, `"cents":5000`},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			s, tenant := fixture.Shop(t)
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
	t.Parallel()
	s, _ := fixture.Shop(t)
	if status, body := request(t, web.Handler(s), testpool.Slug(t), "GET", "/products", ""); status != http.StatusNotFound {
		t.Errorf("%d %s", status, body)
	}
}

// request sends a request to a tenant's host over the network.
func request(t *testing.T, handler http.Handler, slug, method, path, body string) (int, string) {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	r, err := http.NewRequestWithContext(t.Context(), method, server.URL+path, strings.NewReader(body))
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
