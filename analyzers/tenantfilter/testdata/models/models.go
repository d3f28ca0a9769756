// Package models has tables that no DDL knows.
package models

import (
	"context"

	"github.com/uptrace/bun"
	"gorm.io/gorm"
)

type Ticket struct {
	bun.BaseModel `bun:"table:tickets"`

	ID       string `bun:"id,pk"`
	TenantID string `bun:"tenant_id"`
	Title    string `bun:"title"`
}

type Note struct {
	ID       string `gorm:"primaryKey"`
	TenantID string `gorm:"column:tenant_id"`
	Text     string
}

func tickets(ctx context.Context, db *bun.DB, tenant, id string) {
	var list []Ticket
	db.NewSelect().Model(&list).Where("tenant_id = ?", tenant).Scan(ctx)
	db.NewSelect().Model(&list).Where("title = ?", "x").Scan(ctx)             // want `query on "tickets" is not limited to a tenant`
	db.NewDelete().Model((*Ticket)(nil)).Where("id = ?", id).Exec(ctx)        // want `delete on "tickets" is not limited to a tenant: .* \(by-id\)`
	db.NewUpdate().Model(&Ticket{ID: id}).Column("title").WherePK().Exec(ctx) // want `update on "tickets" is not limited to a tenant: .* \(by-id\)`
}

func notes(db *gorm.DB, tenant, id string) {
	var n Note
	db.Where("tenant_id = ? AND id = ?", tenant, id).First(&n)
	db.First(&n, "id = ?", id) // want `query on "notes" is not limited to a tenant`
	db.Save(&n)                // want info:`update on "notes" is limited by an earlier query alone: .* \(by-id\)`
	db.Delete(&n)              // want info:`delete on "notes" is limited by an earlier query alone: .* \(by-id\)`
}

func anyNote(db *gorm.DB, id string) {
	var n Note
	db.First(&n, "id = ?", id) // want `query on "notes" is not limited to a tenant`
	db.Save(&n)                // want `update on "notes" is not limited to a tenant`
	db.Delete(&n)              // want `delete on "notes" is not limited to a tenant: .* \(by-id\)`
}
