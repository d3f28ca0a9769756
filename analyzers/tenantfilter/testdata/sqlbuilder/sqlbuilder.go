// Package sqlbuilder has statements that go-sqlbuilder puts together.
package sqlbuilder

import (
	"context"
	"database/sql"

	"github.com/huandu/go-sqlbuilder"
)

type invoice struct {
	ID string `db:"id"`
}

var invoices = sqlbuilder.NewStruct(new(invoice))

func selects(ctx context.Context, db *sql.DB, tenant, id string) {
	sb := sqlbuilder.PostgreSQL.NewSelectBuilder()
	sb.Select("id").From("invoices").Where(sb.E("id", id), sb.E("tenant_id", tenant))
	query, args := sb.Build()
	db.QueryContext(ctx, query, args...)

	all := sqlbuilder.PostgreSQL.NewSelectBuilder() // want `query on "invoices" is not limited to a tenant`
	all.Select("id").From("invoices").Where(all.E("id", id))
	query, args = all.Build()
	db.QueryContext(ctx, query, args...)

	other := sqlbuilder.Select("id").From("invoices") // want `query on "invoices" is not limited to a tenant`
	other.Where(other.NE("tenant_id", tenant))
	query, args = other.Build()
	db.QueryContext(ctx, query, args...)
}

func conditional(ctx context.Context, db *sql.DB, tenant, number string) {
	sb := sqlbuilder.Select("id").From("invoices") // want `query on "invoices" is limited to a tenant only on a condition`
	sb.Where(sb.GT("total", 0))
	if tenant != "" {
		sb.Where(sb.E("tenant_id", tenant))
	}
	query, args := sb.Build()
	db.QueryContext(ctx, query, args...)

	pinned := sqlbuilder.Select("id").From("invoices")
	pinned.Where(pinned.E("tenant_id", tenant))
	if number != "" {
		pinned.Where(pinned.E("number", number))
	}
	query, args = pinned.Build()
	db.QueryContext(ctx, query, args...)

	either := sqlbuilder.Select("id").From("invoices") // want `query on "invoices" leaves the tenant out in a branch of OR`
	either.Where(either.Or(either.E("tenant_id", tenant), either.E("number", number)))
	query, args = either.Build()
	db.QueryContext(ctx, query, args...)
}

func joins(ctx context.Context, db *sql.DB, tenant, id string) {
	sb := sqlbuilder.Select("l.sku").From("lines l")
	sb.Join("invoices i", "i.id = l.invoice_id", sb.E("i.tenant_id", tenant))
	query, args := sb.Build()
	db.QueryContext(ctx, query, args...)

	open := sqlbuilder.Select("l.sku").From("lines l")
	open.Join("invoices i", "i.id = l.invoice_id").Where(open.E("l.id", id)) // want `query on "invoices" is not limited to a tenant`
	query, args = open.Build()
	db.QueryContext(ctx, query, args...)
}

func subqueries(ctx context.Context, db *sql.DB, tenant string) {
	own := sqlbuilder.Select("id").From("customers")
	own.Where(own.E("tenant_id", tenant))
	sb := sqlbuilder.Select("id").From("invoices")
	sb.Where(sb.In("customer_id", own))
	query, args := sb.Build()
	db.QueryContext(ctx, query, args...)

	every := sqlbuilder.Select("id").From("customers")
	open := sqlbuilder.Select("id").From("invoices")
	open.Where(open.E("tenant_id", tenant), open.In("customer_id", every))
	query, args = open.Build()
	db.QueryContext(ctx, query, args...)
}

func changes(ctx context.Context, db *sql.DB, tenant, id string) {
	ub := sqlbuilder.Update("invoices")
	ub.Set(ub.Assign("total", 0)).Where(ub.E("id", id), ub.E("tenant_id", tenant))
	query, args := ub.Build()
	db.ExecContext(ctx, query, args...)

	open := sqlbuilder.Update("invoices") // want `update on "invoices" is not limited to a tenant`
	open.Set(open.Assign("total", 0))
	query, args = open.Build()
	db.ExecContext(ctx, query, args...)

	query, args = sqlbuilder.DeleteFrom("invoices").Where("number = 'x'").Build() // want `delete on "invoices" is not limited to a tenant`
	db.ExecContext(ctx, query, args...)

	pinned := sqlbuilder.DeleteFrom("invoices")
	query, args = pinned.Where(pinned.E("tenant_id", tenant)).Build()
	db.ExecContext(ctx, query, args...)
}

func structs(ctx context.Context, db *sql.DB, tenant, id string, value *invoice) {
	sb := invoices.SelectFrom("invoices") // want `query on "invoices" is not limited to a tenant`
	query, args := sb.Where(sb.E("id", id)).Build()
	db.QueryContext(ctx, query, args...)

	ub := invoices.Update("invoices", value)
	query, args = ub.Where(ub.E("id", id), ub.E("tenant_id", tenant)).Build()
	db.ExecContext(ctx, query, args...)
}

// A column that is compared with a column is not pinned, whatever its name.
func columns(ctx context.Context, db *sql.DB, id string) {
	sb := sqlbuilder.Select("i.id").From("invoices i") // want `query on "invoices" is not limited to a tenant`
	sb.Where(sb.E("i.id", id), sb.E("i.tenant_id", sqlbuilder.Raw("i.customer_id")))
	query, args := sb.Build()
	db.QueryContext(ctx, query, args...)
}

// clause is not judged: what it holds is out of sight.
func clause(ctx context.Context, db *sql.DB, where func() *sqlbuilder.WhereClause) {
	sb := sqlbuilder.Select("id").From("invoices") // want info:`query on "invoices" shows no tenant`
	sb.AddWhereClause(where())
	query, args := sb.Build()
	db.QueryContext(ctx, query, args...)
}
