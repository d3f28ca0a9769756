// Package port knows no database: others implement what it asks for.
package port

import (
	"context"
	"net/http"
)

type Invoices interface {
	MarkByPort(ctx context.Context, number string) error
	RenameOwn(ctx context.Context, tenant, id string) error
}

type Handler struct{ Invoices Invoices }

func (h *Handler) Mark(_ http.ResponseWriter, r *http.Request) {
	_ = h.Invoices.MarkByPort(r.Context(), r.FormValue("number"))
}

func (h *Handler) Rename(_ http.ResponseWriter, r *http.Request) {
	_ = h.Invoices.RenameOwn(r.Context(), r.Header.Get("Tenant"), r.FormValue("id"))
}
