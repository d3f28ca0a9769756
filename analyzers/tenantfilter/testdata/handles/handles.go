// Package handles has functions that are given a handle, which their callers, given one
// themselves, have limited or not.
package handles

import "gorm.io/gorm"

type Invoice struct {
	ID, TenantID, Number string
	Total                int
}

func dear(db *gorm.DB, out *[]Invoice) error { return db.Where("total > 9").Find(out).Error }

func Dear(db *gorm.DB, tenant string, out *[]Invoice) error {
	return dear(db.Where("tenant_id = ?", tenant), out)
}

func DearFirst(db *gorm.DB, tenant string, out *[]Invoice) error {
	return dear(db.Where("tenant_id = ?", tenant).Order("number"), out)
}

func cheap(db *gorm.DB, out *[]Invoice) error { return db.Where("total < 9").Find(out).Error } // want `query on "invoices" is not limited to a tenant`

func Cheap(db *gorm.DB, out *[]Invoice) error { return cheap(db, out) }

func some(db *gorm.DB, out *[]Invoice) error { return db.Where("total = 9").Find(out).Error } // want `query on "invoices" is not limited to a tenant`

func Some(db *gorm.DB, tenant string, out *[]Invoice) error {
	return some(db.Where("tenant_id = ?", tenant), out)
}

func SomeOfAll(db *gorm.DB, out *[]Invoice) error { return some(db.Where("number > ''"), out) }

// Nobody in sight calls it.
func Uncalled(db *gorm.DB, out *[]Invoice) error { return db.Where("total = 9").Find(out).Error } // want `query on "invoices" is not limited to a tenant`
