// Package ent has the shape of what ent generates for an edge that has no field.
package ent

import (
	"context"

	_ "entgo.io/ent/dialect/sql"

	"example.test/shop/edged/ent/letter"
	"example.test/shop/edged/ent/predicate"
	"example.test/shop/edged/ent/tenant"
)

const OpUpdateOne = 1

var _, _ = letter.Table, tenant.Table

type Client struct {
	Letter *LetterClient
	Tenant *TenantClient
}

type (
	LetterClient struct{}
	TenantClient struct{}
	Letter       struct{ ID, Title string }
	Tenant       struct{ ID string }
	LetterQuery  struct{}
	LetterCreate struct{}
	LetterUpdate struct{}
	LetterDelete struct{}
)

func (*TenantClient) QueryLetters(*Tenant) *LetterQuery         { return nil }
func (*LetterClient) Query() *LetterQuery                       { return nil }
func (*LetterClient) Create() *LetterCreate                     { return nil }
func (*LetterClient) Update() *LetterUpdate                     { return nil }
func (*LetterClient) Delete() *LetterDelete                     { return nil }
func (q *LetterQuery) Where(...predicate.Letter) *LetterQuery   { return q }
func (q *LetterQuery) All(context.Context) ([]*Letter, error)   { return nil, nil }
func (c *LetterCreate) SetTitle(string) *LetterCreate           { return c }
func (c *LetterCreate) SetTenant(*Tenant) *LetterCreate         { return c }
func (c *LetterCreate) SetTenantID(string) *LetterCreate        { return c }
func (c *LetterCreate) Save(context.Context) (*Letter, error)   { return nil, nil }
func (u *LetterUpdate) Where(...predicate.Letter) *LetterUpdate { return u }
func (u *LetterUpdate) SetTitle(string) *LetterUpdate           { return u }
func (u *LetterUpdate) Exec(context.Context) error              { return nil }
func (d *LetterDelete) Where(...predicate.Letter) *LetterDelete { return d }
func (d *LetterDelete) Exec(context.Context) (int, error)       { return 0, nil }
