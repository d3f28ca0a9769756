// Package linked has models whose fields say what the rows of a tenant refer to.
package linked

import "gorm.io/gorm"

type base struct {
	ID string `gorm:"primaryKey"`
}

type Shelf struct {
	base
	TenantID string `gorm:"not null"`
	IsGlobal bool
}

type Book struct {
	base
	TenantID string `gorm:"not null"`
	ShelfID  string
	Shelf    *Shelf
	ReaderID string
}

type Copy struct {
	base
	TenantID string `gorm:"not null"`
	Of       string
	Original *Book `gorm:"foreignKey:Of"`
}

func (s *store) shelf(tenant, id string) (*Shelf, error) {
	row := new(Shelf)
	err := s.db.Where("id = ? AND tenant_id = ?", id, tenant).First(row).Error
	return row, err
}

type store struct{ db *gorm.DB }

func (s *store) remove(tenant, shelf, id string) error {
	if _, err := s.shelf(tenant, shelf); err != nil {
		return err
	}
	return s.db.Where("id = ? AND shelf_id = ?", id, shelf).Delete(&Book{}).Error // want info:`limited by the earlier query shelf alone`
}

func (s *store) removeFound(tenant, shelf, id string) error {
	on, err := s.shelf(tenant, shelf)
	if err != nil {
		return err
	}
	var book Book
	if err := s.db.Where("id = ? AND shelf_id = ?", id, on.ID).First(&book).Error; err != nil { // want `by-id`
		return err
	}
	return s.db.Delete(&book).Error // want info:`limited by an earlier query alone`
}

func (s *store) removeCopy(tenant, book, id string) error {
	var of Book
	if err := s.db.Where("id = ? AND tenant_id = ?", book, tenant).First(&of).Error; err != nil {
		return err
	}
	return s.db.Where("of = ? AND id = ?", book, id).Delete(&Copy{}).Error // want info:`limited by an earlier query alone`
}

// The shelf that is loaded is another one.
func (s *store) removeOther(tenant, shelf, other, id string) error {
	if _, err := s.shelf(tenant, shelf); err != nil {
		return err
	}
	return s.db.Where("id = ? AND shelf_id = ?", id, other).Delete(&Book{}).Error // want `not limited to a tenant: .* \(by-id\)`
}

func (s *store) removeFoundOther(tenant, shelf, other, id string) error {
	if _, err := s.shelf(tenant, shelf); err != nil {
		return err
	}
	var book Book
	if err := s.db.Where("id = ? AND shelf_id = ?", id, other).First(&book).Error; err != nil { // want `by-id`
		return err
	}
	return s.db.Delete(&book).Error // want `not limited to a tenant: .* \(by-id\)`
}

// The reader is no shelf.
func (s *store) removeRead(tenant, shelf, id string) error {
	if _, err := s.shelf(tenant, shelf); err != nil {
		return err
	}
	return s.db.Where("id = ? AND reader_id = ?", id, shelf).Delete(&Book{}).Error // want `not limited to a tenant: .* \(by-id\)`
}

// Any tenant may have the shelf.
func (s *store) removeUnseen(shelf, id string) error {
	return s.db.Where("id = ? AND shelf_id = ?", id, shelf).Delete(&Book{}).Error // want `not limited to a tenant: .* \(by-id\)`
}

// What a flag marks is everybody's, if the code says that it is to be set.
func (s *store) everybodys(tenant string, flag bool) (all []Shelf) {
	s.db.Where("tenant_id = ? OR is_global = ?", tenant, true).Find(&all)
	s.db.Where("tenant_id = ?", tenant).Or("is_global = ?", true).Find(&all)
	s.db.Raw("SELECT * FROM shelves WHERE is_global = ? OR tenant_id = ?", true, tenant).Scan(&all)
	s.db.Where("tenant_id = ? OR is_global = ?", tenant, false).Find(&all)      // want `leaves the tenant out in a branch of OR`
	s.db.Where("tenant_id = ? OR is_global = ?", tenant, flag).Find(&all)       // want `leaves the tenant out in a branch of OR`
	s.db.Where("tenant_id = ? OR is_global = ?", tenant, true).Delete(&Shelf{}) // want `leaves the tenant out in a branch of OR`
	return all
}

// A value that stands in the text leaves the others where they are.
func (s *store) mark(tenant, id, other string) error {
	if _, err := s.shelf(tenant, id); err != nil {
		return err
	}
	s.db.Exec("UPDATE shelves SET is_global = ? WHERE id = ?", true, id)                 // want info:`limited by the earlier query shelf alone`
	return s.db.Exec("UPDATE shelves SET is_global = ? WHERE id = ?", true, other).Error // want `not limited to a tenant: .* \(by-id\)`
}
