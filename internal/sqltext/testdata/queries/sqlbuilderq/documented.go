package sqlbuilderq

import (
	"database/sql"

	"github.com/huandu/go-sqlbuilder"
)

func exec(db *sql.DB, b sqlbuilder.Builder) {
	q, args := b.Build()
	db.Exec(q, args...)
}

func documented(db *sql.DB, t int64) {
	sb := sqlbuilder.PostgreSQL.NewSelectBuilder()
	sb.Select("id", "name", sb.As("COUNT(*)", "c")).From("users").Where(sb.E("tenant_id", t), sb.In("status", 1, 2)).GroupBy("id").OrderBy("id").Desc().Limit(1)
	exec(db, sb)
	or := sqlbuilder.NewSelectBuilder()
	or.Select("id").From("users").Where(or.Or(or.Equal("tenant_id", t), or.And(or.GT("age", 1), or.Like("name", "a%"))))
	exec(db, or)
	join := sqlbuilder.Select("u.id").From("users u")
	join.JoinWithOption(sqlbuilder.LeftJoin, "posts p", "u.id = p.user_id").Join("teams t", "t.id = u.team_id", join.EQ("t.tenant_id", t))
	exec(db, join)
	inner := sqlbuilder.Select("id").From("teams")
	inner.Where(inner.E("tenant_id", t))
	nested := sqlbuilder.Select("id").From("users")
	nested.Where(nested.In("team_id", inner))
	exec(db, nested)
	from := sqlbuilder.NewSelectBuilder()
	from.Select("id").From(from.BuilderAs(inner, "mine")).Where(from.NotEqual("id", 1), from.IsNotNull("id"))
	exec(db, from)
	ib := sqlbuilder.InsertInto("users").Cols("tenant_id", "name").Values(t, "a")
	exec(db, ib)
	up := sqlbuilder.Update("users")
	up.Set(up.Assign("name", "a"), up.Incr("visits")).Where(up.E("tenant_id", t))
	exec(db, up)
	del := sqlbuilder.DeleteFrom("users")
	del.Where(del.Between("id", 1, 2))
	exec(db, del)
	cte := sqlbuilder.With(sqlbuilder.CTEQuery("mine").As(inner)).Select("id").From("mine")
	exec(db, cte)
	// wrapper: SELECT id, name, COUNT(*) AS c FROM users WHERE (tenant_id = ?) AND (status IN (_)) GROUP BY id ORDER BY id
	// wrapper: SELECT id FROM users WHERE (tenant_id = ? OR (age > ? AND name LIKE ?))
	// wrapper: SELECT u.id FROM users u LEFT JOIN posts p ON u.id = p.user_id JOIN teams t ON t.id = u.team_id AND t.tenant_id = ?
	// wrapper: SELECT id FROM users WHERE team_id IN (SELECT id FROM teams WHERE tenant_id = ?)
	// wrapper: SELECT id FROM (SELECT id FROM teams WHERE tenant_id = ?) AS mine WHERE (id <> ?) AND (id IS NOT NULL)
	// wrapper: INSERT INTO users (tenant_id, name) VALUES (?, ?)
	// wrapper: UPDATE users SET name = ?, visits = visits + 1 WHERE tenant_id = ?
	// wrapper: DELETE FROM users WHERE id BETWEEN ? AND ?
	// wrapper: WITH mine AS (SELECT id FROM teams WHERE tenant_id = ?) SELECT id FROM mine
}
