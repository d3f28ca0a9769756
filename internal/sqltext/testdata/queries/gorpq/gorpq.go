// Package gorpq reads and writes with gorp.
package gorpq

import (
	"context"

	"github.com/go-gorp/gorp/v3"
)

type User struct {
	ID       int64  `db:"id, primarykey, autoincrement"`
	TenantID int64  `db:"tenant_id"`
	Name     string `db:"name"`
	Secret   string `db:"-"`
	Age      int
}

type Member struct {
	Tenant int64 `db:"tenant_id"`
	User   int64 `db:"user_id"`
	Role   string
}

type Plan struct {
	ID int64 `db:"id"`
}

const usersTable = "app_users"

func tables(m *gorp.DbMap) {
	m.AddTableWithName(User{}, usersTable)
	m.AddTableWithName(Member{}, "members").SetKeys(false, "Tenant", "User")
}

func texts(m *gorp.DbMap, tx *gorp.Transaction, id int64) error {
	var users []User
	if _, err := m.Select(&users, "select * from users where id = ?", id); err != nil {
		return err
	}
	// literal: select * from users where id = ?
	if err := m.SelectOne(&User{}, "select * from users where tenant_id = :tenant", map[string]any{"tenant": id}); err != nil {
		return err
	}
	// literal: select * from users where tenant_id = :tenant
	if _, err := gorp.SelectInt(tx, "select count(*) from users"); err != nil {
		return err
	}
	// literal: select count(*) from users
	_, err := tx.Exec("delete from users where id = ?", id)
	// literal: delete from users where id = ?
	return err
}

func rows(ctx context.Context, m *gorp.DbMap, e gorp.SqlExecutor, u *User, all []*User, id int64) error {
	if _, err := m.WithContext(ctx).Get(User{}, id); err != nil {
		return err
	}
	// builder: SELECT * FROM app_users WHERE id = ?
	if _, err := e.Get(&Member{}, 1, id); err != nil {
		return err
	}
	// builder: SELECT * FROM members WHERE tenant_id = ? AND user_id = ?
	if err := e.Insert(u, &Plan{}); err != nil {
		return err
	}
	// builder: INSERT INTO app_users (id, tenant_id, name, age) VALUES (?, ?, ?, ?)
	// builder: INSERT INTO plans (id) VALUES (?)
	if _, err := e.Update(&Member{Role: "admin"}); err != nil {
		return err
	}
	// builder: UPDATE members SET role = ? WHERE tenant_id = ? AND user_id = ?
	_, err := e.Delete(u)
	// builder: DELETE FROM app_users WHERE id = ?
	return err
}
