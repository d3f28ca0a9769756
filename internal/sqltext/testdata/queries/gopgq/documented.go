package gopgq

import (
	"context"

	"github.com/go-pg/pg/v10"
	"github.com/go-pg/pg/v10/orm"
)

type Author struct {
	ID       int64
	TenantID int64
	Name     string
	Books    []*Book `pg:"rel:has-many"`
}

type Book struct {
	tableName struct{} `pg:"books"`

	ID       int64
	TenantID int64
	Title    string
	AuthorID int64
	Author   *Author `pg:"rel:has-one"`
}

func reads(ctx context.Context, db *pg.DB, t int64, ids []int64) {
	b := new(Book)
	var all []Book
	var n int
	db.Model(b).Where("id = ?", 1).Select()
	// builder: SELECT * FROM books AS book WHERE id = ?
	db.Model(b).WherePK().Select()
	// builder: SELECT * FROM books AS book WHERE id = ?
	db.Model(&all).Where("book.tenant_id = ?", t).Select()
	// builder: SELECT * FROM books AS book WHERE book.tenant_id = ?
	db.Model(&all).Where("?TableAlias.tenant_id = ?", t).Order("id ASC").Limit(5).Select()
	// builder: SELECT * FROM books AS book WHERE book.tenant_id = ? ORDER BY id ASC
	db.Model(&all).Column("title", "author_id").Where("title = ?0 OR title = ?1", "a", "b").Select()
	// builder: SELECT title, author_id FROM books AS book WHERE title = ?0 OR title = ?1
	db.Model(&all).ColumnExpr("count(?)", pg.Ident("id")).Group("author_id").Select(&n)
	// builder: SELECT count(id) FROM books AS book GROUP BY author_id
	db.Model(&all).Where("id IN (?)", pg.In(ids)).Select()
	// builder: SELECT * FROM books AS book WHERE id IN (?)
	db.Model(&all).WhereIn("id IN (?)", ids).SelectAndCount()
	// builder: SELECT * FROM books AS book WHERE id IN (?)
	db.Model(&all).Where("title = ?", "a").WhereOr("title = ?", "b").Select()
	// builder: SELECT * FROM books AS book WHERE (title = ?) OR (title = ?)
	db.Model(&all).Where("tenant_id = ?", t).WhereGroup(func(q *orm.Query) (*orm.Query, error) {
		return q.WhereOr("title = 'a'").WhereOr("title = 'b'"), nil
	}).Select()
	// builder: SELECT * FROM books AS book WHERE (tenant_id = ?) AND ((title = 'a') OR (title = 'b'))
	db.Model(&all).WhereGroup(func(q *orm.Query) (*orm.Query, error) { return q.Where("title = ?", "a"), nil }).Count()
	// builder: SELECT * FROM books AS book WHERE (title = ?)
	db.Model(&all).Relation("Author").Where("author.tenant_id = ?", t).Select()
	// builder: SELECT * FROM books AS book LEFT JOIN authors AS author ON book.author_id = author.id WHERE author.tenant_id = ?
	db.Model(&all).Relation("Author.name").Where("book.title = ?", "a").Select()
	// builder: SELECT * FROM books AS book LEFT JOIN authors AS author ON book.author_id = author.id WHERE book.title = ?
	db.Model(&all).Join("JOIN authors AS a").JoinOn("a.id = book.author_id").Where("a.tenant_id = ?", t).Select()
	// builder: SELECT * FROM books AS book JOIN authors AS a ON (a.id = book.author_id) WHERE a.tenant_id = ?
	db.Model(&all).TableExpr("authors AS a").Where("a.id = book.author_id").Where("a.tenant_id = ?", t).Select()
	// builder: SELECT * FROM books AS book, authors AS a WHERE (a.id = book.author_id) AND (a.tenant_id = ?)
	sub := db.Model((*Author)(nil)).Column("id").Where("tenant_id = ?", t)
	db.Model(&all).Where("author_id IN (?)", sub).Select()
	// builder: SELECT * FROM books AS book WHERE author_id IN (SELECT id FROM authors AS author WHERE tenant_id = ?)
	db.Model().With("mine", sub).TableExpr("mine").Select(&all)
	// builder: WITH mine AS (SELECT id FROM authors AS author WHERE tenant_id = ?) SELECT * FROM mine
	db.Model().TableExpr("(?) AS m", sub).Select(&all)
	// builder: SELECT * FROM (SELECT id FROM authors AS author WHERE tenant_id = ?) AS m
	db.Model((*Book)(nil)).Where("tenant_id = ?", t).Exists()
	// builder: SELECT * FROM books AS book WHERE tenant_id = ?
	db.ModelContext(ctx, &all).Apply(func(q *orm.Query) (*orm.Query, error) { return q.Where("tenant_id = ?", t), nil }).Select()
	// builder: SELECT * FROM books AS book WHERE tenant_id = ?
	db.Model(&all).Where("title = ?", "a").ForEach(func(b *Book) error { return nil })
	// builder: SELECT * FROM books AS book WHERE title = ?
	db.Query(&all, "SELECT * FROM books WHERE tenant_id = ?", t)
	// literal: SELECT * FROM books WHERE tenant_id = ?
}

