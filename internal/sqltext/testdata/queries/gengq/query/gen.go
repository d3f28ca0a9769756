// Package query has the shape of what gorm/gen generates: statements as structs, and as an
// interface.
package query

import (
	"context"

	"gorm.io/gen"
	"gorm.io/gen/field"
	"gorm.io/gorm"
	"gorm.io/gorm/schema"

	"example.com/queries/gengq/model"
)

var (
	Q      = new(Query)
	Person *person
	Team   *team
)

type Query struct {
	db     *gorm.DB
	Person person
	Team   team
}

func Use(db *gorm.DB, opts ...gen.DOOption) *Query { return &Query{db: db} }

func (q *Query) Transaction(fc func(tx *Query) error) error { return fc(q) }

type person struct {
	personDo

	ALL      field.Asterisk
	ID       field.Int64
	TenantID field.Int64
	Name     field.String
	TeamID   field.Int64
}

func (p person) As(alias string) *person                        { return &p }
func (p *person) WithContext(ctx context.Context) *personDo     { return &p.personDo }
func (p *person) GetFieldByName(string) (field.OrderExpr, bool) { return nil, false }

type personDo struct{ gen.DO }

func (p personDo) WithContext(ctx context.Context) *personDo                { return &p }
func (p personDo) Where(conds ...gen.Condition) *personDo                   { return &p }
func (p personDo) Or(conds ...gen.Condition) *personDo                      { return &p }
func (p personDo) Not(conds ...gen.Condition) *personDo                     { return &p }
func (p personDo) Select(conds ...field.Expr) *personDo                     { return &p }
func (p personDo) Order(conds ...field.Expr) *personDo                      { return &p }
func (p personDo) Limit(limit int) *personDo                                { return &p }
func (p personDo) LeftJoin(table schema.Tabler, on ...field.Expr) *personDo { return &p }
func (p personDo) Join(table schema.Tabler, on ...field.Expr) *personDo     { return &p }
func (p personDo) Scopes(funcs ...func(gen.Dao) gen.Dao) *personDo          { return &p }
func (p personDo) First() (*model.Person, error)                            { return nil, nil }
func (p personDo) Find() ([]*model.Person, error)                           { return nil, nil }
func (p personDo) Count() (int64, error)                                    { return 0, nil }
func (p personDo) Scan(result any) error                                    { return nil }
func (p personDo) FindByPage(o, l int) ([]*model.Person, int64, error)      { return nil, 0, nil }
func (p personDo) Create(values ...*model.Person) error                     { return nil }
func (p personDo) Save(values ...*model.Person) error                       { return nil }
func (p personDo) Delete(models ...*model.Person) (gen.ResultInfo, error) {
	return gen.ResultInfo{}, nil
}

type team struct {
	teamDo

	ALL      field.Asterisk
	ID       field.Int64
	TenantID field.Int64
}

func (t *team) WithContext(ctx context.Context) ITeamDo { return &t.teamDo }

type teamDo struct{ gen.DO }

type ITeamDo interface {
	gen.SubQuery
	WithContext(ctx context.Context) ITeamDo
	Where(conds ...gen.Condition) ITeamDo
	First() (*model.Team, error)
	Find() ([]*model.Team, error)
	Updates(value any) (gen.ResultInfo, error)
}

func (t *teamDo) WithContext(ctx context.Context) ITeamDo { return t }
func (t *teamDo) Where(conds ...gen.Condition) ITeamDo    { return t }
func (t *teamDo) First() (*model.Team, error)             { return nil, nil }
func (t *teamDo) Find() ([]*model.Team, error)            { return nil, nil }
