// Package port declares what it needs, and does not import who implements it.
package port

import (
	"context"

	"example.test/shop/filters/model"
)

type searcher interface {
	Search(ctx context.Context, f model.Search) error
	Export(ctx context.Context, f model.Search) error
}

type Service struct{ store searcher }

type user struct{ TenantID string }

func current(ctx context.Context) *user { return ctx.Value("user").(*user) }

func (s *Service) Find(ctx context.Context, total int) error {
	if err := s.store.Search(ctx, model.Search{TenantID: current(ctx).TenantID, Total: total}); err != nil {
		return err
	}
	return s.store.Export(ctx, model.Search{TenantID: current(ctx).TenantID})
}

func (s *Service) All(ctx context.Context) error { return s.store.Export(ctx, model.Search{}) }
