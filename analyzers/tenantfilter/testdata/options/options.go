// Package options has queries to which code that callers give adds conditions.
package options

import (
	"context"
	"database/sql"

	sq "github.com/Masterminds/squirrel"
	"github.com/uptrace/bun"
	"gorm.io/gorm"
)

type scope func(*bun.SelectQuery) *bun.SelectQuery

func forTenant(tenant string) scope {
	return func(q *bun.SelectQuery) *bun.SelectQuery { return q.Where("tenant_id = ?", tenant) }
}

func positive(q *bun.SelectQuery) *bun.SelectQuery { return q.Where("total > 0") }

// required is scoped by every caller.
func required(ctx context.Context, db *bun.DB, s scope) error {
	q := db.NewSelect().Table("invoices").Where("total > 0")
	return s(q).Scan(ctx)
}

func useRequired(ctx context.Context, db *bun.DB, tenant string) {
	required(ctx, db, forTenant(tenant))
	required(ctx, db, func(q *bun.SelectQuery) *bun.SelectQuery { return q.Where("tenant_id = ?", tenant) })
}

// several is scoped by one of its options.
func several(ctx context.Context, db *bun.DB, scopes ...scope) error {
	q := db.NewSelect().Table("invoices")
	for _, s := range scopes {
		q = s(q)
	}
	return q.Scan(ctx)
}

func useSeveral(ctx context.Context, db *bun.DB, tenant string) {
	several(ctx, db, positive, forTenant(tenant))
}

// wrongOne is given a scope that does not scope.
func wrongOne(ctx context.Context, db *bun.DB, s scope) error {
	return s(db.NewSelect().Table("invoices")).Scan(ctx) // want `query on "invoices" is not limited to a tenant`
}

func useWrongOne(ctx context.Context, db *bun.DB) { wrongOne(ctx, db, positive) }

// none is called without options.
func none(ctx context.Context, db *bun.DB, scopes ...scope) error {
	q := db.NewSelect().Table("invoices") // want `query on "invoices" is not limited to a tenant`
	for _, s := range scopes {
		q = s(q)
	}
	return q.Scan(ctx)
}

func useNone(ctx context.Context, db *bun.DB, tenant string) {
	none(ctx, db)
	none(ctx, db, forTenant(tenant))
}

// Open is for others to call.
func Open(ctx context.Context, db *bun.DB, scopes ...scope) error {
	q := db.NewSelect().Table("invoices") // want info:`query on "invoices" shows no tenant`
	for _, s := range scopes {
		q = s(q)
	}
	return q.Scan(ctx)
}

// handed is called with options that its caller does not know either.
func handed(ctx context.Context, db *bun.DB, s scope) error {
	return s(db.NewSelect().Table("invoices")).Scan(ctx) // want info:`query on "invoices" shows no tenant`
}

func UseHanded(ctx context.Context, db *bun.DB, s scope) { handed(ctx, db, s) }

// In a holder, a text and a builder are added to.
type filter struct {
	where string
	query sq.SelectBuilder
}

type option func(*filter)

func byTenant(tenant string) option {
	return func(f *filter) {
		f.where += " AND tenant_id = $2"
		f.query = f.query.Where("tenant_id = ?", tenant)
	}
}

func byTotal(f *filter) {
	f.where += " AND total > 1"
	f.query = f.query.Where("total > 1")
}

func held(db *sql.DB, options ...option) {
	f := &filter{where: "total > 0", query: sq.Select("id").From("invoices")}
	for _, o := range options {
		o(f)
	}
	db.Query("SELECT id FROM invoices WHERE "+f.where, 1, 2)
	f.query.RunWith(db).Query()
}

func useHeld(db *sql.DB, tenant string) { held(db, byTotal, byTenant(tenant)) }

func heldBare(db *sql.DB, options ...option) {
	f := &filter{where: "total > 0", query: sq.Select("id").From("invoices")} // want `query on "invoices" is not limited to a tenant`
	for _, o := range options {
		o(f)
	}
	db.Query("SELECT id FROM invoices WHERE "+f.where, 1, 2) // want `query on "invoices" is not limited to a tenant`
	f.query.RunWith(db).Query()
}

func useHeldBare(db *sql.DB) { heldBare(db, byTotal) }

// A scope of GORM that a parameter holds.
func scoped(db *gorm.DB, s func(*gorm.DB) *gorm.DB) (out []struct{ ID string }) {
	s(db.Table("invoices")).Find(&out)
	return out
}

func useScoped(db *gorm.DB, tenant string) {
	scoped(db, func(db *gorm.DB) *gorm.DB { return db.Where("tenant_id = ?", tenant) })
}

// What a known function does to what its parameter points to is no secret.
func addTenant(q *bun.SelectQuery, tenant string) { q.Where("tenant_id = ?", tenant) }

func (f *filter) scope(tenant string) { f.query = f.query.Where("tenant_id = ?", tenant) }

func known(ctx context.Context, db *bun.DB, sqlDB *sql.DB, tenant string) {
	q := db.NewSelect().Table("invoices").Where("total > 0")
	addTenant(q, tenant)
	q.Scan(ctx)
	f := &filter{query: sq.Select("id").From("invoices")}
	f.scope(tenant)
	f.query.RunWith(sqlDB).Query()
	add := func(m sq.Eq) { m["tenant_id"] = tenant }
	eq := sq.Eq{"total": 1}
	add(eq)
	sq.Select("id").From("invoices").Where(eq).RunWith(sqlDB).Query()
}
