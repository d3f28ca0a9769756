package popq

import "github.com/gobuffalo/pop/v6"

type Song struct {
	ID       int64  `db:"id"`
	TenantID int64  `db:"tenant_id"`
	UserID   int64  `db:"user_id"`
	Title    string `db:"title"`
}

func documented(c *pop.Connection, s *Song, all *[]Song, t int64) {
	c.Find(s, 1)
	// builder: SELECT * FROM songs WHERE id = ?
	c.All(all)
	// builder: SELECT * FROM songs
	c.Where("tenant_id = ?", t).All(all)
	// builder: SELECT * FROM songs WHERE tenant_id = ?
	c.Where("title = ?", "a").Order("id desc").First(s)
	// builder: SELECT * FROM songs WHERE title = ? ORDER BY id desc
	c.Where("tenant_id = ?", t).Where("title in (?)", "a", "b").Last(s)
	// builder: SELECT * FROM songs WHERE tenant_id = ? AND title in (?)
	c.Where("tenant_id = ?", t).Paginate(1, 10).All(all)
	// builder: SELECT * FROM songs WHERE tenant_id = ?
	c.Where("title = ?", "a").Count(&Song{})
	// builder: SELECT count(*) FROM songs WHERE title = ?
	c.Where("title = ?", "a").Exists(&Song{})
	// builder: SELECT * FROM songs WHERE title = ?
	c.Q().LeftJoin("users", "users.id = songs.user_id").Where("users.tenant_id = ?", t).All(all)
	// builder: SELECT * FROM songs LEFT JOIN users ON users.id = songs.user_id WHERE users.tenant_id = ?
	c.Select("id").Where("tenant_id = ?", t).All(all)
	// builder: SELECT id FROM songs WHERE tenant_id = ?
	c.Eager("User").Where("tenant_id = ?", t).All(all)
	// builder: SELECT * FROM songs WHERE tenant_id = ?
	c.Scope(func(q *pop.Query) *pop.Query { return q.Where("tenant_id = ?", t) }).All(all)
	// builder: SELECT * FROM songs WHERE tenant_id = ?
	c.RawQuery("SELECT * FROM songs WHERE tenant_id = ?", t).All(all)
	// literal: SELECT * FROM songs WHERE tenant_id = ?
	c.Create(s)
	// builder: INSERT INTO songs (id, tenant_id, user_id, title) VALUES (?, ?, ?, ?)
	c.Save(s)
	// builder: UPDATE songs SET tenant_id = ?, user_id = ?, title = ? WHERE id = ?
	c.Update(s)
	// builder: UPDATE songs SET tenant_id = ?, user_id = ?, title = ? WHERE id = ?
	c.UpdateColumns(s, "title")
	// builder: UPDATE songs SET title = ? WHERE id = ?
	c.Where("title = ?", "a").UpdateQuery(s, "title")
	// builder: UPDATE songs SET title = ? WHERE title = ?
	c.Destroy(s)
	// builder: DELETE FROM songs WHERE id = ?
	c.Where("tenant_id = ?", t).Delete(&Song{})
	// builder: DELETE FROM songs WHERE tenant_id = ?
	c.RawQuery("DELETE FROM songs").Exec()
	// literal: DELETE FROM songs
}
