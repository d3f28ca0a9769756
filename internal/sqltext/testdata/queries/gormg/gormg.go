// Package gormg builds queries with GORM's generics.
package gormg

import (
	"context"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"
)

type User struct {
	ID       int64
	TenantID int64
	Name     string
}

type Order struct {
	ID     int64
	UserID int64
}

func find(ctx context.Context, db *gorm.DB, name string) ([]User, error) {
	q := gorm.G[User](db).Where("tenant_id = ?", 1).Order("id")
	if name != "" {
		q = q.Where("name = ?", name)
	}
	return q.Limit(10).Find(ctx)
	// builder: SELECT * FROM users WHERE (tenant_id = ?) AND (name = ?) ORDER BY id
	// builder: SELECT * FROM users WHERE tenant_id = ? ORDER BY id
}

func conditions(ctx context.Context, db *gorm.DB) {
	gorm.G[User](db).Where(map[string]any{"tenant_id": 1}).Not("name = ?", "x").Or(&User{Name: "y"}).First(ctx)
	// builder: SELECT * FROM users WHERE (tenant_id = ?) AND NOT (name = ?) OR (name = ?)
	gorm.G[User](db).Where("id IN (?)", gorm.G[Order](db).Select("user_id").Where("id > ?", 1)).Take(ctx)
	// builder: SELECT * FROM users WHERE id IN (SELECT user_id FROM orders WHERE id > ?)
	gorm.G[User](db).Select("tenant_id").Group("tenant_id").Having("count(*) > ?", 1).Scan(ctx, new([]int64))
	// builder: SELECT tenant_id FROM users GROUP BY tenant_id HAVING count(*) > ?
	gorm.G[User](db).Where("tenant_id = ?", 1).Count(ctx, "id")
	// builder: SELECT count(*) FROM users WHERE tenant_id = ?
	gorm.G[map[string]any](db).Table("users u").Where("u.id = ?", 1).Find(ctx)
	// builder: SELECT * FROM users u WHERE u.id = ?
}

func changes(ctx context.Context, db *gorm.DB, u *User, all *[]User) {
	gorm.G[User](db).Create(ctx, u)
	// builder: INSERT INTO users (id, tenant_id, name) VALUES (?, ?, ?)
	gorm.G[User](db, clause.OnConflict{DoNothing: true}).CreateInBatches(ctx, all, 10)
	// builder: INSERT INTO users (id, tenant_id, name) VALUES (?, ?, ?) ON CONFLICT DO NOTHING
	gorm.G[User](db).Where("id = ?", 1).Update(ctx, "name", "x")
	// builder: UPDATE users SET name = ? WHERE id = ?
	gorm.G[User](db).Where("tenant_id = ?", 1).Updates(ctx, User{ID: 1, Name: "x"})
	// builder: UPDATE users SET tenant_id = ?, name = ? WHERE (tenant_id = ?) AND id = ?
	gorm.G[User](db).Where("tenant_id = ?", 1).Delete(ctx)
	// builder: DELETE FROM users WHERE tenant_id = ?
	gorm.G[User](db).Delete(ctx)
	// builder: DELETE FROM users
}

func sets(ctx context.Context, db *gorm.DB, to ...clause.Assigner) {
	gorm.G[User](db).Where("id = ?", 1).Set(to...).Update(ctx)
	// builder: UPDATE users SET _ WHERE id = ?
	gorm.G[User](db).Set(to...).Create(ctx)
	// builder: INSERT INTO users VALUES (_)
}

func joins(ctx context.Context, db *gorm.DB) {
	gorm.G[User](db).Joins(clause.Has("Orders"), nil).Where("users.id = ?", 1).Find(ctx)
	// builder: SELECT * FROM users WHERE users.id = ?
	on := func(db gorm.JoinBuilder, join, cur clause.Table) error { return nil }
	gorm.G[User](db).Joins(clause.LeftJoin.AssociationFrom("Orders", gorm.G[Order](db).Where("id > 1")).As("o"), on).Find(ctx)
	// builder: SELECT * FROM users JOIN (SELECT * FROM orders WHERE id > 1) AS "Orders" ON _
}

// The conditions of the handle do not count.
func handle(ctx context.Context, db *gorm.DB) {
	gorm.G[User](db.Where("tenant_id = ?", 1)).Find(ctx)
	// builder: SELECT * FROM users
}

func scopes(ctx context.Context, db *gorm.DB, own func(*gorm.Statement)) {
	gorm.G[User](db).Scopes(own).Find(ctx)
	// builder: SELECT * FROM users WHERE _
}

func raw(ctx context.Context, db *gorm.DB) {
	gorm.G[User](db).Raw("SELECT * FROM users WHERE id = ?", 1).Find(ctx)
	// literal: SELECT * FROM users WHERE id = ?
	gorm.G[User](db).Exec(ctx, "DELETE FROM users WHERE id = ?", 1)
	// literal: DELETE FROM users WHERE id = ?
}

// The table of a type parameter is not known.
func every[T any](ctx context.Context, db *gorm.DB) ([]T, error) {
	return gorm.G[T](db).Where("id = ?", 1).Find(ctx) // unread: the table is a parameter of a function that no call in its package reaches
}
