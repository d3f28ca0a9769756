// Package service saves rows through a generic repository.
package service

import (
	"errors"

	"gorm.io/gorm"

	"example.test/shop/based/repo"
)

var errNone = errors.New("none")

type service struct {
	db       *gorm.DB
	invoices repo.Invoices
}

func (s *service) Create(tenantID, number string) error {
	return s.db.Transaction(func(tx *gorm.DB) error {
		row := &repo.Invoice{TenantID: tenantID, Number: number}
		_, err := s.invoices.WithTx(tx).Put(row)
		return err
	})
}

func (s *service) Rename(id string, tenantID int64, number string) error {
	return s.db.Transaction(func(tx *gorm.DB) error {
		invoices := s.invoices.WithTx(tx)
		row, err := invoices.Find(id, tenantID)
		if err != nil {
			return err
		}
		if row == nil {
			return errNone
		}
		row.Number = number
		_, err = invoices.Put(row) // want info:"limited by the earlier query Find alone"
		return err
	})
}

func (s *service) load(tenantID int64) (*repo.Invoice, error) {
	row, err := s.invoices.First(tenantID)
	if err != nil {
		return nil, err
	}
	if row != nil {
		return row, nil
	}
	row = &repo.Invoice{TenantID: "1"}
	made, err := s.invoices.Add(row)
	if err != nil {
		return nil, errNone
	}
	return made, nil
}

func (s *service) RenameFirst(tenantID int64, number string) error {
	row, err := s.load(tenantID)
	if err != nil {
		return err
	}
	row.Number = number
	_, err = s.invoices.Put(row) // want info:"limited by the earlier query"
	return err
}

func (s *service) RenameAny(id, number string) error {
	row, err := s.invoices.Get(id) // want "is not limited to a tenant"
	if err != nil {
		return err
	}
	row.Number = number
	_, err = s.invoices.Put(row) // want `update on "invoices" is not limited to a tenant: DB.Save takes no condition`
	return err
}
