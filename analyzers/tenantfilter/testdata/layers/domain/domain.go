// Package domain has the interfaces of all layers.
package domain

type Invoice struct {
	ID       uint64
	TenantID uint64
	Number   string
}

type Invoices interface {
	FindByID(id uint64) (*Invoice, error)
	Delete(id uint64) error
	Void(id uint64) error
}

type Billing interface {
	GetByID(id uint64) (*Invoice, error)
	DeleteInvoice(id uint64) error
	Void(id uint64) error
}
