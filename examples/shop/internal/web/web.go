// Package web serves the shop over HTTP. The first label of the host name is the
// tenant's slug: lamps.shop.example is the tenant "lamps".
package web

import (
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"strconv"
	"strings"

	"github.com/poollint/poollint/examples/shop/internal/shop"
	"github.com/poollint/poollint/examples/shop/internal/store"
)

// Handler returns the service's routes.
func Handler(s *shop.Shop) http.Handler {
	mux := http.NewServeMux()
	for pattern, serve := range map[string]func(*shop.Shop, *http.Request, store.Tenant) (any, error){
		"GET /products":            listProducts,
		"POST /products":           createProduct,
		"GET /orders":              searchOrders,
		"POST /orders":             placeOrder,
		"POST /orders/{id}/cancel": cancelOrder,
		"GET /revenue":             revenue,
	} {
		mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
			slug, _, _ := strings.Cut(r.Host, ".")
			tenant, err := s.Tenant(r.Context(), slug)
			var body any
			if err == nil {
				body, err = serve(s, r, tenant)
			}
			respond(w, body, err)
		})
	}
	return mux
}

func listProducts(s *shop.Shop, r *http.Request, tenant store.Tenant) (any, error) {
	return s.ListProducts(r.Context(), tenant.ID)
}

func createProduct(s *shop.Shop, r *http.Request, tenant store.Tenant) (any, error) {
	var product store.CreateProductParams
	if err := decode(r, &product); err != nil {
		return nil, err
	}
	product.TenantID = tenant.ID
	return s.CreateProduct(r.Context(), product)
}

func searchOrders(s *shop.Shop, r *http.Request, tenant store.Tenant) (any, error) {
	query := r.URL.Query()
	search := shop.Search{State: query.Get("state"), Email: query.Get("email")}
	if text := query.Get("min_cents"); text != "" {
		var err error
		if search.MinCents, err = strconv.ParseInt(text, 10, 64); err != nil {
			return nil, errBadRequest
		}
	}
	return s.SearchOrders(r.Context(), tenant.ID, search)
}

func placeOrder(s *shop.Shop, r *http.Request, tenant store.Tenant) (any, error) {
	var basket shop.Basket
	if err := decode(r, &basket); err != nil {
		return nil, err
	}
	order, err := s.PlaceOrder(r.Context(), tenant.ID, basket)
	return map[string]int64{"order": order}, err
}

func cancelOrder(s *shop.Shop, r *http.Request, tenant store.Tenant) (any, error) {
	order, err := strconv.ParseInt(r.PathValue("id"), 10, 64)
	if err != nil {
		return nil, errBadRequest
	}
	return struct{}{}, s.CancelOrder(r.Context(), tenant.ID, order)
}

func revenue(s *shop.Shop, r *http.Request, tenant store.Tenant) (any, error) {
	cents, err := s.Revenue(r.Context(), tenant.ID)
	if err != nil {
		return nil, err
	}
	best, err := s.BestSellers(r.Context(), tenant.ID, 10)
	return map[string]any{"cents": cents, "best_sellers": best}, err
}

var errBadRequest = errors.New("the request cannot be read")

// statuses are what errors of the service are to a client.
var statuses = []struct {
	err    error
	status int
}{
	{errBadRequest, http.StatusBadRequest},
	{shop.ErrEmptyBasket, http.StatusBadRequest},
	{shop.ErrInvalidState, http.StatusBadRequest},
	{shop.ErrNoTenant, http.StatusNotFound},
	{shop.ErrNoProduct, http.StatusNotFound},
	{shop.ErrNoOrder, http.StatusNotFound},
	{shop.ErrOutOfStock, http.StatusConflict},
}

func decode(r *http.Request, into any) error {
	decoder := json.NewDecoder(r.Body)
	decoder.DisallowUnknownFields()
	if decoder.Decode(into) != nil {
		return errBadRequest
	}
	return nil
}

func respond(w http.ResponseWriter, body any, err error) {
	status, message := http.StatusOK, ""
	if err != nil {
		status, message = http.StatusInternalServerError, "something went wrong"
		for _, known := range statuses {
			if errors.Is(err, known.err) {
				status, message = known.status, err.Error()
			}
		}
		body = map[string]string{"error": message}
	}
	if status == http.StatusInternalServerError {
		slog.Error("request failed", "error", err)
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	if err := json.NewEncoder(w).Encode(body); err != nil {
		slog.Error("response not written", "error", err)
	}
}
