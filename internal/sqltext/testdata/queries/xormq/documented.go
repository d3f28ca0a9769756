package xormq

import (
	"xorm.io/builder"
	"xorm.io/xorm"
)

type Doc struct {
	ID       int64 `xorm:"pk autoincr 'id'"`
	TenantID int64
	Title    string
	UserID   int64
}

// Rows may be put into a map.
func mapped(s *xorm.Session, t int64) map[int64]*Doc {
	docs, byValue := make(map[int64]*Doc), map[int64]Doc{}
	s.In("id", []int64{1}).Find(&docs)
	// builder: SELECT * FROM doc WHERE id IN (_)
	s.Where("tenant_id = ?", t).FindAndCount(&byValue)
	// builder: SELECT * FROM doc WHERE tenant_id = ?
	s.Table("doc").Find(&map[int64]string{})
	// builder: SELECT * FROM doc
	return docs
}

// The key may be given by a step of its own, before or behind the table.
func byKey(s *xorm.Session, id, t int64) {
	s.ID(id).Get(&Doc{})
	// builder: SELECT * FROM doc WHERE id = ?
	s.ID(id).Update(&Doc{Title: "a"})
	// builder: UPDATE doc SET tenant_id = ?, title = ?, user_id = ? WHERE id = ?
	s.Where("tenant_id = ?", t).ID(id).Delete(&Doc{})
	// builder: DELETE FROM doc WHERE (tenant_id = ?) AND id = ?
	s.Table(new(Doc)).ID(id).Exist()
	// builder: SELECT * FROM doc WHERE id = ?
	s.Table("doc").ID(id).Update(map[string]any{"title": "a"})
	// builder: UPDATE doc SET title = ? WHERE id = ?
}

type hook interface{ Apply(s *xorm.Session) error }

// A literal may hand out what the function around it was given.
func handsOut(s *xorm.Session, h hook) error {
	apply := func(n int) error { return h.Apply(s) }
	return apply(1)
}

func handedOut(e *xorm.Engine, h hook) error {
	s := e.Where("user_id = ?", 1)
	if err := handsOut(s, h); err != nil {
		return err
	}
	return s.Find(&[]Doc{})
	// builder: SELECT * FROM doc WHERE user_id = ?
}

type Profile struct {
	TenantID int64 `xorm:"pk"`
	Motto    string
}

// The key that ID compares is that of the model which a later step names.
func keyed(e *xorm.Engine, p *Profile, some bool) {
	e.ID(1).Get(&Profile{})
	// builder: SELECT * FROM profile WHERE tenant_id = ?
	e.ID(1).Cols("motto").Where("motto = ?", "a").Update(p)
	// builder: UPDATE profile SET motto = ? WHERE tenant_id = ? AND (motto = ?)
	e.Where("motto = ?", "a").ID(1).Delete(&Profile{})
	// builder: DELETE FROM profile WHERE (motto = ?) AND tenant_id = ?
	e.Table(&Profile{}).ID(1).Update(map[string]any{"motto": "a"})
	// builder: UPDATE profile SET motto = ? WHERE tenant_id = ?
	q := e.Where("motto = ?", "a")
	if some {
		q = q.ID(1)
	}
	q.Delete(&Profile{})
	// builder: DELETE FROM profile WHERE (motto = ?) AND tenant_id = ?
	// builder: DELETE FROM profile WHERE motto = ?
}

