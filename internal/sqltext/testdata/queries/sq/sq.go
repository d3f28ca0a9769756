// Package sq builds queries with squirrel.
package sq

import (
	"context"
	"database/sql"

	"github.com/Masterminds/squirrel"
)

const Users = "users"

var psql = squirrel.StatementBuilder.PlaceholderFormat(squirrel.Dollar)

type store struct {
	db     *sql.DB
	sb     squirrel.StatementBuilderType
	scoped squirrel.StatementBuilderType
}

func newStore(db *sql.DB) *store {
	return &store{db: db, sb: psql, scoped: squirrel.StatementBuilder.Where("tenant_id = ?", 1)}
}

func (s *store) oneExpression(ctx context.Context) {
	psql.Select("id", "name").From(Users).Where(squirrel.Eq{"tenant_id": 1, "id": []int{1}}).RunWith(s.db).QueryContext(ctx)
	// builder: SELECT id, name FROM users WHERE (tenant_id = ? AND id IN (_))
}

func (s *store) split(ctx context.Context, name string) error {
	q := s.sb.Select("*").From("users u").Where("u.tenant_id = ?", 1)
	if name != "" {
		q = q.Where(squirrel.Like{"name": name})
	}
	query, args, err := q.OrderBy("id").ToSql()
	if err != nil {
		return err
	}
	_, err = s.db.QueryContext(ctx, query, args...)
	// builder: SELECT * FROM users u WHERE u.tenant_id = ? AND name LIKE ? ORDER BY id
	// builder: SELECT * FROM users u WHERE u.tenant_id = ? ORDER BY id
	return err
}

func (s *store) storedWhere(ctx context.Context) {
	s.scoped.Delete("users").Where("id = ?", 1).RunWith(s.db).ExecContext(ctx)
	// builder: DELETE FROM users WHERE tenant_id = ? AND id = ?
}

func (s *store) insert(ctx context.Context, names []string) {
	q := psql.Insert("users").Columns("name", "tenant_id").Suffix("ON CONFLICT (name) DO NOTHING")
	for _, n := range names {
		q = q.Values(n, 1)
	}
	q.RunWith(s.db).ExecContext(ctx)
	// builder: INSERT INTO users (name, tenant_id) VALUES (?, ?) ON CONFLICT (name) DO NOTHING
}

func (s *store) update(ctx context.Context) {
	psql.Update("users").Set("name", "a").Set("seen", squirrel.Expr("now()")).SetMap(map[string]any{"x": 1}).
		Where(squirrel.And{squirrel.Eq{"id": 1}, squirrel.Or{squirrel.NotEq{"a": nil}, squirrel.Expr("b > ?", 2)}}).
		RunWith(s.db).ExecContext(ctx)
	// builder: UPDATE users SET name = ?, seen = now(), x = ? WHERE (id = ? AND (a IS NOT NULL OR b > ?))
}

func (s *store) subquery(ctx context.Context) {
	inner := psql.Select("id").From("orders").Where("tenant_id = ?", 1)
	q := psql.Select("*").From("users").LeftJoin("orders o ON o.user_id = users.id").Where(squirrel.Expr("id IN (?)", inner))
	sqlizer(ctx, q)
	// wrapper: SELECT * FROM users LEFT JOIN orders o ON o.user_id = users.id WHERE id IN (SELECT id FROM orders WHERE tenant_id = ?)
}

func sqlizer(ctx context.Context, q squirrel.SelectBuilder) {
	query, args, _ := q.ToSql()
	new(sql.DB).QueryContext(ctx, query, args...)
}

func visible(q squirrel.SelectBuilder) squirrel.SelectBuilder { return q.Where("visible") }

func (s *store) helpers(ctx context.Context) {
	visible(psql.Select("*").From("users")).RunWith(s.db).QueryContext(ctx)
	// builder: SELECT * FROM users WHERE visible
}

func (s *store) conditions(ctx context.Context, tenant *int) {
	eq := squirrel.Eq{"active": true}
	if tenant != nil {
		eq["tenant_id"] = *tenant
	}
	psql.Select("*").From("users").Where(eq).RunWith(s.db).QueryContext(ctx)
	// builder: SELECT * FROM users WHERE (active = TRUE AND tenant_id = ?)
	// builder: SELECT * FROM users WHERE active = TRUE
}

