// Package store changes rows by id, most of them loaded for their tenant before.
package store

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"example.test/shop/loaded/queries"
)

type Store struct{ q *queries.Queries }

func (s *Store) Delete(ctx context.Context, tenant, id string) error {
	invoice, err := s.q.GetInvoice(ctx, queries.GetInvoiceParams{ID: id, TenantID: tenant})
	switch {
	case errors.Is(err, pgx.ErrNoRows):
		return errors.New("no such invoice")
	case err != nil:
		return fmt.Errorf("get invoice: %w", err)
	}
	return s.q.DeleteInvoice(ctx, invoice.ID)
}

// load is a method between the caller and the query.
func (s *Store) load(ctx context.Context, tenant, id string) (*queries.Invoice, error) {
	if id == "" {
		return nil, errors.New("no id")
	}
	invoice, err := s.q.GetInvoice(ctx, queries.GetInvoiceParams{ID: id, TenantID: tenant})
	if err != nil {
		return nil, err
	}
	return &invoice, nil
}

type request struct{ Tenant, ID string }

func (r *request) GetID() string { return r.ID }

func (s *Store) SetTotal(ctx context.Context, req *request) error {
	if _, err := s.load(ctx, req.Tenant, req.GetID()); err != nil {
		return err
	}
	arg := queries.SetTotalParams{Total: 1}
	arg.ID = req.GetID()
	return s.q.SetTotal(ctx, arg)
}

func (s *Store) ClearCustomer(ctx context.Context, tenant, customer string) error {
	return s.inTx(func(q *queries.Queries) error {
		if _, err := q.GetCustomer(ctx, customer, tenant); err != nil {
			return err
		}
		return q.ClearCustomer(ctx, customer)
	})
}

func (s *Store) inTx(f func(*queries.Queries) error) error { return f(s.q) }

func (s *Store) Archive(ctx context.Context, tenant, id string) error {
	if _, err := s.load(ctx, tenant, id); err != nil {
		return err
	}
	return s.q.Archive(ctx, id)
}

func (s *Store) Purge(ctx context.Context, id string) error { return s.q.Archive(ctx, id) }

// Touch hands the id on: its callers load the row.
func (s *Store) Touch(ctx context.Context, id string) error { return s.q.Touch(ctx, id) }

// Load returns what it loads.
func (s *Store) Load(ctx context.Context, tenant, id string) (queries.Invoice, error) {
	return s.q.GetInvoice(ctx, queries.GetInvoiceParams{ID: id, TenantID: tenant})
}

// Void loads a row by its id alone.
func (s *Store) Void(ctx context.Context, id string) error {
	if _, err := s.q.GetAnyInvoice(ctx, id); err != nil {
		return err
	}
	return s.q.Void(ctx, id)
}
