package service

import (
	"context"

	"example.test/shop/uncalled/queries"
)

type number struct{ text string }

func (s *Service) deadMethod(ctx context.Context) (string, error) { return s.DeadMethod(ctx, "1") }

func DeadFunction(ctx context.Context, q *queries.Queries) (string, error) {
	return q.DeadFunction(ctx, "1")
}

func (s *Service) ping(ctx context.Context) (string, error) { return s.pong(ctx) }

func (s *Service) pong(ctx context.Context) (string, error) {
	if s.q == nil {
		return s.ping(ctx)
	}
	return s.DeadCycle(ctx, "1")
}

// ByNumber is given what no interface of another module knows.
func (s *Service) ByNumber(ctx context.Context, n number) (string, error) {
	return s.DeadStruct(ctx, n.text)
}

// Run may be a method of any interface.
func (s *Service) Run(ctx context.Context) (string, error) { return s.LiveMethod(ctx, "1") }

func (s *Service) liveValue(ctx context.Context) (string, error) { return s.LiveValue(ctx, "1") }

func (s *Service) Values() []any { return []any{s.liveValue} }
