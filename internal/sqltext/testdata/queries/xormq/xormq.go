// Package xormq builds queries with xorm.
package xormq

import (
	"context"

	"xorm.io/builder"
	"xorm.io/xorm"
)

type User struct {
	ID       int64 `xorm:"pk 'id'"`
	TenantID int64
	Name     string
}

func find(ctx context.Context, e *xorm.Engine, ids []int64) ([]User, error) {
	var users []User
	err := e.Context(ctx).Where("tenant_id = ?", 1).And("name = ?", "x").Or(builder.Eq{"name": "y"}).In("id", ids).Desc("id").Find(&users)
	// builder: SELECT * FROM "user" WHERE (tenant_id = ?) AND (name = ?) OR (name = ?) AND id IN (_) ORDER BY id
	return users, err
}

func conditions(e *xorm.Engine, name string) (bool, error) {
	cond := builder.NewCond().And(builder.Eq{"tenant_id": 1}, builder.Gte{"id": 1}.Or(builder.NotIn("id", 2, 3)))
	if name != "" {
		cond = cond.And(builder.Expr("name = ?", name))
	}
	return e.Where(cond).Exist(&User{})
	// builder: SELECT * FROM "user" WHERE ((TRUE AND tenant_id = ? AND (id >= ? OR id NOT IN (_))) AND name = ?)
	// builder: SELECT * FROM "user" WHERE (TRUE AND tenant_id = ? AND (id >= ? OR id NOT IN (_)))
}

func beans(e *xorm.Engine, u *User) error {
	if _, err := e.Get(&User{TenantID: 1, Name: "x"}); err != nil {
		return err
	}
	// builder: SELECT * FROM "user" WHERE (tenant_id = ? AND name = ?)
	if _, err := e.Get(u); err != nil {
		return err
	}
	// builder: SELECT * FROM "user" WHERE _
	if _, err := e.Insert(u); err != nil {
		return err
	}
	// builder: INSERT INTO "user" (id, tenant_id, name) VALUES (?, ?, ?)
	if _, err := e.ID(1).Update(u); err != nil {
		return err
	}
	// builder: UPDATE "user" SET tenant_id = ?, name = ? WHERE id = ?
	if _, err := e.Update(&User{Name: "x"}, &User{TenantID: 1}); err != nil {
		return err
	}
	// builder: UPDATE "user" SET tenant_id = ?, name = ? WHERE tenant_id = ?
	_, err := e.ID(1).Delete(&User{})
	// builder: DELETE FROM "user" WHERE id = ?
	return err
}

func session(e *xorm.Engine, name string) (int64, error) {
	s := e.Table("user").Join("LEFT", "team", "team.id = user.team_id").Select("count(*)").GroupBy("team.id")
	if name != "" {
		s.Where("name = ?", name)
	}
	return s.Count()
	// builder: SELECT count(*) FROM "user" LEFT JOIN team ON team.id = user.team_id WHERE name = ? GROUP BY team.id
	// builder: SELECT count(*) FROM "user" LEFT JOIN team ON team.id = user.team_id GROUP BY team.id
}

func raw(e *xorm.Engine) error {
	return e.SQL("SELECT * FROM user WHERE id = ?", 1).Find(new([]User))
	// literal: SELECT * FROM user WHERE id = ?
}