func (s *store) sliced(ctx context.Context, tenant *int) {
	conds := []squirrel.Sqlizer{squirrel.Eq{"a": 1}}
	if tenant != nil {
		conds = append(conds, squirrel.Eq{"tenant_id": *tenant})
	}
	psql.Select("*").From("users").Where(squirrel.And(conds)).RunWith(s.db).QueryContext(ctx)
	// builder: SELECT * FROM users WHERE (a = ? AND tenant_id = ?)
	// builder: SELECT * FROM users WHERE a = ?
}

type iterator struct{ q squirrel.SelectBuilder }

func newIterator(q squirrel.SelectBuilder) *iterator { return &iterator{q} }

func (i *iterator) next(ctx context.Context) error {
	return i.q.QueryRowContext(ctx).Scan() // unread: no table is named in the query that begins with i.q
}

func (s *store) handedOn(ctx context.Context) *iterator {
	q := psql.Select("*").From("users")
	return newIterator(q)
	// builder: SELECT * FROM users
}

func (s *store) clauses(ctx context.Context) {
	inner := squirrel.Select("id").From("old")
	squirrel.Select().Column("a + ?", 1).Column(squirrel.Alias(inner, "x")).FromSelect(inner, "y").
		InnerJoin("z ON z.id = y.id").JoinClause("CROSS JOIN w").Where("a").GroupBy("a").Having("count(*) > ?", 1).OrderByClause("a = ?", 1).
		Prefix("/* p */").Distinct().RunWith(s.db).QueryContext(ctx)
	// builder: /* p */ SELECT DISTINCT a + ?, (SELECT id FROM old) AS x FROM (SELECT id FROM old) AS y INNER JOIN z ON z.id = y.id CROSS JOIN w WHERE a GROUP BY a HAVING count(*) > ? ORDER BY a = ?
	squirrel.Insert("").Into("users").Columns("a").Select(inner).RunWith(s.db).ExecContext(ctx)
	// builder: INSERT INTO users (a) SELECT id FROM old
	squirrel.Update("").Table("users").Set("a", inner).Where(squirrel.ConcatExpr("a = ", squirrel.Expr("b"))).RunWith(s.db).ExecContext(ctx)
	// builder: UPDATE users SET a = (SELECT id FROM old) WHERE a = b
	squirrel.Delete("users").Where(squirrel.Eq{"id": inner}).RunWith(s.db).ExecContext(ctx)
	// builder: DELETE FROM users WHERE id IN (SELECT id FROM old)
}

// added gives conditions to a map one by one.
func (s *store) added(ctx context.Context, ids []int) {
	eq := squirrel.Eq{}
	eq["id"] = ids
	eq["parent_id"] = nil
	eq["tenant_id"] = 1
	psql.Select("id").From(Users).Where(eq).RunWith(s.db).QueryContext(ctx)
	// builder: SELECT id FROM users WHERE (id IN (_) AND parent_id IS NULL AND tenant_id = ?)
}

// Methods of a builder, under the names of the functions that they are like, and one that is not.
var (
	Insert = psql.Insert
	Delete = psql.Delete
	Update = func(table string) squirrel.SelectBuilder { return psql.Select("*").From(table) }
)

func (s *store) byVariable(ctx context.Context) {
	Insert("users").Columns("tenant_id").Values(1).RunWith(s.db).ExecContext(ctx)
	// builder: INSERT INTO users (tenant_id) VALUES (?)
	Delete("users").Where("id = ?", 1).RunWith(s.db).ExecContext(ctx)
	// builder: DELETE FROM users WHERE id = ?
	Update("users").Where("id = ?", 1).RunWith(s.db).QueryContext(ctx)
	// builder: SELECT * FROM users WHERE id = ?
}

func run(db *sql.DB, s squirrel.Sqlizer) error { return nil }

func (s *store) inVariable() error {
	q := psql.Delete("users")
	q = q.Where("id = ?", 1)
	return run(s.db, q)
	// builder: DELETE FROM users WHERE id = ?
}
