// Package model has the structs that gorm/gen makes of tables.
package model

const tablePerson = "people"

type Person struct {
	ID       int64  `gorm:"column:id;primaryKey"`
	TenantID int64  `gorm:"column:tenant_id;not null"`
	Name     string `gorm:"column:full_name"`
	TeamID   int64  `gorm:"column:team_id"`
}

func (*Person) TableName() string { return tablePerson }

type Team struct {
	ID       int64 `gorm:"column:id;primaryKey"`
	TenantID int64 `gorm:"column:tenant_id;not null"`
}

func (*Team) TableName() string { return "teams" }
