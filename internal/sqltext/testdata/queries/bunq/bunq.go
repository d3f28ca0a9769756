// Package bunq queries with bun.
package bunq

import (
	"context"

	"github.com/uptrace/bun"

	"example.com/queries/models"
)

type store struct{ db *bun.DB }

func (s *store) conn(ctx context.Context) bun.IDB { return s.db }

func (s *store) find(ctx context.Context) {
	i := new(models.Invoice)
	s.conn(ctx).NewSelect().Model(i).Where("org_id = ?", 1).Where("a OR b").Scan(ctx)
	// builder: SELECT * FROM invoices AS i WHERE (org_id = ?) AND (a OR b)
	var all []*models.Invoice
	s.db.NewSelect().Model(&all).Column("id").Where("?TableAlias.org_id IN (?)", bun.In([]int{1})).WhereOr("x").Limit(1).Scan(ctx)
	// builder: SELECT id FROM invoices AS i WHERE (i.org_id IN (?)) OR (x)
}

func (s *store) write(ctx context.Context, i *models.Invoice) {
	s.db.NewUpdate().Model(i).WherePK().Exec(ctx)
	// builder: UPDATE invoices AS i SET org_id = ?, sum = ? WHERE id = ?
	s.db.NewUpdate().Model((*models.Invoice)(nil)).Set("sum = ?", 1).Where("id = ?", 1).Exec(ctx)
	// builder: UPDATE invoices AS i SET sum = ? WHERE id = ?
	s.db.NewDelete().Model(new(models.Invoice)).Where("id = ?", 1).Exec(ctx)
	// builder: DELETE FROM invoices AS i WHERE id = ?
	s.db.NewInsert().Model(i).On("CONFLICT (id) DO UPDATE").Set("sum = EXCLUDED.sum").Exec(ctx)
	// builder: INSERT INTO invoices AS i (id, org_id, sum) VALUES (?, ?, ?) ON CONFLICT (id) DO UPDATE SET sum = EXCLUDED.sum
}

func (s *store) groups(ctx context.Context, org string) {
	q := s.db.NewSelect().TableExpr("orders AS o").ColumnExpr("count(*)").
		Join("JOIN users AS u").JoinOn("u.id = o.user_id").JoinOn("u.active").
		WhereGroup(" AND ", func(q *bun.SelectQuery) *bun.SelectQuery {
			return q.Where("a = 1").WhereOr("b = 2")
		})
	if org != "" {
		q.Where("o.org_id = ?", org)
	}
	q.Scan(ctx)
	// builder: SELECT count(*) FROM orders AS o JOIN users AS u ON (u.id = o.user_id) AND (u.active) WHERE ((a = 1) OR (b = 2)) AND (o.org_id = ?)
	// builder: SELECT count(*) FROM orders AS o JOIN users AS u ON (u.id = o.user_id) AND (u.active) WHERE (a = 1) OR (b = 2)
}

func (s *store) nested(ctx context.Context) error {
	sub := s.db.NewSelect().Model((*models.Invoice)(nil)).Column("id").Where("org_id = ?", 1)
	return s.db.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		_, err := tx.NewDelete().Table("orders").Where("invoice_id IN (?)", sub).Exec(ctx)
		// builder: DELETE FROM orders WHERE invoice_id IN (SELECT id FROM invoices AS i WHERE org_id = ?)
		return err
	})
}

func (s *store) raw(ctx context.Context) {
	s.db.NewRaw("SELECT 1 FROM users WHERE id = ?", 1).Scan(ctx)
	// literal: SELECT 1 FROM users WHERE id = ?
}

func (s *store) ddl(ctx context.Context) {
	s.db.NewCreateTable().Model((*models.Invoice)(nil)).Exec(ctx)
	s.db.NewDropColumn().Table("orders").Column("x").Exec(ctx)
}

func remove(ctx context.Context, q *bun.DeleteQuery) {
	q.Table("orders").Where("org_id = ?", 1).Exec(ctx)
	// builder: DELETE FROM orders WHERE org_id = ?
}

func (s *store) bulk(ctx context.Context, all []models.Invoice) {
	s.db.NewUpdate().Model(&all).Column("sum").Bulk().Exec(ctx)
	// builder: UPDATE invoices AS i SET org_id = ?, sum = ? WHERE id IN (_)
}
