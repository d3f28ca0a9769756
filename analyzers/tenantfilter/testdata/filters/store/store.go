// Package store has queries that are limited to a tenant if their callers give one.
package store

import (
	"context"

	"gorm.io/gorm"
)

type Invoice struct {
	ID       string `gorm:"primaryKey"`
	TenantID string
	Number   string
}

type Filter struct {
	TenantID *string
	Number   string
}

// Invoices is known to other packages as an interface.
type Invoices interface {
	List(ctx context.Context, f Filter) ([]Invoice, error)
	Some(ctx context.Context, f Filter) ([]Invoice, error)
	Handed(ctx context.Context, f Filter) ([]Invoice, error)
}

type invoices struct{ db *gorm.DB }

func New(db *gorm.DB) Invoices { return &invoices{db} }

// List is given the tenant by all.
func (i *invoices) List(ctx context.Context, f Filter) (rows []Invoice, err error) {
	q := i.db.WithContext(ctx).Model(&Invoice{}) // want info:`query on "invoices" is limited to a tenant only if its caller gives one, as all do: add "tenant_id = \?" on every path \(unrestricted\)`
	if f.Number != "" {
		q = q.Where("number = ?", f.Number)
	}
	if f.TenantID != nil {
		q = q.Where("tenant_id = ?", *f.TenantID)
	}
	return rows, q.Find(&rows).Error
}

// Some is given none by one.
func (i *invoices) Some(ctx context.Context, f Filter) (rows []Invoice, err error) {
	q := i.db.WithContext(ctx).Model(&Invoice{}) // want `query on "invoices" is limited to a tenant only if its caller gives one, and Newest does not: add "tenant_id = \?" on every path \(unrestricted\)`
	if f.TenantID != nil {
		q = q.Where("tenant_id = ?", *f.TenantID)
	}
	return rows, q.Find(&rows).Error
}

// Handed is given what the callers of callers give; a helper adds the tenant.
func (i *invoices) Handed(ctx context.Context, f Filter) (rows []Invoice, err error) {
	q := filtered(i.db.WithContext(ctx).Model(&Invoice{}), f) // want info:`is limited to a tenant only if its caller gives one, as all do`
	return rows, q.Find(&rows).Error
}

func filtered(q *gorm.DB, f Filter) *gorm.DB {
	if f.TenantID == nil {
		return q
	}
	return q.Where("tenant_id = ?", *f.TenantID)
}

// Uncalled is asked by nobody in the module.
func Uncalled(db *gorm.DB, f Filter) (rows []Invoice, err error) {
	q := db.Model(&Invoice{}) // want `is limited to a tenant only on a condition`
	if f.TenantID != nil {
		q = q.Where("tenant_id = ?", *f.TenantID)
	}
	return rows, q.Find(&rows).Error
}
