// Package service gives the tenant, or hands the filter on.
package service

import (
	"context"

	"example.test/shop/filters/store"
)

type Service struct{ invoices store.Invoices }

func (s *Service) List(ctx context.Context, tenantID string) ([]store.Invoice, error) {
	return s.invoices.List(ctx, store.Filter{TenantID: &tenantID})
}

func (s *Service) Numbered(ctx context.Context, tenantID, number string) ([]store.Invoice, error) {
	f := store.Filter{Number: number}
	f.TenantID = &tenantID
	if rows, err := s.invoices.List(ctx, f); err != nil || len(rows) > 0 {
		return rows, err
	}
	return s.invoices.Some(ctx, f)
}

func (s *Service) Newest(ctx context.Context) ([]store.Invoice, error) {
	return s.invoices.Some(ctx, store.Filter{Number: "1"})
}

func (s *Service) Handed(ctx context.Context, f store.Filter) ([]store.Invoice, error) {
	return s.invoices.Handed(ctx, f)
}
