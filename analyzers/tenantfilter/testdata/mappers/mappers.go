// Package mappers has what object mappers say by names, clauses and conflicts.
package mappers

import (
	"context"

	"github.com/uptrace/bun"
	"gorm.io/gorm"
	"gorm.io/gorm/clause"
)

type Customer struct {
	ID       string
	TenantID string
	Name     string
}

type Invoice struct {
	ID         string
	TenantID   string
	CustomerID string
	Customer   Customer
	Number     string
}

type Bill struct {
	bun.BaseModel `bun:"table:invoices,alias:b"`

	ID         string `bun:"id,pk"`
	TenantID   string `bun:"tenant_id"`
	CustomerID string `bun:"customer_id"`
	Number     string `bun:"number"`
	Payer      *Payer `bun:"rel:belongs-to,join:customer_id=id"`
}

type Payer struct {
	bun.BaseModel `bun:"table:customers"`

	ID       string `bun:"id,pk"`
	TenantID string `bun:"tenant_id"`
}

func clauses(db *gorm.DB, tenant, n string, out *[]Invoice) {
	db.Where(clause.Eq{Column: "tenant_id", Value: tenant}).Find(out)
	db.Clauses(clause.Where{Exprs: []clause.Expression{clause.IN{Column: clause.Column{Name: "tenant_id"}, Values: []any{tenant}}}}).Find(out)
	db.Where(clause.Not(clause.Eq{Column: "tenant_id", Value: tenant})).Find(out)                       // want `query on "invoices" is not limited`
	db.Where(clause.Eq{Column: "tenant_id", Value: clause.Column{Name: "number"}}).Find(out)            // want `query on "invoices" is not limited`
	db.Where("tenant_id = ?", tenant).Where(clause.Or(clause.Eq{Column: "number", Value: n})).Find(out) // want `query on "invoices" leaves the tenant out in a branch of OR`
}

func structs(db *gorm.DB, tenant string, out *[]Invoice) {
	db.Where(&Invoice{TenantID: tenant}).Find(out)
	db.Where(&Invoice{TenantID: ""}).Find(out)                                      // want `query on "invoices" is not limited`
	db.Where(&Invoice{TenantID: tenant, Number: "1"}, "Number").Find(out)           // want `query on "invoices" is not limited`
	db.Find(out, Invoice{TenantID: tenant, Number: "1"}, "TenantID", "Number")
	db.Find(out, Invoice{TenantID: tenant, Number: "1"}, "Number")                  // want `query on "invoices" is not limited`
	db.Where("tenant_id = ?", tenant).Session(&gorm.Session{NewDB: true}).Find(out) // want `query on "invoices" is not limited`
}

func quoted(db *gorm.DB, tenant string, out *[]Invoice) {
	db.Where(map[string]any{"`tenant_id`": tenant}).Find(out)
	db.Where(map[string]any{"`invoices`.`tenant_id`": tenant}).Find(out)
	db.Where(map[string]any{"`number`": tenant}).Find(out)                                  // want `query on "invoices" is not limited`
	db.Model(&Invoice{}).Where("number = ?", tenant).Updates(map[string]any{"`number`": 1}) // want `update on "invoices" is not limited`
	db.Model(&Invoice{}).Where("tenant_id = ?", tenant).Updates(map[string]any{"`number`": 1, `"note"`: 2})
}

func joined(ctx context.Context, db *gorm.DB, other *bun.DB, tenant string, out *[]Invoice, bills *[]Bill) {
	db.InnerJoins("Customer", db.Where(&Customer{TenantID: tenant})).Find(out)
	db.Joins("Customer", db.Where(&Customer{TenantID: tenant})).Find(out) // want `query on "invoices" is not limited`
	db.Preload("Customer", "tenant_id = ?", tenant).Find(out)             // want `query on "invoices" is not limited`
	other.NewSelect().Model(bills).Relation("Payer").Where("payer.tenant_id = ?", tenant).Scan(ctx)
	other.NewSelect().Model(bills).Relation("Payer").Where("payer.name = ?", "a").Scan(ctx) // want `query on "invoices" is not limited to a tenant: add "b.tenant_id = \?"`
}

func association(db *gorm.DB, in *Invoice, out *[]Customer) {
	db.Model(in).Association("Customer").Find(out) // want `query on "customers" is not limited to a tenant: .*\(by-id\)`
}

func conflicts(ctx context.Context, db *gorm.DB, other *bun.DB, in *Invoice, bill *Bill, tenant string) {
	number := []clause.Column{{Name: "number"}}
	guard := clause.Where{Exprs: []clause.Expression{clause.Eq{Column: "invoices.tenant_id", Value: tenant}}}
	db.Clauses(clause.OnConflict{Columns: number, UpdateAll: true, Where: guard}).Create(in)
	db.Clauses(clause.OnConflict{Columns: number, UpdateAll: true}).Create(in) // want `insert on "invoices" can overwrite`
	db.Clauses(clause.OnConflict{Columns: number, DoNothing: true}).Create(in)
	other.NewInsert().Model(bill).On("CONFLICT (number) DO UPDATE").Where("b.tenant_id = EXCLUDED.tenant_id").Exec(ctx)
	other.NewInsert().Model(bill).On("CONFLICT (number) DO UPDATE").Set("number = EXCLUDED.number").Exec(ctx) // want `insert on "invoices" can overwrite`
}

// The callers give the model.
func find(ctx context.Context, db bun.IDB, to any) error {
	return db.NewSelect().Model(to).Where("number = ?", "a").Scan(ctx) // want `query on "invoices" is not limited to a tenant: add "b.tenant_id = \?"`
}

func callsFind(ctx context.Context, db bun.IDB) (b Bill, err error) {
	err = find(ctx, db, &b)
	return b, err
}

func named(ctx context.Context, db *gorm.DB, out *[]Invoice) {
	db.Raw("SELECT * FROM invoices WHERE number = @number", map[string]any{"number": 1}).Scan(out) // want `add "tenant_id = @tenant_id"`
}