func writes(db *pg.DB, b *Book, all []Book, t int64) {
	db.Model(b).Insert()
	// builder: INSERT INTO books (id, tenant_id, title, author_id) VALUES (?, ?, ?, ?)
	db.Model(&all).Returning("id").Insert()
	// builder: INSERT INTO books (id, tenant_id, title, author_id) VALUES (?, ?, ?, ?) RETURNING id
	db.Model(b).OnConflict("DO NOTHING").Insert()
	// builder: INSERT INTO books AS book (id, tenant_id, title, author_id) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING
	db.Model(b).OnConflict("(title) DO UPDATE").Set("title = EXCLUDED.title").Insert()
	// builder: INSERT INTO books AS book (id, tenant_id, title, author_id) VALUES (?, ?, ?, ?) ON CONFLICT (title) DO UPDATE SET title = EXCLUDED.title
	db.Model(b).OnConflict("(title) DO UPDATE").Insert()
	// builder: INSERT INTO books AS book (id, tenant_id, title, author_id) VALUES (?, ?, ?, ?) ON CONFLICT (title) DO UPDATE SET tenant_id = EXCLUDED.tenant_id, title = EXCLUDED.title, author_id = EXCLUDED.author_id
	db.Model(b).OnConflict("(title) DO UPDATE").Set("title = EXCLUDED.title").Where("book.tenant_id = ?", t).Insert()
	// builder: INSERT INTO books AS book (id, tenant_id, title, author_id) VALUES (?, ?, ?, ?) ON CONFLICT (title) DO UPDATE SET title = EXCLUDED.title WHERE book.tenant_id = ?
	db.Model(b).Where("title = ?title").OnConflict("DO NOTHING").SelectOrInsert()
	// builder: SELECT * FROM books AS book WHERE title = ?title
	db.Model(b).WherePK().Update()
	// builder: UPDATE books AS book SET tenant_id = ?, title = ?, author_id = ? WHERE id = ?
	db.Model(b).Set("title = ?title").Where("id = ?id").Update()
	// builder: UPDATE books AS book SET title = ?title WHERE id = ?id
	db.Model(b).Column("title").WherePK().Where("tenant_id = ?", t).UpdateNotZero()
	// builder: UPDATE books AS book SET tenant_id = ?, title = ?, author_id = ? WHERE id = ? AND (tenant_id = ?)
	db.Model((*Book)(nil)).TableExpr("authors AS a").Set("title = a.name").Where("a.id = book.author_id AND a.tenant_id = ?", t).Update()
	// builder: UPDATE books AS book SET title = a.name FROM authors AS a WHERE a.id = book.author_id AND a.tenant_id = ?
	db.Model(&all).Update()
	// builder: UPDATE books AS book SET tenant_id = ?, title = ?, author_id = ? WHERE id IN (_)
	db.Model(b).WherePK().Delete()
	// builder: DELETE FROM books AS book WHERE id = ?
	db.Model((*Book)(nil)).Where("title = ?", "a").Delete()
	// builder: DELETE FROM books AS book WHERE title = ?
	db.Model(b).Where("tenant_id = ?", t).ForceDelete()
	// builder: DELETE FROM books AS book WHERE tenant_id = ?
}
