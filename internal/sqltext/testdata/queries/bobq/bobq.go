// Package bobq builds queries with bob.
package bobq

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

	"example.com/queries/bobq/models"
)

type user struct{ ID int64 }

func list(ctx context.Context, db bob.Executor, tenant int64, name string) ([]user, error) {
	q := psql.Select(
		sm.Columns("id", "name"),
		sm.From("users"),
		sm.Where(psql.Quote("tenant_id").EQ(psql.Arg(tenant))),
		sm.OrderBy("id"),
	)
	if name != "" {
		q.Apply(sm.Where(psql.Quote("name").In(psql.Arg(name, "x"))))
	}
	return bob.All(ctx, db, q, scan.StructMapper[user]())
	// builder: SELECT id, name FROM users WHERE (tenant_id = ?) AND (name IN (_)) ORDER BY id
	// builder: SELECT id, name FROM users WHERE tenant_id = ? ORDER BY id
}

func mods(ctx context.Context, db bob.Executor, tenant int64, name string) (user, error) {
	mods := []bob.Mod[*dialect.SelectQuery]{sm.From("users").As("u")}
	if name != "" {
		mods = append(mods, sm.Where(psql.Quote("u", "name").EQ(psql.Arg(name))))
	}
	mods = append(mods, sm.Where(psql.Or(psql.Quote("u", "tenant_id").EQ(psql.Arg(tenant)), psql.Raw("u.id = ?", 1))))
	return bob.One(ctx, db, psql.Select(mods...), scan.StructMapper[user]())
	// builder: SELECT * FROM users AS u WHERE (u.name = ?) AND ((u.tenant_id = ? OR u.id = ?))
	// builder: SELECT * FROM users AS u WHERE (u.tenant_id = ? OR u.id = ?)
}

func joins(ctx context.Context, db bob.Executor) ([]user, error) {
	owned := psql.Select(sm.Columns("id"), sm.From("users"), sm.Where(psql.Quote("tenant_id").EQ(psql.Arg(1))))
	return bob.All(ctx, db, psql.Select(
		sm.With("owned").As(owned),
		sm.From(owned).As("o"),
		sm.InnerJoin("orders").As("r").OnEQ(psql.Quote("r", "user_id"), psql.Quote("o", "id")),
		sm.LeftJoin("plans").Using("plan_id"),
		sm.Where(psql.Quote("r", "id").In(owned).And(psql.Quote("r", "name").IsNotNull())),
		sm.GroupBy("o.id"),
	), scan.StructMapper[user]())
	// builder: WITH owned AS (SELECT id FROM users WHERE tenant_id = ?) SELECT * FROM (SELECT id FROM users WHERE tenant_id = ?) AS o INNER JOIN orders AS r ON r.user_id = o.id LEFT JOIN plans USING (plan_id) WHERE (r.id IN (SELECT id FROM users WHERE tenant_id = ?) AND r.name IS NOT NULL) GROUP BY o.id
}

func changes(ctx context.Context, db bob.Executor) error {
	_, err := bob.Exec(ctx, db, psql.Insert(im.Into("users", "tenant_id", "name"), im.Values(psql.Arg(1), psql.Arg("x"))))
	// builder: INSERT INTO users (tenant_id, name) VALUES (?, ?)
	_, err = psql.Insert(
		im.Into("users", "id", "name"),
		im.Values(psql.Arg(1, "x")),
		im.OnConflict("id").DoUpdate(im.SetExcluded("name"), im.Where(psql.Quote("users", "tenant_id").EQ(psql.Arg(1)))),
	).Exec(ctx, db)
	// builder: INSERT INTO users (id, name) VALUES (?) ON CONFLICT (id) DO UPDATE SET name = excluded.name WHERE users.tenant_id = ?
	_, err = psql.Update(um.Table("users"), um.SetCol("name").ToArg("x"), um.Where(psql.Quote("id").EQ(psql.Arg(1)))).Exec(ctx, db)
	// builder: UPDATE users SET name = ? WHERE id = ?
	_, err = psql.Update(um.TableAs("users", "u"), um.Set(psql.Quote("name").EQ(psql.Arg("x"))), um.From("orders"), um.Where(psql.Quote("u", "id").EQ(psql.Quote("orders", "user_id")))).Exec(ctx, db)
	// builder: UPDATE users AS u SET name = ? FROM orders WHERE u.id = orders.user_id
	_, err = psql.Delete(dm.From("users"), dm.Using("orders"), dm.Where(psql.Raw("users.id = orders.user_id"))).Exec(ctx, db)
	// builder: DELETE FROM users USING orders WHERE users.id = orders.user_id
	_, err = psql.RawQuery("DELETE FROM users WHERE id = ?", 1).Exec(ctx, db)
	// builder: DELETE FROM users WHERE id = ?
	return err
}

func generated(ctx context.Context, db bob.Executor, s *models.UserSetter, name string) error {
	_, err := models.Users.Query(models.SelectWhere.Users.TenantID.EQ(1), models.SelectWhere.Users.Name.IsNull()).All(ctx, db)
	// builder: SELECT * FROM users WHERE (users.tenant_id = ?) AND (users.name IS NULL)
	_, err = models.Users.Query(sm.Where(models.Users.Columns.ID.EQ(psql.Arg(1)))).One(ctx, db)
	// builder: SELECT * FROM users WHERE users.id = ?
	_, err = models.Users.Query(psql.WhereOr(models.SelectWhere.Users.TenantID.EQ(1), models.SelectWhere.Users.ID.In(1, 2))).Count(ctx, db)
	// builder: SELECT * FROM users WHERE (users.tenant_id = ?) OR (users.id IN (_))
	_, err = models.Users.Update(um.SetCol("name").ToArg("x"), models.UpdateWhere.Users.ID.EQ(1)).Exec(ctx, db)
	// builder: UPDATE users SET name = ? WHERE users.id = ?
	_, err = models.Users.Delete(dm.Where(models.Users.Columns.TenantID.EQ(psql.Arg(1)))).Exec(ctx, db)
	// builder: DELETE FROM users WHERE users.tenant_id = ?
	_, err = models.Users.Insert(s).One(ctx, db)
	// builder: INSERT INTO users (_) VALUES (?)
	return err
}

// other conditions are not known.
func other(ctx context.Context, db bob.Executor, mod func() bob.Mod[*dialect.SelectQuery]) error {
	_, err := models.Users.Query(mod()).All(ctx, db)
	// builder: SELECT * FROM users WHERE _
	return err
}
