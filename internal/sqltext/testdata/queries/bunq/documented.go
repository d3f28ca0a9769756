package bunq

import (
	"context"

	"github.com/uptrace/bun"
)

type Author struct {
	bun.BaseModel `bun:"table:authors,alias:a"`

	ID       int64 `bun:",pk,autoincrement"`
	TenantID int64
	Name     string
	Books    []Book `bun:"rel:has-many,join:id=author_id"`
}

type Book struct {
	ID       int64 `bun:",pk,autoincrement"`
	TenantID int64
	Title    string
	AuthorID int64
	Author   *Author `bun:"rel:belongs-to,join:author_id=id"`
	EditorID int64
	Editor   *Author `bun:"rel:belongs-to"`
	Tags     []Tag   `bun:"m2m:book_tags,join:Book=Tag"`
}

type Tag struct {
	ID   int64 `bun:",pk"`
	Name string
}

func (s *store) selects(ctx context.Context, t int64, ids []int64) {
	var b Book
	var all []Book
	var n int
	s.db.NewSelect().Model(&b).Where("id = ?", 1).Scan(ctx)
	// builder: SELECT * FROM books AS book WHERE id = ?
	s.db.NewSelect().Model((*Book)(nil)).Where("tenant_id = ?", t).Count(ctx)
	// builder: SELECT * FROM books AS book WHERE tenant_id = ?
	s.db.NewSelect().Model(&all).Where("? = ?", bun.Ident("tenant_id"), t).Scan(ctx)
	// builder: SELECT * FROM books AS book WHERE tenant_id = ?
	s.db.NewSelect().Model(&all).Where("id IN (?)", bun.In(ids)).Scan(ctx)
	// builder: SELECT * FROM books AS book WHERE id IN (?)
	s.db.NewSelect().Model(&all).Column("id", "title").OrderExpr("id ASC").Limit(1).Scan(ctx)
	// builder: SELECT id, title FROM books AS book ORDER BY id ASC
	s.db.NewSelect().Model(&all).ColumnExpr("count(*)").ColumnExpr("?TableAlias.*").Group("author_id").Scan(ctx, &n)
	// builder: SELECT count(*), book.* FROM books AS book GROUP BY author_id
	s.db.NewSelect().Model(&all).ExcludeColumn("title").WherePK().Scan(ctx)
	// builder: SELECT * FROM books AS book WHERE id IN (_)
	s.db.NewSelect().Model(&b).WherePK("tenant_id", "title").Scan(ctx)
	// builder: SELECT * FROM books AS book WHERE tenant_id = ? AND title = ?
	s.db.NewSelect().Table("books").Column("id").Where("tenant_id = ?", t).Scan(ctx, &n)
	// builder: SELECT id FROM books WHERE tenant_id = ?
	s.db.NewSelect().TableExpr("books AS b").TableExpr("authors AS a").Where("b.author_id = a.id").Where("a.tenant_id = ?", t).Scan(ctx)
	// builder: SELECT * FROM books AS b, authors AS a WHERE (b.author_id = a.id) AND (a.tenant_id = ?)
	s.db.NewSelect().Model(&all).ModelTableExpr("old_books AS book").Where("book.tenant_id = ?", t).Scan(ctx)
	// builder: SELECT * FROM old_books AS book WHERE book.tenant_id = ?
	s.db.NewSelect().Model(&all).Where("title = ?", "a").WhereOr("title = ?", "b").Scan(ctx)
	// builder: SELECT * FROM books AS book WHERE (title = ?) OR (title = ?)
	s.db.NewSelect().Model(&all).Where("tenant_id = ?", t).WhereGroup(" AND ", func(q *bun.SelectQuery) *bun.SelectQuery {
		return q.WhereOr("title = ?", "a").WhereOr("title = ?", "b")
	}).Scan(ctx)
	// builder: SELECT * FROM books AS book WHERE (tenant_id = ?) AND ((title = ?) OR (title = ?))
	s.db.NewSelect().Model(&all).Where("tenant_id = ?", t).WhereGroup(" OR ", func(q *bun.SelectQuery) *bun.SelectQuery {
		return q.Where("title = ?", "a")
	}).Scan(ctx)
	// builder: SELECT * FROM books AS book WHERE (tenant_id = ?) OR ((title = ?))
	s.db.NewSelect().Model(&all).For("UPDATE SKIP LOCKED").Where("tenant_id = ?", t).Exists(ctx)
	// builder: SELECT * FROM books AS book WHERE tenant_id = ?
	s.db.NewSelect().Model(&all).DistinctOn("author_id").Where("book.tenant_id = ?", t).ScanAndCount(ctx)
	// builder: SELECT * FROM books AS book WHERE book.tenant_id = ?
}

