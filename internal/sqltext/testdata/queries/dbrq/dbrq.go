// Package dbrq builds queries with dbr.
package dbrq

import (
	"context"

	"github.com/gocraft/dbr/v2"
)

type user struct{ ID int64 }

func list(ctx context.Context, sess *dbr.Session, name string, ids []int64) ([]user, error) {
	var users []user
	stmt := sess.Select("id", "name").From("users").Where("tenant_id = ?", 1)
	if name != "" {
		stmt.Where(dbr.Or(dbr.Eq("name", name), dbr.Like("name", name)))
	}
	_, err := stmt.Where("id IN ?", ids).OrderDesc("id").Limit(10).LoadContext(ctx, &users)
	// builder: SELECT id, name FROM users WHERE (tenant_id = ?) AND ((name = ? OR name LIKE ?)) AND (id IN (_)) ORDER BY id
	// builder: SELECT id, name FROM users WHERE (tenant_id = ?) AND (id IN (_)) ORDER BY id
	return users, err
}

func conditions(sess *dbr.Session, ids []int64) error {
	_, err := dbr.Select("*").From(dbr.I("users").As("u")).
		Where(dbr.And(dbr.Eq("u.tenant_id", 1), dbr.Neq("u.id", ids), dbr.Eq("u.deleted_at", nil))).
		Join(dbr.I("orders").As("o"), "o.user_id = u.id").
		LeftJoin("plans", "plans.id = u.plan_id").
		Where("EXISTS ?", dbr.Select("1").From("roles").Where("roles.user_id = u.id")).
		GroupBy("u.id").Having("count(*) > ?", 1).Load(&ids)
	// builder: SELECT * FROM users AS u JOIN orders AS o ON o.user_id = u.id LEFT JOIN plans ON plans.id = u.plan_id WHERE ((u.tenant_id = ? AND u.id NOT IN (_) AND u.deleted_at IS NULL)) AND (EXISTS (SELECT 1 FROM roles WHERE roles.user_id = u.id)) GROUP BY u.id HAVING count(*) > ?
	return err
}

func subqueries(sess *dbr.Session) error {
	owned := dbr.Select("id").From("users").Where(dbr.Eq("tenant_id", 1))
	_, err := sess.Select("count(*)").From(owned.As("o")).Load(new(int))
	// builder: SELECT count(*) FROM (SELECT id FROM users WHERE tenant_id = ?) AS o
	_, err = sess.Select("*").From(dbr.Union(owned, dbr.Select("id").From("guests")).As("u")).Load(new(int))
	// builder: SELECT * FROM (SELECT id FROM users WHERE tenant_id = ? UNION SELECT id FROM guests) AS u
	return err
}

func changes(tx *dbr.Tx, m map[string]any) error {
	_, err := tx.InsertInto("users").Columns("tenant_id", "name").Values(1, "x").Values(2, "y").Exec()
	// builder: INSERT INTO users (tenant_id, name) VALUES (?, ?, ?, ?)
	_, err = tx.InsertInto("users").Pair("tenant_id", 1).Pair("name", "x").Exec()
	// builder: INSERT INTO users (tenant_id, name) VALUES (?, ?)
	_, err = tx.Update("users").Set("name", "x").IncrBy("age", 1).Where("id = ?", 1).Exec()
	// builder: UPDATE users SET name = ?, age = ? WHERE id = ?
	_, err = tx.Update("users").SetMap(map[string]any{"name": "x"}).Where(dbr.Eq("tenant_id", 1)).Exec()
	// builder: UPDATE users SET name = ? WHERE tenant_id = ?
	_, err = tx.DeleteFrom("users").Where(dbr.Expr("id = ? OR name = ?", 1, "x")).Exec()
	// builder: DELETE FROM users WHERE id = ? OR name = ?
	_, err = tx.DeleteBySql("DELETE FROM users WHERE id = ?", 1).Exec()
	// literal: DELETE FROM users WHERE id = ?
	_, err = dbr.SelectBySql("SELECT * FROM users").Load(&m)
	// literal: SELECT * FROM users
	return err
}

// other conditions are not known.
func other(sess *dbr.Session, where dbr.Builder) error {
	_, err := sess.Select("*").From("users").Where(where).Load(new(user))
	// builder: SELECT * FROM users WHERE _
	return err
}