func documentedReads(e *xorm.Engine, s *xorm.Session, t int64) {
	var d Doc
	var all []Doc
	var n int64
	e.ID(1).Get(&d)
	// builder: SELECT * FROM doc WHERE id = ?
	e.Where("tenant_id = ?", t).Get(&d)
	// builder: SELECT * FROM doc WHERE (tenant_id = ?) AND _
	e.Get(&Doc{ID: 1})
	// builder: SELECT * FROM doc WHERE id = ?
	e.Where("tenant_id = ?", t).And("title = ?", "a").Or("user_id = ?", 1).Find(&all)
	// builder: SELECT * FROM doc WHERE (tenant_id = ?) AND (title = ?) OR (user_id = ?)
	e.Where(builder.Eq{"tenant_id": t}).Find(&all)
	// builder: SELECT * FROM doc WHERE tenant_id = ?
	e.Where(builder.Eq{"tenant_id": t}.And(builder.Like{"title", "a"})).Find(&all)
	// builder: SELECT * FROM doc WHERE (tenant_id = ? AND title LIKE ?)
	e.Where(builder.Or(builder.Eq{"tenant_id": t}, builder.Expr("title = ?", "a"))).Find(&all)
	// builder: SELECT * FROM doc WHERE (tenant_id = ? OR title = ?)
	e.Where(builder.In("id", builder.Select("id").From("user").Where(builder.Eq{"tenant_id": t}))).Find(&all)
	// builder: SELECT * FROM doc WHERE id IN (_)
	e.Where(builder.Between{Col: "id", LessVal: 1, MoreVal: 2}).Find(&all)
	// builder: SELECT * FROM doc WHERE id BETWEEN ? AND ?
	e.Where(builder.Not{builder.Eq{"title": "a"}}).Find(&all)
	// builder: SELECT * FROM doc WHERE NOT (title = ?)
	e.Where(builder.IsNull{"title"}).Find(&all)
	// builder: SELECT * FROM doc WHERE title IS NULL
	e.In("id", 1, 2).Cols("title").Find(&all)
	// builder: SELECT * FROM doc WHERE id IN (_)
	e.Table(&Doc{}).Select("id").Where("title = ?", "a").Find(&n)
	// builder: SELECT id FROM doc WHERE title = ?
	e.Table("doc").Join("INNER", "user", "user.id = doc.user_id").Where("user.tenant_id = ?", t).Find(&all)
	// builder: SELECT * FROM doc INNER JOIN "user" ON user.id = doc.user_id WHERE user.tenant_id = ?
	e.Join("LEFT", []string{"user", "u"}, "u.id = doc.user_id").Where("doc.tenant_id = ?", t).Find(&all)
	// builder: SELECT * FROM doc LEFT JOIN "user" AS u ON u.id = doc.user_id WHERE doc.tenant_id = ?
	e.Where("title = ?", "a").Count(new(Doc))
	// builder: SELECT * FROM doc WHERE title = ?
	e.Where("tenant_id = ?", t).Exist(&Doc{})
	// builder: SELECT * FROM doc WHERE tenant_id = ?
	e.Where("title = ?", "a").Iterate(new(Doc), func(int, any) error { return nil })
	// builder: SELECT * FROM doc WHERE title = ?
	e.Where("title = ?", "a").Rows(new(Doc))
	// builder: SELECT * FROM doc WHERE title = ?
	e.SQL("SELECT * FROM doc WHERE tenant_id = ?", t).Find(&all)
	// literal: SELECT * FROM doc WHERE tenant_id = ?
	s.Where("tenant_id = ?", t).Limit(10, 0).Desc("id").FindAndCount(&all)
	// builder: SELECT * FROM doc WHERE tenant_id = ? ORDER BY id
	e.NoAutoCondition().Get(&Doc{TenantID: t})
	// builder: SELECT * FROM doc WHERE tenant_id = ?
}

func documentedWrites(e *xorm.Engine, d *Doc, t int64) {
	e.Insert(d)
	// builder: INSERT INTO doc (id, tenant_id, title, user_id) VALUES (?, ?, ?, ?)
	e.Insert(&[]Doc{})
	// builder: INSERT INTO doc (id, tenant_id, title, user_id) VALUES (?, ?, ?, ?)
	e.InsertOne(d)
	// builder: INSERT INTO doc (id, tenant_id, title, user_id) VALUES (?, ?, ?, ?)
	e.ID(1).Update(d)
	// builder: UPDATE doc SET tenant_id = ?, title = ?, user_id = ? WHERE id = ?
	e.ID(1).Cols("title").Update(&Doc{Title: "a"})
	// builder: UPDATE doc SET tenant_id = ?, title = ?, user_id = ? WHERE id = ?
	e.Where("title = ?", "a").Update(&Doc{Title: "b"})
	// builder: UPDATE doc SET tenant_id = ?, title = ?, user_id = ? WHERE title = ?
	e.Update(&Doc{Title: "b"}, &Doc{TenantID: t})
	// builder: UPDATE doc SET tenant_id = ?, title = ?, user_id = ? WHERE tenant_id = ?
	e.Table(new(Doc)).Where("tenant_id = ?", t).Update(map[string]any{"title": "b"})
	// builder: UPDATE doc SET title = ? WHERE tenant_id = ?
	e.ID(1).Delete(&Doc{})
	// builder: DELETE FROM doc WHERE id = ?
	e.Where("tenant_id = ?", t).Delete(&Doc{})
	// builder: DELETE FROM doc WHERE tenant_id = ?
	e.Delete(&Doc{TenantID: t})
	// builder: DELETE FROM doc WHERE tenant_id = ?
	e.Incr("user_id").Where("title = ?", "a").Update(new(Doc))
	// builder: UPDATE doc SET tenant_id = ?, title = ?, user_id = ? WHERE title = ?
}
