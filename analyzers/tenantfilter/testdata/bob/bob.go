// Package bob has statements that bob puts together.
package bob

import (
	"context"

	"github.com/stephenafamo/bob"
	"github.com/stephenafamo/bob/dialect/psql"
	"github.com/stephenafamo/bob/dialect/psql/dialect"
	"github.com/stephenafamo/bob/dialect/psql/dm"
	"github.com/stephenafamo/bob/dialect/psql/im"
	"github.com/stephenafamo/bob/dialect/psql/sm"
	"github.com/stephenafamo/bob/dialect/psql/um"
	"github.com/stephenafamo/scan"

	"example.test/shop/bob/models"
)

type invoice struct{ ID string }

var rows = scan.StructMapper[invoice]()

func selects(ctx context.Context, db bob.Executor, tenant, id string) {
	own := sm.Where(psql.Quote("tenant_id").EQ(psql.Arg(tenant)))
	bob.All(ctx, db, psql.Select(sm.From("invoices"), own), rows)
	bob.All(ctx, db, psql.Select(sm.From("invoices"), sm.Where(psql.Quote("tenant_id").In(psql.Arg(tenant, id)))), rows)
	bob.One(ctx, db, psql.Select(sm.From("invoices"), own, sm.Where(psql.Raw("number = ? OR total = 0", id))), rows)
	bob.One(ctx, db, psql.Select(sm.From("invoices"), sm.Where(psql.Quote("id").EQ(psql.Arg(id)))), rows)                                                 // want `query on "invoices" is not limited to a tenant`
	bob.All(ctx, db, psql.Select(sm.Columns("tenant_id"), sm.From("invoices")), rows)                                                                     // want `query on "invoices" is not limited to a tenant`
	bob.All(ctx, db, psql.Select(sm.From("invoices"), sm.Where(psql.Quote("tenant_id").NE(psql.Arg(tenant)))), rows)                                      // want `query on "invoices" is not limited to a tenant`
	bob.All(ctx, db, psql.Select(sm.From("invoices"), sm.Where(psql.Or(psql.Raw("tenant_id = ?", tenant), psql.Quote("number").EQ(psql.Arg(id))))), rows) // want `query on "invoices" leaves the tenant out in a branch of OR`
	bob.All(ctx, db, psql.RawQuery("SELECT * FROM invoices WHERE number = ?", id), rows)                                                                  // want `query on "invoices" is not limited to a tenant`
}

func conditional(ctx context.Context, db bob.Executor, tenant, number string) {
	mods := []bob.Mod[*dialect.SelectQuery]{sm.From("invoices")}
	if tenant != "" {
		mods = append(mods, sm.Where(psql.Quote("tenant_id").EQ(psql.Arg(tenant))))
	}
	bob.All(ctx, db, psql.Select(mods...), rows) // want `query on "invoices" is limited to a tenant only on a condition`

	q := psql.Select(sm.From("invoices"), sm.Where(psql.Quote("tenant_id").EQ(psql.Arg(tenant))))
	if number != "" {
		q.Apply(sm.Where(psql.Quote("number").EQ(psql.Arg(number))))
	}
	bob.All(ctx, db, q, rows)
}

func joins(ctx context.Context, db bob.Executor, tenant, id string) {
	join := sm.InnerJoin("customers").As("c").OnEQ(psql.Quote("c", "id"), psql.Quote("i", "customer_id"))
	bob.All(ctx, db, psql.Select(sm.From("invoices").As("i"), join, sm.Where(psql.Quote("c", "tenant_id").EQ(psql.Arg(tenant)))), rows)
	bob.All(ctx, db, psql.Select(sm.From("invoices").As("i"), join, sm.Where(psql.Quote("i", "number").EQ(psql.Arg(id)))), rows) // want `query on "invoices" is not limited to a tenant`
	own := psql.Select(sm.Columns("id"), sm.From("customers"), sm.Where(psql.Quote("tenant_id").EQ(psql.Arg(tenant))))
	bob.All(ctx, db, psql.Select(sm.From("invoices"), sm.Where(psql.Quote("customer_id").In(own))), rows)
}

func changes(ctx context.Context, db bob.Executor, tenant, id string) {
	psql.Insert(im.Into("invoices", "id", "tenant_id"), im.Values(psql.Arg(id, tenant))).Exec(ctx, db)
	psql.Insert(im.Into("invoices", "id", "number"), im.Values(psql.Arg(id, "1"))).Exec(ctx, db) // want `insert on "invoices" leaves the tenant out`
	psql.Update(um.Table("invoices"), um.SetCol("total").ToArg(1), um.Where(psql.And(psql.Raw("id = ?", id), psql.Raw("tenant_id = ?", tenant)))).Exec(ctx, db)
	psql.Update(um.Table("invoices"), um.SetCol("tenant_id").ToArg(tenant), um.Where(psql.Quote("number").EQ(psql.Arg(id)))).Exec(ctx, db) // want `update on "invoices" is not limited to a tenant`
	psql.Delete(dm.From("invoices"), dm.Where(psql.Quote("tenant_id").EQ(psql.Arg(tenant)))).Exec(ctx, db)
	psql.Delete(dm.From("invoices"), dm.Where(psql.Quote("number").EQ(psql.Arg(id)))).Exec(ctx, db) // want `delete on "invoices" is not limited to a tenant`
}

func generated(ctx context.Context, db bob.Executor, tenant, id string) {
	models.Invoices.Query(models.SelectWhere.Invoices.TenantID.EQ(tenant), models.SelectWhere.Invoices.Number.IsNull()).All(ctx, db)
	models.Invoices.Query(models.SelectWhere.Invoices.ID.EQ(id)).One(ctx, db)                                                                    // want `query on "invoices" is not limited to a tenant`
	models.Invoices.Query().Count(ctx, db)                                                                                                       // want `query on "invoices" is not limited to a tenant`
	models.Invoices.Query(psql.WhereOr(models.SelectWhere.Invoices.TenantID.EQ(tenant), models.SelectWhere.Invoices.Number.EQ(id))).All(ctx, db) // want `query on "invoices" leaves the tenant out in a branch of OR`
	models.Invoices.Delete(dm.Where(models.Invoices.Columns.TenantID.EQ(psql.Arg(tenant)))).Exec(ctx, db)
	models.Invoices.Delete(dm.Where(models.Invoices.Columns.Number.EQ(psql.Arg(id)))).Exec(ctx, db) // want `delete on "invoices" is not limited to a tenant`
}

// given mods may pin what they are added to.
func given(ctx context.Context, db bob.Executor, mod func() bob.Mod[*dialect.SelectQuery]) {
	models.Invoices.Query(mod()).All(ctx, db) // want info:`query on "invoices" shows no tenant`
}