func (s *store) subqueries(ctx context.Context, t int64) {
	var all []Book
	sub := s.db.NewSelect().Model((*Author)(nil)).Column("id").Where("tenant_id = ?", t)
	s.db.NewSelect().Model(&all).Where("author_id IN (?)", sub).Scan(ctx)
	// builder: SELECT * FROM books AS book WHERE author_id IN (SELECT id FROM authors AS a WHERE tenant_id = ?)
	s.db.NewSelect().With("mine", sub).Model(&all).Join("JOIN mine ON mine.id = book.author_id").Scan(ctx)
	// builder: WITH mine AS (SELECT id FROM authors AS a WHERE tenant_id = ?) SELECT * FROM books AS book JOIN mine ON mine.id = book.author_id
	s.db.NewSelect().TableExpr("(?) AS m", sub).Scan(ctx)
	// builder: SELECT * FROM (SELECT id FROM authors AS a WHERE tenant_id = ?) AS m
	s.db.NewSelect().Model(&all).Where("EXISTS (?)", s.db.NewSelect().Model((*Author)(nil)).Where("a.id = book.author_id").Where("a.tenant_id = ?", t)).Scan(ctx)
	// builder: SELECT * FROM books AS book WHERE EXISTS (SELECT * FROM authors AS a WHERE (a.id = book.author_id) AND (a.tenant_id = ?))
	s.db.NewSelect().Model(&all).Where("tenant_id = ?", t).Union(s.db.NewSelect().Model(&all).Where("title = ?", "a")).Scan(ctx)
	// builder: SELECT * FROM books AS book WHERE tenant_id = ? UNION (SELECT * FROM books AS book WHERE title = ?)
	values := s.db.NewValues(&all)
	s.db.NewUpdate().With("_data", values).Model((*Book)(nil)).TableExpr("_data").Set("title = _data.title").Where("book.id = _data.id").Exec(ctx)
	// builder: WITH _data AS (_) UPDATE books AS book SET title = _data.title FROM _data WHERE book.id = _data.id
}

func (s *store) joins(ctx context.Context, t int64) {
	var all []Book
	var authors []Author
	s.db.NewSelect().Model(&all).Relation("Author").Where("author.tenant_id = ?", t).Scan(ctx)
	// builder: SELECT * FROM books AS book LEFT JOIN authors AS author ON book.author_id = author.id WHERE author.tenant_id = ?
	s.db.NewSelect().Model(&all).Relation("Editor").Relation("Author").Where("book.tenant_id = ?", t).Scan(ctx)
	// builder: SELECT * FROM books AS book LEFT JOIN authors AS editor ON book.editor_id = editor.id LEFT JOIN authors AS author ON book.author_id = author.id WHERE book.tenant_id = ?
	s.db.NewSelect().Model(&all).Relation("Author", func(q *bun.SelectQuery) *bun.SelectQuery { return q.Where("author.tenant_id = ?", t) }).Scan(ctx)
	// builder: SELECT * FROM books AS book LEFT JOIN authors AS author ON book.author_id = author.id WHERE author.tenant_id = ?
	s.db.NewSelect().Model(&authors).Relation("Books", func(q *bun.SelectQuery) *bun.SelectQuery { return q.Where("tenant_id = ?", t) }).Scan(ctx)
	// builder: SELECT * FROM authors AS a
	s.db.NewSelect().Model(&all).Relation("Tags").Where("title = ?", "a").Scan(ctx)
	// builder: SELECT * FROM books AS book WHERE title = ?
	s.db.NewSelect().Model(&all).Join("JOIN authors AS au").JoinOn("au.id = book.author_id").JoinOn("au.tenant_id = ?", t).Scan(ctx)
	// builder: SELECT * FROM books AS book JOIN authors AS au ON (au.id = book.author_id) AND (au.tenant_id = ?)
	s.db.NewSelect().Model(&all).Join("LEFT JOIN ? AS au ON au.id = book.author_id", bun.Ident("authors")).Where("au.tenant_id = ?", t).Scan(ctx)
	// builder: SELECT * FROM books AS book LEFT JOIN authors AS au ON au.id = book.author_id WHERE au.tenant_id = ?
}

