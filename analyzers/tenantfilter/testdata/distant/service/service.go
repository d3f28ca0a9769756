// Package service declares what it needs of the store, and does not import it.
package service

import (
	"context"
	"database/sql"
)

type invoices interface {
	Load(ctx context.Context, tenantID, id string) (string, error)
	Touch(ctx context.Context, id string) error
	Close(ctx context.Context, id string) error
	Alone(ctx context.Context, id string) error
}

type Service struct {
	invoices invoices
	db       *sql.DB
}

func (s *Service) Touch(ctx context.Context, tenantID, id string) error {
	if _, err := s.invoices.Load(ctx, tenantID, id); err != nil {
		return err
	}
	if err := s.invoices.Close(ctx, id); err != nil {
		return err
	}
	return s.invoices.Touch(ctx, id)
}

func (s *Service) Close(ctx context.Context, id string) error { return s.invoices.Close(ctx, id) }
