package gq

import (
	"context"

	"github.com/doug-martin/goqu/v9"
	"github.com/doug-martin/goqu/v9/exp"
)

type note struct {
	ID       int64  `db:"id"`
	TenantID int64  `db:"tenant_id"`
	Text     string `db:"text"`
}

func documentedReads(ctx context.Context, db *goqu.Database, t int64) {
	var all []note
	var n note
	var ids []int64
	db.From("notes").Where(goqu.Ex{"tenant_id": t}).ScanStructs(&all)
	// builder: SELECT * FROM notes WHERE tenant_id = ?
	db.From("notes").Where(goqu.C("tenant_id").Eq(t), goqu.C("text").Like("a%")).ScanStructs(&all)
	// builder: SELECT * FROM notes WHERE tenant_id = ? AND text LIKE ?
	db.From("notes").Where(goqu.I("notes.tenant_id").Eq(t)).ScanStruct(&n)
	// builder: SELECT * FROM notes WHERE notes.tenant_id = ?
	db.From("notes").Select("id").Where(goqu.ExOr{"text": "a", "tenant_id": t}).ScanVals(&ids)
	// builder: SELECT id FROM notes WHERE (text = ? OR tenant_id = ?)
	db.From("notes").Where(goqu.Or(goqu.C("text").Eq("a"), goqu.And(goqu.C("id").Gt(1), goqu.C("tenant_id").Eq(t)))).ScanStructs(&all)
	// builder: SELECT * FROM notes WHERE (text = ? OR (id > ? AND tenant_id = ?))
	db.From("notes").Where(goqu.Ex{"id": goqu.Op{"gt": 10}, "text": []string{"a", "b"}}).ScanStructs(&all)
	// builder: SELECT * FROM notes WHERE ((id > ?) AND text IN (_))
	db.From("notes").Where(goqu.Ex{"text": goqu.Op{"neq": "a"}, "deleted": nil}).Count()
	// builder: SELECT * FROM notes WHERE ((text <> ?) AND deleted IS NULL)
	db.From("notes").Where(goqu.L("tenant_id = ?", t)).ScanStructs(&all)
	// builder: SELECT * FROM notes WHERE tenant_id = ?
	db.From("notes").Where(goqu.L("? = ?", goqu.C("tenant_id"), t)).ScanStructs(&all)
	// builder: SELECT * FROM notes WHERE tenant_id = ?
	db.From(goqu.T("notes").As("n")).Where(goqu.T("n").Col("tenant_id").Eq(t)).ScanStructs(&all)
	// builder: SELECT * FROM notes AS n WHERE n.tenant_id = ?
	db.From(goqu.S("app").Table("notes")).Where(goqu.C("tenant_id").Eq(t)).ScanStructs(&all)
	// builder: SELECT * FROM app.notes WHERE tenant_id = ?
	db.Select("id").From("notes").Where(goqu.C("id").In(1, 2), goqu.C("text").Between(goqu.Range("a", "b"))).ScanVals(&ids)
	// builder: SELECT id FROM notes WHERE id IN (_) AND text BETWEEN ? AND ?
	db.From("notes").Join(goqu.T("users"), goqu.On(goqu.Ex{"notes.user_id": goqu.I("users.id")})).Where(goqu.I("users.tenant_id").Eq(t)).ScanStructs(&all)
	// builder: SELECT * FROM notes JOIN users ON notes.user_id = users.id WHERE users.tenant_id = ?
	db.From("notes").LeftJoin(goqu.T("users").As("u"), goqu.On(goqu.I("notes.user_id").Eq(goqu.I("u.id")))).Where(goqu.I("notes.tenant_id").Eq(t)).ScanStructs(&all)
	// builder: SELECT * FROM notes LEFT JOIN users AS u ON notes.user_id = u.id WHERE notes.tenant_id = ?
	db.From("notes").InnerJoin(goqu.T("users"), goqu.Using("tenant_id")).ScanStructs(&all)
	// builder: SELECT * FROM notes INNER JOIN users USING (tenant_id)
	sub := db.From("users").Select("id").Where(goqu.C("tenant_id").Eq(t))
	db.From("notes").Where(goqu.C("user_id").In(sub)).ScanStructs(&all)
	// builder: SELECT * FROM notes WHERE user_id IN (SELECT id FROM users WHERE tenant_id = ?)
	db.From(sub.As("u")).Select(goqu.COUNT("*")).ScanVal(new(int))
	// builder: SELECT COUNT(*) FROM (SELECT id FROM users WHERE tenant_id = ?) AS u
	db.From("notes").With("mine", sub).Where(goqu.C("user_id").In(db.From("mine").Select("id"))).ScanStructs(&all)
	// builder: WITH mine AS (SELECT id FROM users WHERE tenant_id = ?) SELECT * FROM notes WHERE user_id IN (SELECT id FROM mine)
	db.From("notes").Where(goqu.C("tenant_id").Eq(t)).Union(db.From("notes").Where(goqu.C("text").Eq("a"))).ScanStructs(&all)
	// builder: SELECT * FROM notes WHERE tenant_id = ? UNION SELECT * FROM notes WHERE text = ?
	db.From("notes").Where(goqu.Func("lower", goqu.C("text")).Eq("a")).GroupBy("user_id").Having(goqu.COUNT("*").Gt(1)).ScanStructs(&all)
	// builder: SELECT * FROM notes WHERE lower(text) = ? GROUP BY user_id HAVING COUNT(*) > ?
	db.From("notes").Where(goqu.C("tenant_id").Eq(t)).ForUpdate(exp.SkipLocked).Limit(1).ScanStructContext(ctx, &n)
	// builder: SELECT * FROM notes WHERE tenant_id = ?
	db.From("notes").Where(goqu.C("tenant_id").Eq(t)).Pluck(&ids, "id")
	// builder: SELECT * FROM notes WHERE tenant_id = ?
	db.From("notes").Where(goqu.C("text").Eq("a")).Executor().ScanStructs(&all)
	// builder: SELECT * FROM notes WHERE text = ?
	db.From("notes").Where(goqu.C("text").IsNotNull(), goqu.C("text").Eq(goqu.Any(ids))).ScanStructs(&all)
	// builder: SELECT * FROM notes WHERE text IS NOT NULL AND text = Any(_)
}

