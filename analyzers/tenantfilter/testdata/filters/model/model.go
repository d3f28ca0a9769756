// Package model has what others search by.
package model

type Search struct {
	TenantID string
	Total    int
}
