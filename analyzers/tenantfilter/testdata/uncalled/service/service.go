// Package service calls some of the generated queries.
package service

import (
	"context"

	"example.test/shop/uncalled/queries"
)

type Service struct {
	*queries.Queries
	q queries.Querier
}

func (s *Service) Largest(ctx context.Context) (string, error) { return s.q.Largest(ctx) }

func (s *Service) Get(ctx context.Context, number string) (string, error) {
	return s.Embedded(ctx, number)
}

func (s *Service) Getter() func(context.Context, string) (string, error) { return s.Mentioned }