func (s *store) inserts(ctx context.Context, b *Book, all []Book, t int64) {
	s.db.NewInsert().Model(b).Exec(ctx)
	// builder: INSERT INTO books (id, tenant_id, title, author_id, editor_id) VALUES (?, ?, ?, ?, ?)
	s.db.NewInsert().Model(&all).Returning("id").Exec(ctx)
	// builder: INSERT INTO books (id, tenant_id, title, author_id, editor_id) VALUES (?, ?, ?, ?, ?) RETURNING id
	s.db.NewInsert().Model(b).Column("title").Exec(ctx)
	// builder: INSERT INTO books (title) VALUES (?)
	s.db.NewInsert().Model(b).ExcludeColumn("tenant_id").Exec(ctx)
	// builder: INSERT INTO books (id, tenant_id, title, author_id, editor_id) VALUES (?, ?, ?, ?, ?)
	s.db.NewInsert().Model(b).Ignore().Exec(ctx)
	// builder: INSERT INTO books (id, tenant_id, title, author_id, editor_id) VALUES (?, ?, ?, ?, ?)
	s.db.NewInsert().Model(b).On("CONFLICT (id) DO UPDATE").Set("title = EXCLUDED.title").Exec(ctx)
	// builder: INSERT INTO books AS book (id, tenant_id, title, author_id, editor_id) VALUES (?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET title = EXCLUDED.title
	s.db.NewInsert().Model(b).On("CONFLICT (title) DO UPDATE").Exec(ctx)
	// builder: INSERT INTO books AS book (id, tenant_id, title, author_id, editor_id) VALUES (?, ?, ?, ?, ?) ON CONFLICT (title) DO UPDATE SET tenant_id = EXCLUDED.tenant_id, title = EXCLUDED.title, author_id = EXCLUDED.author_id, editor_id = EXCLUDED.editor_id
	s.db.NewInsert().Model(b).On("CONFLICT (title) DO UPDATE").Set("title = EXCLUDED.title").Where("book.tenant_id = ?", t).Exec(ctx)
	// builder: INSERT INTO books AS book (id, tenant_id, title, author_id, editor_id) VALUES (?, ?, ?, ?, ?) ON CONFLICT (title) DO UPDATE SET title = EXCLUDED.title WHERE book.tenant_id = ?
	s.db.NewInsert().Model(b).On("CONFLICT (tenant_id, title) DO NOTHING").Exec(ctx)
	// builder: INSERT INTO books AS book (id, tenant_id, title, author_id, editor_id) VALUES (?, ?, ?, ?, ?) ON CONFLICT (tenant_id, title) DO NOTHING
	values := map[string]any{"title": "a"}
	s.db.NewInsert().Model(&values).TableExpr("books").Exec(ctx)
	// builder: INSERT INTO books VALUES (_)
	s.db.NewInsert().Table("old_books").TableExpr("books").Where("tenant_id = ?", t).Exec(ctx)
	// builder: INSERT INTO old_books, books VALUES (_)
}

func (s *store) updates(ctx context.Context, b *Book, all []Book, t int64) {
	s.db.NewUpdate().Model(b).Column("title").WherePK().Exec(ctx)
	// builder: UPDATE books AS book SET tenant_id = ?, title = ?, author_id = ?, editor_id = ? WHERE id = ?
	s.db.NewUpdate().Model(b).OmitZero().WherePK().Where("tenant_id = ?", t).Exec(ctx)
	// builder: UPDATE books AS book SET tenant_id = ?, title = ?, author_id = ?, editor_id = ? WHERE id = ? AND (tenant_id = ?)
	s.db.NewUpdate().Model(b).Set("title = ?", "a").Set("editor_id = NULL").Where("id = ?", 1).Exec(ctx)
	// builder: UPDATE books AS book SET title = ?, editor_id = NULL WHERE id = ?
	s.db.NewUpdate().Model(&all).Column("title").Bulk().Exec(ctx)
	// builder: UPDATE books AS book SET tenant_id = ?, title = ?, author_id = ?, editor_id = ? WHERE id IN (_)
	s.db.NewUpdate().Table("books").Set("title = ?", "a").Where("tenant_id = ?", t).Exec(ctx)
	// builder: UPDATE books SET title = ? WHERE tenant_id = ?
	s.db.NewUpdate().Model((*Book)(nil)).TableExpr("authors AS a").Set("title = a.name").Where("a.id = book.author_id").Where("a.tenant_id = ?", t).Exec(ctx)
	// builder: UPDATE books AS book SET title = a.name FROM authors AS a WHERE (a.id = book.author_id) AND (a.tenant_id = ?)
	s.db.NewUpdate().Model((*Book)(nil)).SetColumn("title", "upper(?)", "a").Where("title = ?", "b").Exec(ctx)
	// builder: UPDATE books AS book SET title = upper(?) WHERE title = ?
	s.db.NewDelete().Model(b).WherePK().Exec(ctx)
	// builder: DELETE FROM books AS book WHERE id = ?
	s.db.NewDelete().Model((*Book)(nil)).Where("title = ?", "a").ForceDelete().Exec(ctx)
	// builder: DELETE FROM books AS book WHERE title = ?
	s.db.NewDelete().TableExpr("books AS b").Where("b.tenant_id = ?", t).Exec(ctx)
	// builder: DELETE FROM books AS b WHERE b.tenant_id = ?
	s.db.NewMerge().Model((*Book)(nil)).With("_data", s.db.NewValues(&all)).Using("_data").On("?TableAlias.id = _data.id").WhenUpdate("MATCHED", func(q *bun.UpdateQuery) *bun.UpdateQuery { return q.Set("title = _data.title") }).WhenInsert("NOT MATCHED", func(q *bun.InsertQuery) *bun.InsertQuery { return q.Value("title", "_data.title") }).Exec(ctx)
	// builder: WITH _data AS (_) MERGE INTO books AS book USING _data ON book.id = _data.id WHEN MATCHED THEN UPDATE SET title = _data.title WHEN NOT MATCHED THEN INSERT (title) VALUES (_)
	s.db.NewRaw("SELECT * FROM books WHERE tenant_id = ?", t).Scan(ctx, &all)
	// literal: SELECT * FROM books WHERE tenant_id = ?
}
