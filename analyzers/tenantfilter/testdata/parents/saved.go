package parents

import "gorm.io/gorm"

type Invoice struct {
	ID, TenantID string
	Total        int
}

func load(db *gorm.DB, tenant, id string) (*Invoice, error) {
	row := new(Invoice)
	err := db.Where("tenant_id = ? AND id = ?", tenant, id).First(row).Error
	return row, err
}

func save(db *gorm.DB, tenant, id string) error {
	row, err := load(db, tenant, id)
	if err != nil {
		return err
	}
	row.Total = 1
	return db.Save(row).Error // want info:`limited by the earlier query load alone`
}

func saveAsOther(db *gorm.DB, tenant, id, other string) error {
	row, err := load(db, tenant, id)
	if err != nil {
		return err
	}
	row.ID = other
	return db.Save(row).Error // want `not limited to a tenant`
}

func saveInPlace(db *gorm.DB, tenant, id string, given Invoice) error {
	row, err := load(db, tenant, id)
	if err != nil {
		return err
	}
	given.ID, given.TenantID = row.ID, row.TenantID
	return db.Save(&given).Error // want info:`limited by the earlier query load alone`
}

func saveLiteral(db *gorm.DB, tenant, id string, total int) error {
	row, err := load(db, tenant, id)
	if err != nil {
		return err
	}
	return db.Save(&Invoice{ID: row.ID, TenantID: row.TenantID, Total: total}).Error // want info:`limited by the earlier query load alone`
}

func saveGiven(db *gorm.DB, tenant, id string, given Invoice) error {
	if _, err := load(db, tenant, id); err != nil {
		return err
	}
	return db.Save(&given).Error // want `not limited to a tenant`
}
