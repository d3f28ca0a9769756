// Package repo has repositories on top of a generic one.
package repo

import (
	"errors"

	"gorm.io/gorm"
)

type Invoice struct {
	ID       string
	TenantID string
	Number   string
}

type Base[T any] struct{ db *gorm.DB }

func (b *Base[T]) DB() *gorm.DB { return b.db }

func (b *Base[T]) WithTx(tx *gorm.DB) *Base[T] { return &Base[T]{tx} }

func (b *Base[T]) Put(row *T) (*T, error) {
	if err := b.db.Save(row).Error; err != nil {
		return nil, err
	}
	return row, nil
}

func (b *Base[T]) Add(row *T) (*T, error) {
	if err := b.db.Create(row).Error; err != nil {
		return nil, err
	}
	return row, nil
}

func (b *Base[T]) Get(id any) (*T, error) {
	var row T
	if err := b.db.First(&row, "id = ?", id).Error; err != nil {
		return nil, err
	}
	return &row, nil
}

type Methods[T any] interface {
	Put(row *T) (*T, error)
	Add(row *T) (*T, error)
	Get(id any) (*T, error)
}

type Invoices interface {
	Methods[Invoice]
	WithTx(tx *gorm.DB) Invoices
	Find(id string, tenantID int64) (*Invoice, error)
	First(tenantID int64) (*Invoice, error)
}

type invoices struct{ *Base[Invoice] }

func New(db *gorm.DB) Invoices { return &invoices{&Base[Invoice]{db}} }

func (i *invoices) WithTx(tx *gorm.DB) Invoices { return &invoices{i.Base.WithTx(tx)} }

func (i *invoices) Find(id string, tenantID int64) (*Invoice, error) {
	var inv Invoice
	err := i.DB().Where("id = ? AND tenant_id = ?", id, tenantID).First(&inv).Error
	if err != nil {
		if errors.Is(err, gorm.ErrRecordNotFound) {
			return nil, nil
		}
		return nil, err
	}
	return &inv, nil
}

func (i *invoices) First(tenantID int64) (*Invoice, error) {
	var inv Invoice
	err := i.DB().Where("tenant_id = ?", tenantID).First(&inv).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return &inv, nil
}
