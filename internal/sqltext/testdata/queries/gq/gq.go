// Package gq builds queries with goqu.
package gq

import (
	"context"
	"database/sql"

	"github.com/doug-martin/goqu/v9"
)

const Users = "users"

var dialect = goqu.Dialect("postgres")

var active = goqu.Or(goqu.Ex{"state": nil}, goqu.Ex{"state": goqu.Op{"neq": "disabled"}})

type store struct{ db *sql.DB }

type row struct {
	ID    int    `db:"id"`
	OrgID string `db:"org_id"`
	Other string `db:"-"`
}

func (s *store) one(ctx context.Context) error {
	query, args, err := dialect.From(Users).Select("id").Where(goqu.Ex{"id": 1}, active).ToSQL()
	if err != nil {
		return err
	}
	return s.retry(func() error {
		_, err := s.db.QueryContext(ctx, query, args...)
		// builder: SELECT id FROM users WHERE id = ? AND (state IS NULL OR (state <> ?))
		return err
	})
}

func (s *store) retry(f func() error) error { return f() }

func (s *store) split(ctx context.Context, org string) {
	q := dialect.Select().From(goqu.T("users").As("u")).LeftJoin(goqu.T("orders").As("o"), goqu.On(goqu.I("u.id").Eq(goqu.I("o.user_id"))))
	if org != "" {
		q = q.Where(goqu.I("u.org_id").Eq(org))
	}
	query, _, _ := q.Order(goqu.I("u.id").Desc()).ToSQL()
	s.db.QueryContext(ctx, query)
	// builder: SELECT * FROM users AS u LEFT JOIN orders AS o ON u.id = o.user_id WHERE u.org_id = ? ORDER BY u.id DESC
	// builder: SELECT * FROM users AS u LEFT JOIN orders AS o ON u.id = o.user_id ORDER BY u.id DESC
}

func (s *store) write(ctx context.Context, id int) {
	insert, _, _ := dialect.Insert("users").Rows(goqu.Record{"id": id, "org_id": "x"}).
		OnConflict(goqu.DoUpdate("id", goqu.Record{"org_id": "x"})).Returning(&row{}).ToSQL()
	s.db.ExecContext(ctx, insert)
	// builder: INSERT INTO users (id, org_id) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET _ RETURNING id, org_id
	rows, _, _ := dialect.Insert("users").Rows(row{ID: id}).ToSQL()
	s.db.ExecContext(ctx, rows)
	// builder: INSERT INTO users (id, org_id) VALUES (?, ?)
	record := goqu.Record{"name": "x", "at": goqu.L("now()")}
	update, _, _ := dialect.Update("users").Set(record).Where(goqu.C("id").In(1, 2), goqu.L("a > ?", 1)).ToSQL()
	s.db.ExecContext(ctx, update)
	// builder: UPDATE users SET name = ?, at = now() WHERE id IN (_) AND a > ?
	del, _, _ := dialect.Delete("users").Where(goqu.ExOr{"id": 1, "name": "x"}).ToSQL()
	s.db.ExecContext(ctx, del)
	// builder: DELETE FROM users WHERE (id = ? OR name = ?)
}

func (s *store) subqueries(ctx context.Context) {
	sub := dialect.From("orders").Select("user_id").Where(goqu.Ex{"org_id": 1})
	query, _, _ := dialect.From("users").Where(goqu.Ex{"id": sub}, goqu.L("NOT EXISTS ?", sub)).ToSQL()
	s.db.QueryContext(ctx, query)
	// builder: SELECT * FROM users WHERE id IN (SELECT user_id FROM orders WHERE org_id = ?) AND NOT EXISTS (SELECT user_id FROM orders WHERE org_id = ?)
	counts := dialect.From("orders").Select(goqu.COUNT("*"), goqu.L("sum(a)"), "Total").GroupBy("org_id").As("c")
	query, _, _ = dialect.From(counts).ToSQL()
	s.db.QueryContext(ctx, query)
	// builder: SELECT * FROM (SELECT COUNT(*), sum(a), "Total" FROM orders GROUP BY org_id) AS c
}

func (s *store) camel(ctx context.Context) {
	query, _, _ := dialect.From("Order").Where(goqu.C("tenantId").Eq(1)).ToSQL()
	s.db.QueryContext(ctx, query)
	// builder: SELECT * FROM "Order" WHERE "tenantId" = ?
}

