package service

import "example.test/shop/layers/domain"

type Service struct{ repo domain.Invoices }

func (s *Service) GetByID(id uint64) (*domain.Invoice, error) { return s.repo.FindByID(id) }
func (s *Service) DeleteInvoice(id uint64) error              { return s.repo.Delete(id) }
func (s *Service) Void(id uint64) error                       { return s.repo.Void(id) }

func New(repo domain.Invoices) domain.Billing { return &Service{repo} }
