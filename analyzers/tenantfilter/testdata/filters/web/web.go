// Package web knows who asks.
package web

import (
	"net/http"

	"example.test/shop/filters/service"
	"example.test/shop/filters/store"
)

type key struct{}

type claims struct{ TenantID string }

type Handler struct{ service *service.Service }

func (h *Handler) Handed(w http.ResponseWriter, r *http.Request) {
	who := r.Context().Value(key{}).(*claims)
	if _, err := h.service.Handed(r.Context(), store.Filter{TenantID: &who.TenantID}); err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
	}
}
