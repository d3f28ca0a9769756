// Package wrapped hands its queries to values that add conditions to them.
package wrapped

import (
	"context"

	"github.com/uptrace/bun"

	"example.test/shop/wrapped/search"
)

type Invoice struct {
	bun.BaseModel `bun:"table:invoices,alias:inv"`

	ID       string `bun:"id,pk"`
	TenantID string `bun:"tenant_id"`
	Number   string `bun:"number"`
}

func (*Invoice) Fields() []string { return []string{"number"} }

type store struct{ db *bun.DB }

func (s *store) filter(q *bun.SelectQuery, f *search.Filter) *bun.SelectQuery {
	q = search.Apply(q, "inv", f, (*Invoice)(nil))
	return q.Limit(f.Limit)
}

func (s *store) List(ctx context.Context, f *search.Filter) (all []*Invoice, err error) {
	_, err = s.db.NewSelect().Model(&all).Apply(func(q *bun.SelectQuery) *bun.SelectQuery { return s.filter(q, f) }).ScanAndCount(ctx) // want info:"shows no tenant: its condition is made at run time"
	return all, err
}

func (s *store) Direct(ctx context.Context, f *search.Filter) (all []*Invoice, err error) {
	err = search.Apply(s.db.NewSelect().Model(&all), "inv", f, (*Invoice)(nil)).Scan(ctx) // want info:"shows no tenant: its condition is made at run time"
	return all, err
}

func (s *store) Anybodys(ctx context.Context, f *search.Filter) (all []*Invoice, err error) {
	err = search.Anybodys(s.db.NewSelect().Model(&all), "inv", f, (*Invoice)(nil)).Scan(ctx)
	return all, err
}

type column struct{ name string }

var columns = struct{ TenantID, Number column }{
	TenantID: column{name: "tenant_id"},
	Number:   column{name: "number"},
}

// ByNames has the columns from a variable.
func (s *store) ByNames(ctx context.Context, tenant, number string) error {
	_, err := s.db.NewUpdate().Table("invoices").Set("total = 0").
		Where("? = ?", bun.Ident(columns.Number.name), number).
		Where("? = ?", bun.Ident(columns.TenantID.name), tenant).Exec(ctx)
	return err
}

// ByName has it from its caller.
func (s *store) ByName(ctx context.Context, column, tenant string) error {
	_, err := s.db.NewUpdate().Table("invoices").Set("total = 0").Where("? = ?", bun.Ident(column), tenant).Exec(ctx) // want info:"shows no tenant"
	return err
}

func (s *store) ByNumber(ctx context.Context, number string) error {
	_, err := s.db.NewUpdate().Table("invoices").Set("total = 0").Where("? = ?", bun.Ident(columns.Number.name), number).Exec(ctx) // want "is not limited to a tenant"
	return err
}

// Create sets one column of the model to another value.
func (s *store) Create(ctx context.Context, inv *Invoice) error {
	_, err := s.db.NewInsert().Model(inv).Value("number", "upper(?)", inv.Number).Returning("*").Exec(ctx)
	return err
}

// Draft leaves the tenant out.
func (s *store) Draft(ctx context.Context, inv *Invoice) error {
	_, err := s.db.NewInsert().Model(inv).Column("id", "number").Value("total", "0").Exec(ctx) // want "leaves the tenant out"
	return err
}
