// Package contextual has helpers that add the tenant to a query if the context has one: callers
// rely on that.
package contextual

import (
	"context"

	"gorm.io/gorm"
)

type Invoice struct {
	ID       string
	TenantID string
	Number   string
}

type key struct{}

func tenantOf(ctx context.Context) *string {
	id, _ := ctx.Value(key{}).(*string)
	return id
}

func scoped(ctx context.Context, q *gorm.DB) *gorm.DB {
	if id := tenantOf(ctx); id != nil {
		return q.Where("tenant_id = ?", *id)
	}
	return q
}

func assigned(ctx context.Context, q *gorm.DB) *gorm.DB {
	id := tenantOf(ctx)
	if id != nil {
		q = q.Where("tenant_id = ?", *id).Where("number <> ''")
	}
	return q
}

// numbered adds something else.
func numbered(ctx context.Context, q *gorm.DB) *gorm.DB {
	if id := tenantOf(ctx); id != nil {
		return q.Where("number = ?", *id)
	}
	return q
}

// wanted adds the tenant if the caller names one.
func wanted(q *gorm.DB, tenant string) *gorm.DB {
	if tenant != "" {
		return q.Where("tenant_id = ?", tenant)
	}
	return q
}

func list(ctx context.Context, db *gorm.DB, tenant string) (all []Invoice, n int64) {
	scoped(ctx, db.Order("number")).Find(&all)
	q := db.WithContext(ctx).Model(&Invoice{})
	q = assigned(ctx, q)
	q.Count(&n)
	numbered(ctx, db.Order("number")).Find(&all)  // want `query on "invoices" is not limited to a tenant`
	wanted(db.Order("number"), tenant).Find(&all) // want `query on "invoices" is limited to a tenant only on a condition`
	return all, n
}
