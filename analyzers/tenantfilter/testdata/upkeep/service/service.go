// Package service has a timer and a handler.
package service

import (
	"context"
	"database/sql"
	"net/http"
	"time"

	"example.test/shop/upkeep/store"
)

type rows interface {
	ByInterface(ctx context.Context) (*sql.Rows, error)
	BySome(ctx context.Context) (*sql.Rows, error)
}

type Service struct {
	store *store.Store
	rows  rows
}

func (s *Service) Run(ctx context.Context) {
	tick := time.NewTicker(time.Minute)
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			s.remind(ctx)
		}
	}
}

func (s *Service) remind(ctx context.Context) {
	for range time.Tick(time.Hour) {
		s.store.Overdue(ctx)
		s.store.Close(ctx, "")
		s.store.All(ctx)
		s.store.Forgets(ctx, "")
		s.store.Wrong(ctx)
		s.rows.ByInterface(ctx)
		s.rows.BySome(ctx)
	}
}

func (s *Service) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.store.All(r.Context())
	s.some(r.Context())
}

func (s *Service) some(ctx context.Context) { s.rows.BySome(ctx) }
