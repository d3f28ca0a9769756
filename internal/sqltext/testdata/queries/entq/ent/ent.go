// Package ent has the shape of what ent generates for a schema.
package ent

import (
	"context"

	"example.com/queries/entq/ent/predicate"
	"example.com/queries/entq/ent/user"
)

const OpUpdateOne = 1

var _ = user.Table

type Client struct{ User *UserClient }

type UserClient struct{}

type (
	User       struct{ ID int }
	UserQuery  struct{}
	UserCreate struct{}
	UserDelete struct{}
	UserUpdate struct{}
)

func (*UserClient) Query() *UserQuery                       { return nil }
func (*UserClient) Create() *UserCreate                     { return nil }
func (*UserClient) Delete() *UserDelete                     { return nil }
func (*UserClient) Get(context.Context, int) (*User, error) { return nil, nil }
func (*UserClient) UpdateOneID(id int) *UserUpdate          { return nil }
func (q *UserQuery) Where(...predicate.User) *UserQuery     { return q }
func (q *UserQuery) Limit(int) *UserQuery                   { return q }
func (q *UserQuery) All(context.Context) ([]*User, error)   { return nil, nil }
func (c *UserCreate) SetTenantID(int) *UserCreate           { return c }
func (c *UserCreate) SetName(string) *UserCreate            { return c }
func (c *UserCreate) Save(context.Context) (*User, error)   { return nil, nil }
func (u *UserUpdate) SetName(string) *UserUpdate            { return u }
func (u *UserUpdate) Exec(context.Context) error            { return nil }
func (d *UserDelete) Where(...predicate.User) *UserDelete   { return d }
func (d *UserDelete) Exec(context.Context) (int, error)     { return 0, nil }
