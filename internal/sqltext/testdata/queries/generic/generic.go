// Package generic calls functions whose types say which tables they are about.
package generic

import (
	"context"

	"github.com/uptrace/bun"
	"gorm.io/gorm"
	"xorm.io/xorm"

	"example.com/queries/generic/store"
)

type User struct {
	ID       int64
	TenantID int64
	Name     string
}

type Order struct {
	ID       int64
	TenantID int64
}

func (Order) TableName() string { return "orders" }

type users struct{ *store.Repo[User] }

func repositories(db *gorm.DB, r users) {
	store.New[User](db).All()
	// wrapper: SELECT * FROM users
	store.New[Order](db).All()
	// wrapper: SELECT * FROM orders
	r.Named("x")
	// wrapper: SELECT * FROM users WHERE name = ?
	r.By("tenant_id", 1)
	// wrapper: SELECT * FROM users WHERE tenant_id = ?
	r.Counted()
	// wrapper: SELECT count(*) FROM users
}

// Of a generic interface, the one generic type beside it that implements it is what runs.
func kept(db *gorm.DB, k store.Keeper[User]) {
	k.All()
	// wrapper: SELECT * FROM users
	k.In(1)
	// wrapper: SELECT * FROM users WHERE tenant_id = ?
	keeper := store.NewKeeper[Order](db)
	keeper.Remove(1)
	// wrapper: DELETE FROM orders WHERE _
}

// Of two that implement it, either may be.
func either(l store.Lister[User]) {
	l.List()
}

func changed(r *store.Repo[User], u *User) {
	r.Change(u)
	// wrapper: UPDATE users SET tenant_id = ?, name = ? WHERE id = ?
}

func handedOn(r *store.Repo[Order]) {
	r.Query().Where("tenant_id = ?", 1).Delete(nil)
	// builder: DELETE FROM orders WHERE tenant_id = ?
}

func second(r store.Keyed[string, User]) {
	r.Get("x")
	// wrapper: SELECT * FROM users AS "user" WHERE key = ?
}

func functions(e *xorm.Engine) {
	store.Fetch[Order](e, 1)
	// wrapper: SELECT * FROM orders WHERE tenant_id = ?
}

// through a generic function of this package
func through[T any](e *xorm.Engine) ([]T, error) { return store.Fetch[T](e, 2) }

func inferred(e *xorm.Engine) {
	through[User](e)
	// wrapper: SELECT * FROM "user" WHERE tenant_id = ?
}

func anyOf[T any](ctx context.Context, db bun.IDB, tenant int64) (all []T, err error) {
	err = db.NewSelect().Model(&all).Where("tenant_id = ?", tenant).Scan(ctx)
	// builder: SELECT * FROM users AS "user" WHERE tenant_id = ?
	// builder: SELECT * FROM orders AS "order" WHERE tenant_id = ?
	return all, err
}

func typed(ctx context.Context, db bun.IDB) {
	anyOf[User](ctx, db, 1)
	anyOf[Order](ctx, db, 1)
}

func one[T any](ctx context.Context, db *gorm.DB, name string) (T, error) {
	return gorm.G[T](db).Where("name = ?", name).First(ctx)
	// builder: SELECT * FROM users WHERE name = ?
}

func ones(ctx context.Context, db *gorm.DB) {
	one[User](ctx, db, "x")
}

// a key's type is no model
func keyed[K any](db *gorm.DB, key K) (u User) {
	db.First(&u, "name = ?", key)
	// builder: SELECT * FROM users WHERE name = ?
	return u
}

func keys(db *gorm.DB) {
	keyed(db, "x")
}
