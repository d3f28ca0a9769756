// Package search wraps a query in a value whose methods add conditions.
package search

import (
	"fmt"

	"github.com/uptrace/bun"
)

type Tenant struct{ ID string }

type Filter struct {
	Tenant *Tenant
	Number string
	Limit  int64
}

type Searchable interface{ Fields() []string }

type Search struct {
	query *bun.SelectQuery
	alias string
}

func New[T Searchable](q *bun.SelectQuery, alias string, of T) *Search {
	return &Search{query: q, alias: alias}
}

func (s *Search) OfTenant(t Tenant) *Search {
	s.query = s.query.Where(fmt.Sprintf("%s.tenant_id = ?", s.alias), t.ID)
	return s
}

func (s *Search) Numbered(number string) { s.query = s.query.Where("number = ?", number) }

func (s *Search) Query() *bun.SelectQuery { return s.query }

func Apply[T Searchable](q *bun.SelectQuery, alias string, f *Filter, of T) *bun.SelectQuery {
	s := New(q, alias, of)
	s.OfTenant(*f.Tenant)
	return finish(s, f)
}

// Anybodys leaves the tenant out.
func Anybodys[T Searchable](q *bun.SelectQuery, alias string, f *Filter, of T) *bun.SelectQuery {
	return finish(New(q, alias, of), f)
}

func finish(s *Search, f *Filter) *bun.SelectQuery {
	if f.Number != "" {
		s.Numbered(f.Number)
	}
	return s.Query()
}
