// Package tagged finds rows by keys that tags say are unique.
package tagged

import (
	"context"

	"github.com/uptrace/bun"
	"gorm.io/gorm"
)

type Paper struct {
	ID       string `gorm:"primaryKey"`
	TenantID string
	Title    string
	Token    string `gorm:"uniqueIndex"`
	Number   string `gorm:"uniqueIndex:one_number"`
	Series   string `gorm:"uniqueIndex:one_number"`
	Secret   string `gorm:"uniqueIndex:some,where:title <> ''"`
}

func byToken(db *gorm.DB, token string) (p Paper, err error) {
	err = db.Where("token = ?", token).First(&p).Error // want info:`query on "papers" is across tenants by design, as it finds its row by a secret`
	return p, err
}

func byNumber(db *gorm.DB, number string) (p Paper, err error) {
	err = db.Where("number = ?", number).First(&p).Error // want `query on "papers" is not limited to a tenant`
	return p, err
}

func bySecret(db *gorm.DB, secret string) (p Paper, err error) {
	err = db.Where("secret = ?", secret).First(&p).Error // want `query on "papers" is not limited to a tenant`
	return p, err
}

type Order struct {
	ID       string `bun:",pk"`
	TenantID string
	Token    string `bun:",unique"`
	Series   string `bun:",unique:series_secret"`
	Secret   string `bun:",unique:series_secret"`
}

func orders(ctx context.Context, db *bun.DB, key string) {
	var o Order
	db.NewSelect().Model(&o).Where("token = ?", key).Scan(ctx)  // want info:`query on "orders" is across tenants by design, as it finds its row by a secret`
	db.NewSelect().Model(&o).Where("series = ?", key).Scan(ctx) // want `query on "orders" is not limited to a tenant`
	db.NewSelect().Model(&o).Where("secret = ?", key).Scan(ctx) // want `query on "orders" is not limited to a tenant`
}

type Account struct {
	ID       string `gorm:"primaryKey"`
	TenantID string
	Email    string `gorm:"uniqueIndex"`
	Phone    string
}

// Whether there is a row, whatever stands in it.
func taken(db *gorm.DB, email, phone string) bool {
	var account Account
	if db.Where("email = ?", email).First(&account).Error == nil { // want `query on "accounts" is not limited to a tenant: add "tenant_id = \?" \(by-id\)$`
		return true
	}
	if db.First(&account, "email = ?", phone).Error == nil { // want `query on "accounts" is not limited to a tenant: add "tenant_id = \?" \(by-id\)$`
		return true
	}
	if db.Where("email = ?", email).Take(&Account{}).Error == nil { // want `query on "accounts" is not limited to a tenant: add "tenant_id = \?" \(by-id\)$`
		return true
	}
	if db.Where("phone = ?", phone).Take(&Account{}).Error == nil { // want `query on "accounts" is not limited to a tenant.* \(unrestricted\)$`
		return true
	}
	return db.Where("phone = ?", phone).First(&account).Error == nil // want `query on "accounts" is not limited to a tenant.* \(unrestricted\)$`
}

func phoneOf(db *gorm.DB, email string) string {
	var account Account
	db.Where("email = ?", email).First(&account) // want `query on "accounts" is not limited to a tenant.* \(unrestricted\)$`
	return account.Phone
}

func named(db *gorm.DB, email string) (account Account, err error) {
	err = db.Where("email = ?", email).First(&account).Error // want `query on "accounts" is not limited to a tenant.* \(unrestricted\)$`
	return
}

func copied(db *gorm.DB, email string) *Account {
	var account Account
	db.Where("email = ?", email).First(&account) // want `query on "accounts" is not limited to a tenant.* \(unrestricted\)$`
	var other = account
	return &other
}

func handed(db *gorm.DB, email string, show func(*Account)) {
	var account Account
	db.Where("email = ?", email).First(&account) // want `query on "accounts" is not limited to a tenant.* \(unrestricted\)$`
	show(&account)
}

// Last may be read by whoever.
var Last Account

func keep(db *gorm.DB, email string) {
	db.Where("email = ?", email).First(&Last) // want `query on "accounts" is not limited to a tenant.* \(unrestricted\)$`
}
