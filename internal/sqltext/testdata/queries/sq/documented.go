package sq

import (
	"context"
	"database/sql"

	"github.com/Masterminds/squirrel"
)

func documentedReads(ctx context.Context, db *sql.DB, t int64) {
	users := squirrel.Select("*").From("users").RunWith(db)
	users.Where("tenant_id = ?", t).Query()
	users.Where(squirrel.Eq{"tenant_id": t}).QueryContext(ctx)
	users.Where(squirrel.Eq{"name": []string{"a", "b"}}).Query()
	users.Where(squirrel.Eq{"COALESCE(tenant_id, '0')": t}).Query()
	users.Where(map[string]any{"tenant_id": t}).Query()
	users.Where(squirrel.Or{squirrel.Eq{"tenant_id": t}, squirrel.And{squirrel.Lt{"age": 3}, squirrel.NotEq{"name": "a"}}}).Query()
	users.Where(squirrel.And{squirrel.Expr("tenant_id = ?", t), squirrel.Gt{"age": 1}}).Query()
	users.Join("emails USING (email_id)").Where("tenant_id = ?", t).Query()
	users.LeftJoin("emails e ON e.user_id = users.id AND e.kind = ?", 1).Where(squirrel.Eq{"users.tenant_id": t}).Query()
	squirrel.Select("u.id").FromSelect(squirrel.Select("id").From("users").Where(squirrel.Eq{"tenant_id": t}), "u").RunWith(db).Query()
	sub := squirrel.Select("id").From("emails").Where(squirrel.Eq{"tenant_id": t})
	users.Where(squirrel.Expr("email_id IN (?)", sub)).Query()
	users.Where(sub.Prefix("email_id IN (").Suffix(")")).Query()
	users.Column(squirrel.Alias(sub, "e")).Where("age > ?", 1).QueryRow()
	users.Prefix("WITH mine AS (SELECT 1)").Where(squirrel.ILike{"name": "a%"}).Suffix("FOR UPDATE").Query()
	users.Where(squirrel.ConcatExpr("COALESCE(tenant_id, ", squirrel.Expr("?", 1), ") = 2")).Query()
	users.Options("SQL_NO_CACHE").Distinct().GroupBy("name").Having("count(*) > ?", 1).OrderBy("name").Limit(1).Query()
	users.Where("name = ?", "a").Where("age = ?", 1).PlaceholderFormat(squirrel.Dollar).Query()
	squirrel.StatementBuilder.PlaceholderFormat(squirrel.Dollar).RunWith(db).Select("id").From("users u").Where("u.tenant_id = ?", t).Query()
	squirrel.Case("state").When("1", "2").ToSql()
	// builder: SELECT * FROM users WHERE tenant_id = ?
	// builder: SELECT * FROM users WHERE tenant_id = ?
	// builder: SELECT * FROM users WHERE name IN (_)
	// builder: SELECT * FROM users WHERE COALESCE(tenant_id, '0') = ?
	// builder: SELECT * FROM users WHERE tenant_id = ?
	// builder: SELECT * FROM users WHERE (tenant_id = ? OR (age < ? AND name <> ?))
	// builder: SELECT * FROM users WHERE (tenant_id = ? AND age > ?)
	// builder: SELECT * FROM users JOIN emails USING (email_id) WHERE tenant_id = ?
	// builder: SELECT * FROM users LEFT JOIN emails e ON e.user_id = users.id AND e.kind = ? WHERE users.tenant_id = ?
	// builder: SELECT * FROM users WHERE email_id IN (SELECT id FROM emails WHERE tenant_id = ?)
	// builder: SELECT * FROM users WHERE (email_id IN ( SELECT id FROM emails WHERE tenant_id = ? ))
	// builder: SELECT *, (SELECT id FROM emails WHERE tenant_id = ?) AS e FROM users WHERE age > ?
	// builder: WITH mine AS (SELECT 1) SELECT * FROM users WHERE name ILIKE ? FOR UPDATE
	// builder: SELECT * FROM users WHERE COALESCE(tenant_id, ?) = 2
	// builder: SELECT DISTINCT * FROM users GROUP BY name HAVING count(*) > ? ORDER BY name
	// builder: SELECT * FROM users WHERE name = ? AND age = ?
	// builder: SELECT u.id FROM (SELECT id FROM users WHERE tenant_id = ?) AS u
	// builder: SELECT id FROM users u WHERE u.tenant_id = ?
}

func documentedWrites(db *sql.DB, t int64) {
	squirrel.Insert("users").Columns("name", "tenant_id").Values("a", t).Values("b", squirrel.Expr("? + 5", 1)).RunWith(db).Exec()
	// builder: INSERT INTO users (name, tenant_id) VALUES (?, ?, ?, ? + 5)
	squirrel.Insert("users").SetMap(map[string]any{"name": "a"}).RunWith(db).Exec()
	// builder: INSERT INTO users (name) VALUES (?)
	squirrel.Insert("users").Columns("name", "tenant_id").Select(squirrel.Select("name", "tenant_id").From("emails").Where(squirrel.Eq{"tenant_id": t})).RunWith(db).Exec()
	// builder: INSERT INTO users (name, tenant_id) SELECT name, tenant_id FROM emails WHERE tenant_id = ?
	squirrel.Insert("users").Columns("name").Values("a").Suffix("ON CONFLICT (name) DO UPDATE SET name = EXCLUDED.name WHERE users.tenant_id = ?", t).RunWith(db).Exec()
	// builder: INSERT INTO users (name) VALUES (?) ON CONFLICT (name) DO UPDATE SET name = EXCLUDED.name WHERE users.tenant_id = ?
	squirrel.Replace("users").Columns("name").Values("a").RunWith(db).Exec()
	// builder: INSERT INTO users (name) VALUES (?)
	squirrel.Update("users").Set("name", "a").Set("age", squirrel.Expr("age + 1")).Where(squirrel.Eq{"tenant_id": t}).RunWith(db).Exec()
	// builder: UPDATE users SET name = ?, age = age + 1 WHERE tenant_id = ?
	squirrel.Update("users").SetMap(squirrel.Eq{"name": "a"}).Where("id = ?", 1).RunWith(db).Exec()
	// builder: UPDATE users SET name = ? WHERE id = ?
	squirrel.Update("users").Set("name", squirrel.Select("name").From("emails").Limit(1)).From("emails").Where("emails.user_id = users.id").RunWith(db).Exec()
	// builder: UPDATE users SET name = (SELECT name FROM emails) FROM emails WHERE emails.user_id = users.id
	squirrel.Delete("users").Where(squirrel.Eq{"tenant_id": t, "id": 1}).Limit(1).RunWith(db).Exec()
	// builder: DELETE FROM users WHERE (tenant_id = ? AND id = ?)
	squirrel.Delete("").From("users").Where("name = ?", "a").RunWith(db).Exec()
	// builder: DELETE FROM users WHERE name = ?
}
