// Package models holds structs that object mappers know.
package models

import "github.com/uptrace/bun"

type User struct {
	ID       int64 `gorm:"primaryKey"`
	TenantID int64
	Name     string
	APIKey   string
	Orders   []Order `gorm:"foreignKey:UserID"`
}

type Order struct {
	ID       int64
	TenantID int64
	UserID   int64
}

func (Order) TableName() string { return "app_orders" }

type Invoice struct {
	bun.BaseModel `bun:"table:invoices,alias:i"`

	ID    string `bun:"id,pk"`
	OrgID string
	Total int   `bun:"sum"`
	User  *User `bun:"rel:belongs-to"`
}
