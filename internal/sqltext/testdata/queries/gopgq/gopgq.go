// Package gopgq builds queries with go-pg.
package gopgq

import (
	"context"

	"github.com/go-pg/pg/v10"
	"github.com/go-pg/pg/v10/orm"
)

type User struct {
	tableName struct{} `pg:"users,alias:u"`

	ID       int64 `pg:"id,pk"`
	TenantID int64
	Name     string
}

func find(ctx context.Context, db *pg.DB, name string) ([]User, error) {
	var users []User
	q := db.ModelContext(ctx, &users).Column("id").Where("tenant_id = ?", 1).Order("id")
	if name != "" {
		q = q.WhereGroup(func(q *orm.Query) (*orm.Query, error) {
			return q.WhereOr("name = ?", name).WhereOr("?TableAlias.name IS NULL"), nil
		})
	}
	err := q.Limit(10).Select()
	// builder: SELECT id FROM users AS u WHERE (tenant_id = ?) AND ((name = ?) OR (u.name IS NULL)) ORDER BY id
	// builder: SELECT id FROM users AS u WHERE tenant_id = ? ORDER BY id
	return users, err
}

func changes(db *pg.DB, u *User, ids []int64) error {
	if _, err := db.Model(u).OnConflict("(id) DO NOTHING").Insert(); err != nil {
		return err
	}
	// builder: INSERT INTO users AS u (id, tenant_id, name) VALUES (?, ?, ?) ON CONFLICT (id) DO NOTHING
	if _, err := db.Model(u).WherePK().Set("name = ?", "x").Returning("id").Update(); err != nil {
		return err
	}
	// builder: UPDATE users AS u SET name = ? WHERE id = ? RETURNING id
	_, err := db.Model((*User)(nil)).WhereIn("id IN (?)", ids).Delete()
	// builder: DELETE FROM users AS u WHERE id IN (?)
	return err
}

func joined(db *pg.DB) (int, error) {
	return db.Model().Table("users").TableExpr("teams t").Join("LEFT JOIN logs l").JoinOn("l.user_id = users.id").JoinOn("l.n > ?", 1).
		Where("users.tenant_id = ?", 1).Group("t.id").Having("count(*) > 1").Count()
	// builder: SELECT * FROM users, teams t LEFT JOIN logs l ON (l.user_id = users.id) AND (l.n > ?) WHERE users.tenant_id = ? GROUP BY t.id HAVING count(*) > 1
}

func union(db *pg.DB) error {
	old := db.Model().Table("old").Column("id")
	return db.Model().With("x", old).Table("x").Union(old).Select(new([]int64))
	// builder: WITH x AS (SELECT id FROM old) SELECT * FROM x UNION (SELECT id FROM old)
}
