package repository

import (
	"errors"

	"gorm.io/gorm"

	"example.test/shop/layers/domain"
)

type Repo struct{ db *gorm.DB }

func New(db *gorm.DB) domain.Invoices { return &Repo{db} }

func (r *Repo) FindByID(id uint64) (*domain.Invoice, error) {
	var inv domain.Invoice
	err := r.db.First(&inv, id).Error // want "is not limited to a tenant"
	if err != nil {
		if errors.Is(err, gorm.ErrRecordNotFound) {
			return nil, nil
		}
		return nil, err
	}
	return &inv, nil
}

func (r *Repo) Delete(id uint64) error {
	return r.db.Delete(&domain.Invoice{}, id).Error // want info:`delete on "invoices" is limited by the earlier query GetByID alone`
}

func (r *Repo) Void(id uint64) error {
	return r.db.Model(&domain.Invoice{}).Where("id = ?", id).Update("total", 0).Error // want `update on "invoices" is not limited to a tenant`
}
