// Package ent has the shape of what ent generates for a schema.
package ent

import (
	"context"

	"entgo.io/ent/dialect/sql"

	"example.com/queries/entq/ent/post"
	"example.com/queries/entq/ent/predicate"
	"example.com/queries/entq/ent/user"
)

const OpUpdateOne = 1

var _, _ = user.Table, post.Table

type Client struct {
	User *UserClient
	Post *PostClient
}

type UserClient struct{}

type (
	User struct {
		ID   int
		Post *Post
	}
	UserQuery  struct{}
	UserCreate struct{}
	UserDelete struct{}
	UserUpdate struct{}
)

func (*UserClient) Query() *UserQuery                       { return nil }
func (*UserClient) Create() *UserCreate                     { return nil }
func (*UserClient) Delete() *UserDelete                     { return nil }
func (*UserClient) Get(context.Context, int) (*User, error) { return nil, nil }
func (*UserClient) Update() *UserUpdate                     { return nil }
func (*UserClient) UpdateOneID(id int) *UserUpdate          { return nil }
func (q *UserQuery) Where(...predicate.User) *UserQuery     { return q }
func (q *UserQuery) Limit(int) *UserQuery                   { return q }
func (q *UserQuery) Exist(context.Context) (bool, error)    { return false, nil }
func (q *UserQuery) All(context.Context) ([]*User, error)   { return nil, nil }
func (c *UserCreate) SetTenantID(int) *UserCreate           { return c }
func (c *UserCreate) SetInput(CreateUserInput) *UserCreate  { return c }
func (c *UserCreate) SetName(string) *UserCreate            { return c }
func (c *UserCreate) SetPostsID(int) *UserCreate            { return c }
func (c *UserCreate) SetLegalName(string) *UserCreate       { return c }
func (c *UserCreate) Save(context.Context) (*User, error)   { return nil, nil }
func (u *UserUpdate) Where(...predicate.User) *UserUpdate   { return u }
func (u *UserUpdate) SetInput(UpdateUserInput) *UserUpdate  { return u }
func (u *UserUpdate) SetName(string) *UserUpdate            { return u }
func (u *UserUpdate) Exec(context.Context) error            { return nil }
func (d *UserDelete) Where(...predicate.User) *UserDelete   { return d }
func (d *UserDelete) Exec(context.Context) (int, error)     { return 0, nil }

type (
	PostClient     struct{}
	Post           struct{ ID int }
	PostQuery      struct{}
	PostCreate     struct{}
	PostUpdateOne  struct{}
	PostCreateBulk struct{}
	PostUpsertOne  struct{}
	PostUpsertBulk struct{}
	PostUpsert     struct{}
)

func (*PostClient) Query() *PostQuery                                      { return nil }
func (*PostClient) Create() *PostCreate                                    { return nil }
func (*PostClient) CreateBulk(...*PostCreate) *PostCreateBulk              { return nil }
func (*PostClient) QueryAuthor(*Post) *UserQuery                           { return nil }
func (*Post) QueryAuthor() *UserQuery                                      { return nil }
func (*User) QueryPosts() *PostQuery                                       { return nil }
func (q *UserQuery) QueryPosts() *PostQuery                                { return nil }
func (q *UserQuery) WithPosts(...func(*PostQuery)) *UserQuery              { return q }
func (q *PostQuery) QueryAuthor() *UserQuery                               { return nil }
func (q *PostQuery) Where(...predicate.Post) *PostQuery                    { return q }
func (q *PostQuery) All(context.Context) ([]*Post, error)                  { return nil, nil }
func (c *PostCreate) SetTenantID(int) *PostCreate                          { return c }
func (c *PostCreate) SetTitle(string) *PostCreate                          { return c }
func (c *PostCreate) SetAuthorID(int) *PostCreate                          { return c }
func (c *PostCreate) SetNillableAuthorID(*int) *PostCreate                 { return c }
func (c *PostCreate) SetAuthor(*User) *PostCreate                          { return c }
func (c *PostCreate) Save(context.Context) (*Post, error)                  { return nil, nil }
func (*PostClient) UpdateOne(*Post) *PostUpdateOne                         { return nil }
func (u *PostUpdateOne) SetAuthorID(int) *PostUpdateOne                    { return u }
func (u *PostUpdateOne) Exec(context.Context) error                        { return nil }
func (c *PostCreate) OnConflictColumns(...string) *PostUpsertOne           { return nil }
func (c *PostCreateBulk) OnConflict(...sql.ConflictOption) *PostUpsertBulk { return nil }
func (c *PostCreateBulk) Save(context.Context) ([]*Post, error)            { return nil, nil }
func (u *PostUpsertOne) UpdateNewValues() *PostUpsertOne                   { return u }
func (u *PostUpsertOne) Ignore() *PostUpsertOne                            { return u }
func (u *PostUpsertOne) Update(func(*PostUpsert)) *PostUpsertOne           { return u }
func (u *PostUpsertOne) Exec(context.Context) error                        { return nil }
func (u *PostUpsertBulk) Exec(context.Context) error                       { return nil }
func (u *PostUpsert) UpdateTitle() *PostUpsert                             { return u }

// Paginate is generated for GraphQL.
func (q *UserQuery) Paginate(ctx context.Context, after *int, first *int) ([]*User, error) {
	return nil, nil
}

// Inputs set several columns.
type (
	CreateUserInput struct{ Name string }
	UpdateUserInput struct{ Name *string }
)
