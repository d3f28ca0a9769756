// Package saved has conditions that do not hold, or that the program names.
package saved

import (
	"context"
	"database/sql"

	sq "github.com/Masterminds/squirrel"
	"gorm.io/gorm"
)

type Invoice struct {
	ID       string
	TenantID string
	Number   string
}

func save(db *gorm.DB, inv *Invoice, tenant string) {
	db.Where("tenant_id = ?", tenant).Save(inv)             // want `update on "invoices" is not limited to a tenant: DB.Save takes no condition, write it with one that has "tenant_id = \?" \(by-id\)`
	db.Select("*").Where("tenant_id = ?", tenant).Save(inv) // it inserts nothing
	db.Where("tenant_id = ?", tenant).Updates(inv)
}

func named(ctx context.Context, db *sql.DB, column func() string, v string) {
	sq.Select("id").From("invoices").Where(sq.Eq{column(): v}).RunWith(db).QueryContext(ctx) // want info:`query on "invoices" shows no tenant.*unseen`
	sq.Select("id").From("invoices").Where(sq.Eq{"number": v}).RunWith(db).QueryContext(ctx) // want `query on "invoices" is not limited to a tenant`
}

type id [16]byte

func newID() id { return id{} }

func (i id) String() string { return string(i[:]) }

func parse(s string) string { return s }

func current() string { return "" }

func made(db *gorm.DB, tenant, key string) {
	db.Save(&Invoice{ID: newID().String(), TenantID: tenant})
	row := &Invoice{ID: parse(newID().String()), TenantID: tenant}
	db.Save(row)
	db.Save(&Invoice{ID: current(), TenantID: tenant})  // want `update on "invoices" is not limited to a tenant: DB.Save`
	db.Save(&Invoice{ID: key, TenantID: tenant})        // want `update on "invoices" is not limited to a tenant: DB.Save`
	db.Save(&Invoice{ID: parse(key), TenantID: tenant}) // want `update on "invoices" is not limited to a tenant: DB.Save`
}
