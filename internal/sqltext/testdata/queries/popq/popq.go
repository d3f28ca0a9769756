// Package popq builds queries with pop.
package popq

import (
	"context"

	"github.com/gobuffalo/pop/v6"
)

type Tenant struct {
	ID int64 `db:"id"`
}

type User struct {
	ID       int64  `db:"id"`
	TenantID int64  `db:"tenant_id"`
	Name     string `db:"name"`
	Orders   Orders `has_many:"orders"`
}

type Users []User

type Order struct {
	ID int64
}

type Orders []Order

func (Order) TableName() string { return "app_orders" }

func list(ctx context.Context, c *pop.Connection, name string) (Users, error) {
	var users Users
	q := c.WithContext(ctx).Where("tenant_id = ?", 1).Order("id desc")
	if name != "" {
		q = q.Where("name = ? or name is null", name)
	}
	err := q.Limit(10).All(&users)
	// builder: SELECT * FROM users WHERE tenant_id = ? AND name = ? or name is null ORDER BY id desc
	// builder: SELECT * FROM users WHERE tenant_id = ? ORDER BY id desc
	return users, err
}

// inPlace changes the query that it has.
func inPlace(c *pop.Connection, name string) error {
	q := c.Q()
	q.Where("tenant_id = ?", 1)
	if name != "" {
		q.Where("name in (?)", name)
	}
	return q.First(&User{})
	// builder: SELECT * FROM users WHERE tenant_id = ? AND name in (?)
	// builder: SELECT * FROM users WHERE tenant_id = ?
}

func one(c *pop.Connection, u *User, id any) (bool, error) {
	if err := c.Find(u, id); err != nil {
		return false, err
	}
	// builder: SELECT * FROM users WHERE id = ?
	if err := c.Where("tenant_id = ?", 1).Find(u, id); err != nil {
		return false, err
	}
	// builder: SELECT * FROM users WHERE tenant_id = ? AND id = ?
	if err := c.Reload(u); err != nil {
		return false, err
	}
	// builder: SELECT * FROM users WHERE id = ?
	if _, err := c.Count(&Users{}); err != nil {
		return false, err
	}
	// builder: SELECT count(*) FROM users
	return pop.Q(c).Where("id = ?", id).Exists("orders") // unread: the table is a parameter of a function that no call in its package reaches
}

func joins(c *pop.Connection, own *Tenant) error {
	q := c.Select("users.id", "users.name").LeftJoin("app_orders o", "o.user_id = users.id and o.n > ?", 1).GroupBy("users.id").Having("count(*) > ?", 1)
	return q.BelongsTo(own).Scope(named("x")).All(&Users{})
	// builder: SELECT users.id, users.name FROM users LEFT JOIN app_orders o ON o.user_id = users.id and o.n > ? WHERE tenant_id = ? AND name = ? GROUP BY users.id HAVING count(*) > ?
}

func named(name string) pop.ScopeFunc {
	return func(q *pop.Query) *pop.Query { return q.Where("name = ?", name) }
}

func through(c *pop.Connection, own *Tenant) error {
	return c.BelongsToThrough(own, &Order{}).All(&Users{})
	// builder: SELECT * FROM users WHERE _
}

func changes(c *pop.Connection, u *User, all *Users) error {
	err := c.Transaction(func(tx *pop.Connection) error {
		if err := tx.Create(u, "name"); err != nil {
			return err
		}
		// builder: INSERT INTO users (id, tenant_id, name) VALUES (?, ?, ?)
		_, err := tx.Eager().ValidateAndSave(u)
		// builder: UPDATE users SET tenant_id = ?, name = ? WHERE id = ?
		return err
	})
	if err != nil {
		return err
	}
	if err := c.Update(&User{Name: "x"}); err != nil {
		return err
	}
	// builder: UPDATE users SET tenant_id = ?, name = ? WHERE id = ?
	if err := c.UpdateColumns(u, "name"); err != nil {
		return err
	}
	// builder: UPDATE users SET name = ? WHERE id = ?
	if err := c.Destroy(all); err != nil {
		return err
	}
	// builder: DELETE FROM users WHERE id IN (_)
	if err := c.Destroy(&Order{}); err != nil {
		return err
	}
	// builder: DELETE FROM app_orders WHERE id = ?
	if _, err := c.Where("tenant_id = ?", 1).UpdateQuery(u, "name"); err != nil {
		return err
	}
	// builder: UPDATE users SET name = ? WHERE tenant_id = ?
	return c.Where("tenant_id = ?", 1).Delete(&User{})
	// builder: DELETE FROM users WHERE tenant_id = ?
}

func raw(c *pop.Connection) error {
	if err := c.RawQuery("DELETE FROM users WHERE id = ?", 1).Exec(); err != nil {
		return err
	}
	// literal: DELETE FROM users WHERE id = ?
	return c.Q().RawQuery("SELECT * FROM users").All(&Users{})
	// literal: SELECT * FROM users
}

// What a caller gives is not known here.
func given(c *pop.Connection, model any) error {
	return c.All(model) // unread: the table is a parameter of a function that no call in its package reaches
}

func load(c *pop.Connection, u *User) error {
	return c.Load(u, "Orders") // unread: Connection.Load of github.com/gobuffalo/pop/v6 is not modelled
}

// lent gives what it is given to code that is not known, in a literal, and in one within another.
func lent(tx *pop.Connection, run func(func()), lend func(any)) {
	func() { lend(tx) }()
	run(func() {
		func() { lend(tx) }()
	})
	tx.Where("org_id = ?", 1).All(new(Users))
	// builder: SELECT * FROM users WHERE org_id = ?
}
