// Package gopg9q queries with go-pg before version 10.
package gopg9q

import (
	"github.com/go-pg/pg/v9"
	"github.com/go-pg/pg/v9/orm"
)

type note struct {
	tableName struct{} `pg:"notes"`

	ID       int
	TenantID int
	Text     string
}

func queries(db *pg.DB, tenant, id int) {
	var all []note
	q := db.Model(&all).Where("tenant_id = ?", tenant)
	if id > 0 {
		q.Where("id = ?", id)
	}
	q.Select()
	// builder: SELECT * FROM notes AS note WHERE (tenant_id = ?) AND (id = ?)
	// builder: SELECT * FROM notes AS note WHERE tenant_id = ?
	db.QueryOne(&all, "SELECT text FROM notes WHERE id = ?", id)
	// literal: SELECT text FROM notes WHERE id = ?
}

// The row of a model is inserted, found, changed and deleted by a method of the database.
func rows(db orm.DB, pool *pg.DB, tx *pg.Tx, n *note) {
	db.Insert(n)
	// builder: INSERT INTO notes (id, tenant_id, text) VALUES (?, ?, ?)
	pool.Select(n)
	// builder: SELECT * FROM notes AS note WHERE id = ?
	tx.Update(n)
	// builder: UPDATE notes AS note SET tenant_id = ?, text = ? WHERE id = ?
	db.Delete(n)
	// builder: DELETE FROM notes AS note WHERE id = ?
	tx.ForceDelete(&note{ID: 1})
	// builder: DELETE FROM notes AS note WHERE id = ?
}
