package rows

import "gorm.io/gorm"

type Sheet struct {
	ID       string `gorm:"primaryKey"`
	TenantID string
}

type Leaf struct {
	ID       string `gorm:"primaryKey"`
	TenantID string
}

// A paginator gives the query that it is given to the function beside it.
func paginate(query *gorm.DB, result any, limit int) error {
	return eachPage(query, limit, func(query *gorm.DB, offset int) error {
		return query.Limit(limit).Offset(offset).Find(result).Error
	})
}

func eachPage(query *gorm.DB, limit int, read func(query *gorm.DB, offset int) error) error {
	var total int64
	if err := query.Count(&total).Error; err != nil {
		return err
	}
	return read(query, limit)
}

func inTx(db *gorm.DB, do func(tx *gorm.DB) error) error { return db.Transaction(do) }

func scopedPage(db *gorm.DB, tenant string, scopes ...func(*gorm.DB) *gorm.DB) {
	var entries []Entry
	paginate(db.Model(&Entry{}).Scopes(scopes...).Where("tenant_id = ?", tenant), &entries, 10)
}

func anyPage(db *gorm.DB) {
	var list []Sheet
	paginate(db.Model(&Sheet{}).Where("id > ?", "x"), &list, 10) // want `query on "sheets" is not limited to a tenant`
}

func pages(db *gorm.DB, tenant string) {
	var list []Sheet
	eachPage(db.Model(&Sheet{}).Where("tenant_id = ?", tenant), 10, func(query *gorm.DB, offset int) error {
		return query.Find(&list).Error
	})
	inTx(db, func(tx *gorm.DB) error {
		tx.Where("tenant_id = ?", tenant).Find(&Leaf{})
		return tx.Find(&Leaf{}).Error // want `query on "leafs" is not limited to a tenant`
	})
}

func otherPage(db *gorm.DB, tenant string) {
	var list []Sheet
	eachPage(db.Model(&Sheet{}).Where("tenant_id = ?", tenant), 10, func(query *gorm.DB, offset int) error {
		return db.Find(&list).Error // want `query on "sheets" is not limited to a tenant`
	})
}
