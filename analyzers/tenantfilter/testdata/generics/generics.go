// Package generics has statements that GORM's generics put together.
package generics

import (
	"context"

	"gorm.io/gorm"
)

type Invoice struct {
	ID         string
	TenantID   string
	CustomerID string
	Number     string
	Total      int
}

type Customer struct {
	ID       string
	TenantID string
}

func selects(ctx context.Context, db *gorm.DB, tenant, id string) {
	gorm.G[Invoice](db).Where("id = ?", id).Where("tenant_id = ?", tenant).First(ctx)
	gorm.G[Invoice](db).Where(&Invoice{TenantID: tenant}).Find(ctx)
	gorm.G[Invoice](db).Where(map[string]any{"id": id, "tenant_id": tenant}).Take(ctx)
	gorm.G[Invoice](db).Where("id = ?", id).First(ctx) // want `query on "invoices" is not limited to a tenant`
	gorm.G[Invoice](db).Find(ctx) // want `query on "invoices" is not limited to a tenant`
	gorm.G[Invoice](db).Where("tenant_id = ?", tenant).Or("number = ?", id).Find(ctx) // want `query on "invoices" leaves the tenant out in a branch of OR`
	gorm.G[Invoice](db).Count(ctx, "*") // want `query on "invoices" is not limited to a tenant`
	gorm.G[Invoice](db.Where("tenant_id = ?", tenant)).Find(ctx) // want `query on "invoices" is not limited to a tenant`
}

func conditional(ctx context.Context, db *gorm.DB, tenant, number string) {
	q := gorm.G[Invoice](db).Order("number") // want `query on "invoices" is limited to a tenant only on a condition`
	if tenant != "" {
		q = q.Where("tenant_id = ?", tenant)
	}
	q.Find(ctx)

	pinned := gorm.G[Invoice](db).Where("tenant_id = ?", tenant)
	if number != "" {
		pinned = pinned.Where("number = ?", number)
	}
	pinned.Find(ctx)
}

func subqueries(ctx context.Context, db *gorm.DB, tenant string) {
	own := gorm.G[Customer](db).Select("id").Where("tenant_id = ?", tenant)
	gorm.G[Invoice](db).Where("customer_id IN (?)", own).Find(ctx)
	gorm.G[Invoice](db).Where("customer_id IN (?)", gorm.G[Customer](db).Select("id")).Find(ctx) // want `query on "invoices" is not limited to a tenant`
}

func changes(ctx context.Context, db *gorm.DB, tenant, id string, invoice *Invoice) {
	gorm.G[Invoice](db).Create(ctx, invoice)
	gorm.G[Invoice](db).Where("id = ? AND tenant_id = ?", id, tenant).Update(ctx, "total", 0)
	gorm.G[Invoice](db).Where("id = ?", id).Update(ctx, "total", 0) // want `update on "invoices" is not limited to a tenant`
	gorm.G[Invoice](db).Where("number = ?", id).Updates(ctx, Invoice{Total: 1}) // want `update on "invoices" is not limited to a tenant`
	gorm.G[Invoice](db).Where("tenant_id = ?", tenant).Delete(ctx)
	gorm.G[Invoice](db).Where("number = ?", id).Delete(ctx) // want `delete on "invoices" is not limited to a tenant`
}

func raw(ctx context.Context, db *gorm.DB, tenant string) {
	gorm.G[Invoice](db).Raw("SELECT * FROM invoices WHERE tenant_id = ?", tenant).Find(ctx)
	gorm.G[Invoice](db).Raw("SELECT * FROM invoices").Find(ctx) // want `query on "invoices" is not limited to a tenant`
	gorm.G[Invoice](db).Exec(ctx, "DELETE FROM invoices") // want `delete on "invoices" is not limited to a tenant`
}

// scoped is not judged: what the scope adds is out of sight.
func scoped(ctx context.Context, db *gorm.DB, own func(*gorm.Statement)) {
	gorm.G[Invoice](db).Scopes(own).Find(ctx) // want info:`query on "invoices" shows no tenant`
}

// What is loaded along is reached by key.
func joined(ctx context.Context, db *gorm.DB, tenant string) {
	gorm.G[Invoice](db).Where("invoices.tenant_id = ?", tenant).Preload("Customer", nil).Find(ctx)
}

// A repository is about the table of its type, whoever it is for.
type repository[T any] struct{ db *gorm.DB }

func (r repository[T]) all() (all []T) {
	r.db.Find(&all) // want `query on "invoices" is not limited to a tenant`
	return all
}

func (r repository[T]) of(tenant string) (all []T) {
	r.db.Where("tenant_id = ?", tenant).Find(&all)
	return all
}

func (r repository[T]) by(column string, value any) (one T) {
	r.db.Where(column+" = ?", value).First(&one) // want `query on "customers" is not limited to a tenant`
	return one
}

func (r repository[T]) change(one *T) {
	r.db.Save(one) // want `update on "invoices" is not limited to a tenant`
}

type invoices struct{ repository[Invoice] }

func repositories(db *gorm.DB, tenant string, all invoices, changed *Invoice) {
	all.all()
	all.of(tenant)
	all.by("tenant_id", tenant)
	all.change(changed)
	repository[Customer]{db}.of(tenant)
	repository[Customer]{db}.by("number", "x")
	repository[Country]{db}.all()
}

type Country struct{ Code string }
