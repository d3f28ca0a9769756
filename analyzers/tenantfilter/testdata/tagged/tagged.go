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
