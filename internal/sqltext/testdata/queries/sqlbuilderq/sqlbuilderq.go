// Package sqlbuilderq builds queries with go-sqlbuilder.
package sqlbuilderq

import (
	"context"
	"database/sql"
	"fmt"

	"github.com/huandu/go-sqlbuilder"
)

type user struct {
	ID   int64  `db:"id"`
	Name string `db:"name"`
}

var users = sqlbuilder.NewStruct(new(user)).For(sqlbuilder.PostgreSQL)

func steps(ctx context.Context, db *sql.DB, name string, ids []any) {
	sb := sqlbuilder.PostgreSQL.NewSelectBuilder()
	sb.Select("id", sb.As("u.name", "n")).From("users u")
	sb.Where(sb.Equal("tenant_id", 1), sb.In("id", ids...))
	if name != "" {
		sb.Where(sb.Like("name", name))
	}
	sb.OrderBy("id").Desc().Limit(10)
	query, args := sb.Build()
	db.QueryContext(ctx, query, args...)
	// builder: SELECT id, u.name AS n FROM users u WHERE (tenant_id = ?) AND (id IN (_)) AND (name LIKE ?) ORDER BY id
	// builder: SELECT id, u.name AS n FROM users u WHERE (tenant_id = ?) AND (id IN (_)) ORDER BY id
}

func conditions(ctx context.Context, db *sql.DB, some []string) {
	sb := sqlbuilder.Select("*").From("users")
	sb.Where(
		sb.Or(sb.IsNull("a"), sb.And(sb.GT("b", 1), sb.Not(sb.EQ("c", 2)))),
		sb.Between("d", 1, 2),
		fmt.Sprintf("e = ANY(%s)", sb.Var(some)),
		sb.E("f", sqlbuilder.Raw("users.g")),
	)
	query, args := sb.BuildWithFlavor(sqlbuilder.PostgreSQL)
	db.QueryContext(ctx, query, args...)
	// builder: SELECT * FROM users WHERE ((a IS NULL OR (b > ? AND NOT (c = ?)))) AND (d BETWEEN ? AND ?) AND (e = ANY(_)) AND (f = users.g)
}

// spread takes its alternatives from a slice.
func spread(ctx context.Context, db *sql.DB, names []string) {
	sb := sqlbuilder.NewSelectBuilder()
	or := []string{sb.E("name", "x")}
	for range names {
		or = append(or, sb.E("name", "y"))
	}
	sb.Select("id").From("users").Where(sb.Or(or...))
	query, args := sb.Build()
	db.QueryContext(ctx, query, args...)
	// builder: SELECT id FROM users WHERE (name = ? OR name = ?)
}

func joins(ctx context.Context, db *sql.DB) {
	sb := sqlbuilder.NewSelectBuilder()
	sb.Select("u.id").From("users u").Join("teams t", "t.id = u.team_id", "t.tenant_id = u.tenant_id").
		JoinWithOption(sqlbuilder.LeftJoin, "logs l", "l.user_id = u.id").
		Where(sb.E("u.tenant_id", 1)).GroupBy("u.id").Having("count(*) > 1").Distinct().ForUpdate().SQL("/* hint */")
	query, args := sb.Build()
	db.QueryContext(ctx, query, args...)
	// builder: SELECT DISTINCT u.id FROM users u JOIN teams t ON t.id = u.team_id AND t.tenant_id = u.tenant_id LEFT JOIN logs l ON l.user_id = u.id WHERE u.tenant_id = ? GROUP BY u.id HAVING count(*) > 1 /* hint */
}

func subqueries(ctx context.Context, db *sql.DB) {
	inner := sqlbuilder.Select("user_id").From("logs")
	inner.Where(inner.E("tenant_id", 1))
	sb := sqlbuilder.Select("x.id")
	sb.From(sb.BuilderAs(inner, "x")).Where(sb.In("id", inner), sb.NotExists(inner), sb.E("a", inner), "b IN ("+sb.Var(inner)+")")
	query, args := sb.Build()
	db.QueryContext(ctx, query, args...)
	// builder: SELECT x.id FROM (SELECT user_id FROM logs WHERE tenant_id = ?) AS x WHERE (id IN (SELECT user_id FROM logs WHERE tenant_id = ?)) AND (NOT EXISTS (SELECT user_id FROM logs WHERE tenant_id = ?)) AND (a = (SELECT user_id FROM logs WHERE tenant_id = ?)) AND (b IN (SELECT user_id FROM logs WHERE tenant_id = ?))
}

func common(ctx context.Context, db *sql.DB) {
	inner := sqlbuilder.Select("id").From("users").Where("tenant_id = 1")
	sb := sqlbuilder.With(sqlbuilder.CTEQuery("own", "id").As(inner)).Select("id").From("own")
	query, args := sb.Build()
	db.QueryContext(ctx, query, args...)
	// builder: WITH own AS (SELECT id FROM users WHERE tenant_id = 1) SELECT id FROM own
}

