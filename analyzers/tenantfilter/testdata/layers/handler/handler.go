package handler

import (
	"net/http"
	"strconv"

	"example.test/shop/layers/domain"
)

type Handler struct{ s domain.Billing }

func (h *Handler) Delete(w http.ResponseWriter, r *http.Request) {
	id, err := strconv.ParseUint(r.PathValue("id"), 10, 64)
	if err != nil {
		return
	}
	inv, err := h.s.GetByID(id)
	if err != nil {
		return
	}
	if inv == nil {
		return
	}
	tenant, ok := r.Context().Value("tenant").(uint64)
	if !ok {
		return
	}
	if inv.TenantID != tenant {
		return
	}
	if err := h.s.DeleteInvoice(id); err != nil {
		return
	}
}

func (h *Handler) Void(w http.ResponseWriter, r *http.Request) {
	id, err := strconv.ParseUint(r.PathValue("id"), 10, 64)
	if err != nil {
		return
	}
	h.s.Void(id)
}

func New(s domain.Billing) *Handler { return &Handler{s} }