func executors(ctx context.Context, db *goqu.Database, tx *goqu.TxDatabase, name string) error {
	var ids []int64
	ds := db.From("users").Select("id").Where(goqu.Ex{"tenant_id": 1})
	if name != "" {
		ds = ds.Where(goqu.C("name").Eq(name))
	}
	if err := ds.Executor().ScanValsContext(ctx, &ids); err != nil {
		return err
	}
	// builder: SELECT id FROM users WHERE tenant_id = ? AND name = ?
	// builder: SELECT id FROM users WHERE tenant_id = ?
	_, err := tx.Insert("users").Rows(goqu.Record{"name": "x"}).Returning("id").Executor().ScanVal(&ids)
	// builder: INSERT INTO users (name) VALUES (?) RETURNING id
	if err != nil {
		return err
	}
	update := tx.Update("users").Set(goqu.Record{"name": name}).Where(goqu.C("id").In(db.From("orders").Select("user_id"))).Executor()
	// builder: UPDATE users SET name = ? WHERE id IN (SELECT user_id FROM orders)
	_, err = update.ExecContext(ctx)
	return err
}

// What scans rows that are there runs no query.
func scanned(db *goqu.Database, into *struct{ ID int64 }) error {
	// builder: SELECT * FROM users
	scanner, err := db.From("users").Executor().Scanner()
	if err != nil {
		return err
	}
	defer scanner.Close()
	for scanner.Next() {
		if err := scanner.ScanStruct(into); err != nil {
			return err
		}
	}
	return scanner.Err()
}

func expressions(db *goqu.Database) {
	var ids []int64
	db.From(goqu.T("users").Schema("app").As("u")).Select(goqu.COUNT("*"), goqu.MAX("u.id").As("m"), goqu.L("now() - ?", 1)).
		Where(
			goqu.Or(goqu.C("a").IsNull(), goqu.C("b").Between(goqu.Range(1, 2)), goqu.I("u.c").NotIn(1, 2)),
			goqu.And(goqu.C("d").Neq(nil), goqu.C("e").ILike("%x"), goqu.C("f").IsTrue()),
			goqu.Ex{"g": goqu.Op{"gt": 1, "lt": 5}, "h": nil, "i": []int{1}},
			goqu.Func("lower", goqu.C("j")).Eq("x"),
		).
		GroupBy("k").Having(goqu.COUNT("*").Gt(1)).Order(goqu.C("l").Desc().NullsLast()).ScanVals(&ids)
	// builder: SELECT COUNT(*), MAX(u.id) AS m, now() - ? FROM app.users AS u WHERE (a IS NULL OR b BETWEEN ? AND ? OR u.c NOT IN (_)) AND (d IS NOT NULL AND e ILIKE ? AND f IS TRUE) AND ((g > ? OR g < ?) AND h IS NULL AND i IN (_)) AND lower(j) = ? GROUP BY k HAVING COUNT(*) > ? ORDER BY l DESC NULLS LAST

	db.From("users").With("x", db.From("old")).Join(goqu.T("x"), goqu.Using("id")).Union(db.From("older")).Distinct().ScanVals(&ids)
	// builder: WITH x AS (SELECT * FROM old) SELECT DISTINCT * FROM users JOIN x USING (id) UNION SELECT * FROM older

	db.From(db.From("users").Where(goqu.ExOr{"a": 1, "b": 2}).As("y")).LeftJoin(goqu.T("z"), goqu.On(goqu.I("z.id").Eq(goqu.I("y.id")))).ClearWhere().ScanVals(&ids)
	// builder: SELECT * FROM (SELECT * FROM users WHERE (a = ? OR b = ?)) AS y LEFT JOIN z ON z.id = y.id

	db.Insert("users").Cols("a").FromQuery(db.From("old").Select("a")).OnConflict(goqu.DoNothing()).Executor().Exec()
	// builder: INSERT INTO users (a) SELECT a FROM old ON CONFLICT DO NOTHING

	db.Update("users").Set(goqu.Record{"a": goqu.L("a + 1")}).From("old").Where(goqu.Ex{"old.id": goqu.I("users.id")}).Returning("a").Executor().Exec()
	// builder: UPDATE users SET a = a + 1 FROM old WHERE old.id = users.id RETURNING a

	db.Truncate("users").Executor().Exec()
	// builder: TRUNCATE users
}
