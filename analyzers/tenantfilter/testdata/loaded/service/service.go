// Package service calls the store.
package service

import (
	"context"

	"example.test/shop/loaded/store"
)

type Service struct{ store *store.Store }

func (s *Service) Touch(ctx context.Context, tenant, id string) error {
	invoice, err := s.store.Load(ctx, tenant, id)
	if err != nil {
		return err
	}
	return s.store.Touch(ctx, invoice.ID)
}