func union(ctx context.Context, db *sql.DB) {
	a := sqlbuilder.Select("id").From("users")
	b := sqlbuilder.Select("id").From("teams")
	query, args := sqlbuilder.UnionAll(a, b).OrderBy("id").Limit(2).Build()
	db.QueryContext(ctx, query, args...)
	// builder: SELECT * FROM (SELECT id FROM users UNION ALL SELECT id FROM teams) AS t1 ORDER BY id
}

func changes(ctx context.Context, db *sql.DB) {
	ub := sqlbuilder.Update("users")
	ub.Set(ub.Assign("name", "x"), ub.Incr("n")).SetMore("seen = now()").Where(ub.E("id", 1))
	query, args := ub.Build()
	db.ExecContext(ctx, query, args...)
	// builder: UPDATE users SET name = ?, n = n + 1, seen = now() WHERE id = ?

	query, args = sqlbuilder.DeleteFrom("users").Where("id = 1").Build()
	db.ExecContext(ctx, query, args...)
	// builder: DELETE FROM users WHERE id = 1

	query, args = sqlbuilder.InsertInto("users").Cols("name", "tenant_id").Values("x", 1).Values("y", 1).Build()
	db.ExecContext(ctx, query, args...)
	// builder: INSERT INTO users (name, tenant_id) VALUES (?, ?, ?, ?)

	ib := sqlbuilder.NewInsertBuilder().InsertInto("users").Cols("name")
	ib.Select("name").From("old")
	query, args = ib.Build()
	db.ExecContext(ctx, query, args...)
	// builder: INSERT INTO users (name) _
}

func structs(ctx context.Context, db *sql.DB, u *user) {
	sb := users.SelectFrom("users")
	query, args := sb.Where(sb.E("id", 1)).Build()
	db.QueryContext(ctx, query, args...)
	// builder: SELECT * FROM users WHERE id = ?

	ub := users.UpdateForTag("users", "name", u)
	query, args = ub.Where(ub.E("id", 1)).Build()
	db.ExecContext(ctx, query, args...)
	// builder: UPDATE users SET _ WHERE id = ?

	query, args = users.InsertInto("users", u).Build()
	db.ExecContext(ctx, query, args...)
	// builder: INSERT INTO users VALUES (_)
}

// shared has its conditions in a clause of its own.
func shared(ctx context.Context, db *sql.DB) {
	cond := sqlbuilder.NewCond()
	where := sqlbuilder.NewWhereClause().AddWhereExpr(cond.Args, cond.E("tenant_id", 1), cond.GT("n", 2))
	query, args := sqlbuilder.Select("id").From("users").AddWhereClause(where).Build()
	db.QueryContext(ctx, query, args...)

	sb := sqlbuilder.Select("name").From("users")
	sb.WhereClause = where
	query, args = sb.Build()
	db.QueryContext(ctx, query, args...)
	// builder: SELECT name FROM users WHERE _
	// builder: SELECT id FROM users WHERE (tenant_id = ?) AND (n > ?)
}

func visible(sb *sqlbuilder.SelectBuilder, only bool) {
	if only {
		sb.Where("visible")
	}
}

// changed is what a function makes of it.
func changed(ctx context.Context, db *sql.DB, only bool) {
	sb := sqlbuilder.Select("id").From("users")
	sb.Where(sb.E("tenant_id", 1))
	visible(sb, only)
	query, args := sb.Build()
	db.QueryContext(ctx, query, args...)
	// builder: SELECT id FROM users WHERE (tenant_id = ?) AND (visible)
	// builder: SELECT id FROM users WHERE tenant_id = ?
}

func run(ctx context.Context, db *sql.DB, sb *sqlbuilder.SelectBuilder) {
	sb.Where(sb.E("tenant_id", 1))
	sb.Limit(1)
	query, args := sb.Build()
	db.QueryContext(ctx, query, args...)
}

func runs(ctx context.Context, db *sql.DB) {
	run(ctx, db, sqlbuilder.Select("id").From("users"))
	// wrapper: SELECT id FROM users WHERE tenant_id = ?
}

// A function that nobody knows may add conditions.
func helped(ctx context.Context, db *sql.DB, more func(*sqlbuilder.SelectBuilder) *sqlbuilder.SelectBuilder) {
	sb := more(sqlbuilder.Select("id").From("users"))
	query, args := sb.Build()
	db.QueryContext(ctx, query, args...)
	// builder: SELECT id FROM users WHERE _
}

type filter interface {
	apply(*sqlbuilder.SelectBuilder)
}

func filtered(ctx context.Context, db *sql.DB, f filter) {
	sb := sqlbuilder.Select("id").From("users")
	f.apply(sb)
	fmt.Println(sb)
	query, args := sb.Build()
	db.QueryContext(ctx, query, args...)
	// builder: SELECT id FROM users WHERE _
}

// Free text with arguments of its own is out of reach.
func free(ctx context.Context, db *sql.DB) {
	query, args := sqlbuilder.Build("SELECT * FROM users WHERE id = $?", 1).Build() // unread: no table is named in the query that begins with sqlbuilder.Build("SELECT * FROM users WHERE id = $?", 1)
	db.QueryContext(ctx, query, args...)
}
