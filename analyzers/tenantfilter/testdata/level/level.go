// Package level is judged at the default level.
package level

import (
	"context"
	"database/sql"

	"gorm.io/gorm"
)

func level(db *sql.DB, id string) {
	db.Query("SELECT id FROM invoices WHERE id = $1", id) // want info:`query on "invoices" is not limited to a tenant.*by-id`
	db.Query("SELECT id FROM invoices WHERE customer_id = $1", id) // want info:`query on "invoices" is not limited to a tenant.*by-parent`
	db.Query("SELECT id FROM invoices WHERE number = $1", id)  // want `\(unrestricted\)`
	db.Exec("UPDATE invoices SET total = 0 WHERE id = $1", id) // want `\(by-id\)`
	db.Exec("DELETE FROM invoices WHERE customer_id = $1", id) // want `\(by-parent\)`
}

// owned is about rows that belong to a tenant's by their key.
func owned(db *sql.DB, id string) {
	db.Query("SELECT id FROM lines WHERE id = $1", id)         // want info:`query on "lines" is not limited to a tenant.*by-id`
	db.Query("SELECT id FROM lines WHERE invoice_id = $1", id) // want info:`query on "lines" is not limited to a tenant.*by-parent`
	db.Query("SELECT id FROM lines WHERE sku = $1", id)        // want `\(unrestricted\)`
	db.Exec("UPDATE lines SET sku = '' WHERE id = $1", id)     // want `\(by-id\)`
	db.Exec("DELETE FROM lines WHERE invoice_id = $1", id)     // want `\(by-parent\)`
	db.Exec("INSERT INTO lines (id, invoice_id) VALUES ($1, $2)", id, id)
}

// upserts write the row that has the key.
func upserts(db *sql.DB, tenant, id string) {
	db.Exec("INSERT INTO invoices (id, tenant_id, number) VALUES ($1, $2, $3) ON CONFLICT (id) DO UPDATE SET number = $3", id, tenant, "1")                          // want info:`insert on "invoices" can overwrite another tenant's row: add "WHERE invoices.tenant_id = EXCLUDED.tenant_id" to DO UPDATE \(by-id\)`
	db.Exec("INSERT INTO invoices (id, tenant_id, number) VALUES ($1, $2, $3) ON CONFLICT (id) DO UPDATE SET tenant_id = EXCLUDED.tenant_id", id, tenant, "1") // want `can overwrite another tenant's row.*unrestricted`
	db.Exec("INSERT INTO invoices (id, tenant_id, number) VALUES ($1, $2, $3) ON CONFLICT (id) DO UPDATE SET number = $3 WHERE invoices.tenant_id = $2", id, tenant, "1")
}

// lookedUp changes rows that were looked up for their tenant.
func lookedUp(ctx context.Context, db *sql.DB, tenant, id string) error {
	var total int
	if err := db.QueryRow("SELECT total FROM invoices WHERE id = $1 AND tenant_id = $2", id, tenant).Scan(&total); err != nil {
		return err
	}
	_, err := db.Exec("UPDATE invoices SET total = $1 WHERE id = $2", total+1, id) // want info:`update on "invoices" is limited by an earlier query alone.*by-id`
	return err
}

func lookedUpParent(db *sql.DB, tenant, id string) error {
	var name string
	if err := db.QueryRow("SELECT name FROM customers WHERE id = $1 AND tenant_id = $2", id, tenant).Scan(&name); err != nil {
		return err
	}
	_, err := db.Exec("UPDATE invoices SET total = 0 WHERE customer_id = $1", id) // want info:`update on "invoices" is limited by an earlier query alone.*by-parent`
	return err
}

func lookedUpRows(db *sql.DB, tenant string) error {
	rows, err := db.Query("SELECT id FROM invoices WHERE tenant_id = $1", tenant)
	if err != nil {
		return err
	}
	for rows.Next() {
		var id string
		if err := rows.Scan(&id); err != nil {
			return err
		}
		if _, err := db.Exec("UPDATE invoices SET total = 0 WHERE id = $1", id); err != nil { // want info:`update on "invoices" is limited by an earlier query alone.*by-id`
			return err
		}
	}
	return rows.Err()
}

// notThisOne looks another row up, only sometimes, or too late.
func notThisOne(db *sql.DB, tenant, id, other string, sure bool) {
	db.QueryRow("SELECT total FROM invoices WHERE id = $1 AND tenant_id = $2", id, tenant)
	db.Exec("UPDATE invoices SET total = 0 WHERE id = $1", other) // want `\(by-id\)`
	if sure {
		db.QueryRow("SELECT name FROM customers WHERE id = $1 AND tenant_id = $2", other, tenant)
	}
	db.Exec("UPDATE customers SET name = '' WHERE id = $1", other) // want `\(by-id\)`
	db.QueryRow("SELECT name FROM customers WHERE id = $1 AND tenant_id = $2", other, tenant)
	id = other
	db.Exec("UPDATE invoices SET total = 0 WHERE id = $1", id) // want `\(by-id\)`
}

type invoice struct {
	ID       string
	TenantID string
	Total    int
}

func (invoice) TableName() string { return "invoices" }

func model(db *gorm.DB, tenant, id string) error {
	var row invoice
	if err := db.Where("id = ? AND tenant_id = ?", id, tenant).First(&row).Error; err != nil {
		return err
	}
	row.Total = 0
	db.Model(&row).Update("total", 1) // want info:`update on "invoices" is limited by an earlier query alone.*by-id`
	return db.Save(&row).Error // want info:`update on "invoices" is limited by an earlier query alone.*by-id`
}

func models(db *gorm.DB, tenant string) {
	var rows []invoice
	db.Where("tenant_id = ?", tenant).Find(&rows)
	for _, row := range rows {
		db.Model(&invoice{}).Where("total > 0 AND id = ?", row.ID).Update("total", 1) // want info:`update on "invoices" is limited by an earlier query alone.*by-id`
	}
}

func anybodys(db *gorm.DB, id string) error {
	var row invoice
	if err := db.Where("id = ?", id).First(&row).Error; err != nil { // want info:`query on "invoices" is not limited to a tenant.*by-id`
		return err
	}
	return db.Save(&row).Error // want `\(by-id\)`
}
