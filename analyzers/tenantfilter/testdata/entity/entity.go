// Package entity has a model and knows no object mapper.
package entity

type Parcel struct {
	ID       string `gorm:"primaryKey"`
	TenantID string
	Weight   int
}