func documentedWrites(db *goqu.Database, tx *goqu.TxDatabase, n note, t int64) {
	db.Insert("notes").Rows(goqu.Record{"tenant_id": t, "text": "a"}).Executor().Exec()
	// builder: INSERT INTO notes (tenant_id, text) VALUES (?, ?)
	db.Insert("notes").Rows(n).Executor().Exec()
	// builder: INSERT INTO notes (id, tenant_id, text) VALUES (?, ?, ?)
	db.Insert("notes").Rows(goqu.Record{"text": "a"}, goqu.Record{"text": "b"}).Executor().Exec()
	// builder: INSERT INTO notes (text) VALUES (?)
	db.Insert("notes").Cols("tenant_id", "text").Vals(goqu.Vals{t, "a"}).Executor().Exec()
	// builder: INSERT INTO notes (tenant_id, text) VALUES (?, ?)
	db.Insert("notes").Cols("tenant_id", "text").FromQuery(db.From("old_notes").Select("tenant_id", "text").Where(goqu.C("tenant_id").Eq(t))).Executor().Exec()
	// builder: INSERT INTO notes (tenant_id, text) SELECT tenant_id, text FROM old_notes WHERE tenant_id = ?
	db.Insert("notes").Rows(n).OnConflict(goqu.DoNothing()).Executor().Exec()
	// builder: INSERT INTO notes (id, tenant_id, text) VALUES (?, ?, ?) ON CONFLICT DO NOTHING
	db.Insert("notes").Rows(n).OnConflict(goqu.DoUpdate("text", goqu.Record{"text": "b"})).Executor().Exec()
	// builder: INSERT INTO notes (id, tenant_id, text) VALUES (?, ?, ?) ON CONFLICT (text) DO UPDATE SET _
	db.Insert("notes").Rows(n).OnConflict(goqu.DoUpdate("text", goqu.C("text").Set("b")).Where(goqu.I("notes.tenant_id").Eq(t))).Executor().Exec()
	// builder: INSERT INTO notes (id, tenant_id, text) VALUES (?, ?, ?) ON CONFLICT (text) DO UPDATE SET _ WHERE notes.tenant_id = ?
	db.Update("notes").Set(goqu.Record{"text": "b"}).Where(goqu.Ex{"tenant_id": t}).Executor().Exec()
	// builder: UPDATE notes SET text = ? WHERE tenant_id = ?
	db.Update("notes").Set(n).Where(goqu.C("id").Eq(1)).Executor().Exec()
	// builder: UPDATE notes SET tenant_id = ?, text = ? WHERE id = ?
	db.Update("notes").Set(goqu.Record{"text": goqu.I("users.name")}).From("users").Where(goqu.Ex{"users.id": goqu.I("notes.user_id"), "users.tenant_id": t}).Executor().Exec()
	// builder: UPDATE notes SET text = users.name FROM users WHERE (users.id = notes.user_id AND users.tenant_id = ?)
	db.From("notes").Where(goqu.C("tenant_id").Eq(t)).Update().Set(goqu.Record{"text": "b"}).Executor().Exec()
	// builder: UPDATE notes SET text = ? WHERE tenant_id = ?
	db.From("notes").Where(goqu.C("text").Eq("a")).Delete().Executor().Exec()
	// builder: DELETE FROM notes WHERE text = ?
	db.Delete("notes").Where(goqu.C("tenant_id").Eq(t)).Returning("id").Executor().Exec()
	// builder: DELETE FROM notes WHERE tenant_id = ? RETURNING id
	tx.Delete("notes").Where(goqu.Ex{"id": 1}).Executor().Exec()
	// builder: DELETE FROM notes WHERE id = ?
}
