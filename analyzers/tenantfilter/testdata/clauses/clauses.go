// Package clauses has models whose fields' types add conditions to GORM's statements.
package clauses

import (
	"database/sql"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"
	"gorm.io/gorm/schema"
)

// An Owner limits all statements to the tenant of the context.
type Owner struct{ sql.NullString }

func (Owner) QueryClauses(f *schema.Field) []clause.Interface   { return nil }
func (*Owner) UpdateClauses(f *schema.Field) []clause.Interface { return nil }
func (Owner) DeleteClauses(f *schema.Field) []clause.Interface  { return nil }

// A Reader limits what is read.
type Reader struct{ sql.NullString }

func (Reader) QueryClauses(f *schema.Field) []clause.Interface { return nil }

type Owned struct {
	TenantID Owner
}

type Parcel struct {
	ID string
	Owned
	State   string
	Deleted gorm.DeletedAt
}

type Letter struct {
	ID       string
	TenantID *Reader
	State    string
}

type Stamp struct {
	ID       string
	TenantID string
	State    Owner
	Deleted  gorm.DeletedAt
}

type Route struct {
	ID       string
	TenantID Owner
	ParcelID string
}

func owned(db *gorm.DB, id string) {
	var list []Parcel
	var n int64
	db.Find(&list)
	db.Model(&Parcel{}).Where("state = ?", "sent").Count(&n)
	db.Model(&Parcel{}).Pluck("id", &list)
	db.Where("state = ?", "sent").Or("state = ?", "lost").Find(&list)
	db.Model(&Parcel{}).Where("id = ?", id).Update("state", "sent")
	db.Delete(&Parcel{}, "id = ?", id)
	db.Save(&Parcel{ID: id})
	db.Joins("JOIN routes ON routes.parcel_id = parcels.id").Where("routes.id = ?", id).Find(&list)
	db.Raw("SELECT id FROM parcels").Scan(&list)                     // want `query on "parcels" is not limited to a tenant`
	db.Exec("UPDATE parcels SET state = 'sent' WHERE state = 'new'") // want `update on "parcels" is not limited to a tenant`
}

func readAlone(db *gorm.DB, id string) {
	var list []Letter
	db.Find(&list)
	db.Model(&Letter{}).Where("state = ?", "new").Update("state", "sent") // want `update on "letters" is not limited to a tenant`
	db.Delete(&Letter{}, "state = ?", "sent")                             // want `delete on "letters" is not limited to a tenant`
}

func otherColumns(db *gorm.DB) {
	var list []Stamp
	db.Find(&list)                             // want `query on "stamps" is not limited to a tenant`
	db.Delete(&Stamp{}, "deleted IS NOT NULL") // want `delete on "stamps" is not limited to a tenant`
}
