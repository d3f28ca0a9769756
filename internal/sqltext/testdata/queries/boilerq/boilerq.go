// Package boilerq queries with what sqlboiler generates.
package boilerq

import (
	"context"
	"database/sql"

	"github.com/aarondl/sqlboiler/v4/boil"
	"github.com/aarondl/sqlboiler/v4/queries"
	"github.com/aarondl/sqlboiler/v4/queries/qm"
	"github.com/aarondl/sqlboiler/v4/queries/qmhelper"

	"example.com/queries/boilerq/models"
)

func find(ctx context.Context, db *sql.DB, tenant, id int, ids []int) {
	models.Users(models.UserWhere.TenantID.EQ(tenant), models.UserWhere.ID.IN(ids), qm.Limit(3)).All(ctx, db)
	// builder: SELECT * FROM "users" WHERE ("users"."tenant_id" = ?) AND ("users"."id" IN (?))
	models.Users(models.UserWhere.Name.IsNull(), models.UserWhere.ID.NEQ(id)).One(ctx, db)
	// builder: SELECT * FROM "users" WHERE ("users"."name" IS NULL) AND ("users"."id" <> ?)
	models.Users(qm.Where("tenant_id = ? AND id > ?", tenant, id), qm.OrderBy("id")).OneG(ctx)
	// builder: SELECT * FROM "users" WHERE tenant_id = ? AND id > ? ORDER BY id
	models.Users().Count(ctx, db)
	// builder: SELECT count(*) FROM "users"
	models.Users(qm.WhereIn("id in ?", 1, 2), qm.AndNotIn("name not in ?", "a")).Exists(ctx, db)
	// builder: SELECT count(*) FROM "users" WHERE (id in (?)) AND (name not in (?))
	models.FindUser(ctx, db, id)
	// builder: SELECT * FROM "users" WHERE id = ?
	models.FindUserG(ctx, id, "name")
	// builder: SELECT * FROM "users" WHERE id = ?
	models.FindPost(ctx, db, id, "a")
	// builder: SELECT * FROM `posts` WHERE blog_id = ? AND slug = ?
	models.UserExists(ctx, db, id)
	// builder: SELECT * FROM "users" WHERE id = ?
}

func either(ctx context.Context, db *sql.DB, tenant int) {
	models.Users(models.UserWhere.TenantID.EQ(tenant), qm.Or("name = ?", "a")).All(ctx, db)
	// builder: SELECT * FROM "users" WHERE ("users"."tenant_id" = ?) OR (name = ?)
	models.Users(models.UserWhere.TenantID.EQ(tenant), qm.Or2(models.UserWhere.Name.LIKE("a"))).All(ctx, db)
	// builder: SELECT * FROM "users" WHERE ("users"."tenant_id" = ?) OR (("users"."name" LIKE ?))
	models.Users(models.UserWhere.TenantID.EQ(tenant), qm.Expr(qm.Where("name = ?", "a"), qm.Or("name = ?", "b"))).All(ctx, db)
	// builder: SELECT * FROM "users" WHERE ("users"."tenant_id" = ?) AND ((name = ?) OR (name = ?))
}

func joined(ctx context.Context, db *sql.DB, tenant int) {
	var out []models.Post
	models.NewQuery(qm.Select("posts.*"), qm.From("posts"), qm.InnerJoin("users u ON u.id = posts.user_id AND u.tenant_id = ?", tenant),
		qm.GroupBy("slug"), qm.Having("count(*) > 1"), qm.WithDeleted()).Bind(ctx, db, &out)
	// builder: SELECT posts.* FROM posts INNER JOIN users u ON u.id = posts.user_id AND u.tenant_id = ? GROUP BY slug HAVING count(*) > 1
	models.Posts(qm.LeftOuterJoin("users u ON u.id = posts.user_id"), qm.For("UPDATE SKIP LOCKED"), qm.Load("User", models.UserWhere.ID.EQ(1))).Bind(ctx, db, &out)
	// builder: SELECT * FROM `posts` LEFT JOIN users u ON u.id = posts.user_id FOR UPDATE SKIP LOCKED
	models.Users(qmhelper.Where("tenant_id", qmhelper.EQ, tenant), qmhelper.WhereIsNotNull("name")).All(ctx, db)
	// builder: SELECT * FROM "users" WHERE (tenant_id = ?) AND (name IS NOT NULL)
	queries.Raw("SELECT name FROM users WHERE tenant_id = $1", tenant).Bind(ctx, db, &out)
	// builder: SELECT name FROM users WHERE tenant_id = $1
}

func write(ctx context.Context, db *sql.DB, u *models.User, p *models.Post, all models.UserSlice, tenant int) {
	models.Users(models.UserWhere.TenantID.EQ(tenant)).UpdateAll(ctx, db, models.M{"name": "b"})
	// builder: UPDATE "users" SET name = ? WHERE "users"."tenant_id" = ?
	models.Users(models.UserWhere.Name.EQ("a")).DeleteAll(ctx, db)
	// builder: DELETE FROM "users" WHERE "users"."name" = ?
	u.Insert(ctx, db, boil.Infer())
	// builder: INSERT INTO "users" (id, tenant_id, name) VALUES (?, ?, ?)
	u.InsertG(ctx, boil.Infer())
	// builder: INSERT INTO "users" (id, tenant_id, name) VALUES (?, ?, ?)
	u.Upsert(ctx, db, true, []string{"tenant_id", models.UserColumns.Name}, boil.Infer(), boil.Infer())
	// builder: INSERT INTO "users" (id, tenant_id, name) VALUES (?, ?, ?) ON CONFLICT (tenant_id, name) DO UPDATE SET _
	u.Upsert(ctx, db, false, []string{"id"}, boil.None(), boil.Infer())
	// builder: INSERT INTO "users" (id, tenant_id, name) VALUES (?, ?, ?) ON CONFLICT (id) DO NOTHING
	p.Upsert(ctx, db, boil.Infer(), boil.Infer())
	// builder: INSERT INTO `posts` (blog_id, slug, user_id) VALUES (?, ?, ?)
	u.Update(ctx, db, boil.Infer())
	// builder: UPDATE "users" SET _ WHERE id = ?
	u.Delete(ctx, db)
	// builder: DELETE FROM "users" WHERE id = ?
	p.Delete(ctx, db)
	// builder: DELETE FROM `posts` WHERE blog_id = ? AND slug = ?
	u.Reload(ctx, db)
	// builder: SELECT * FROM "users" WHERE id = ?
	all.UpdateAll(ctx, db, models.M{"name": "b"})
	// builder: UPDATE "users" SET _ WHERE id IN (_)
	all.DeleteAll(ctx, db)
	// builder: DELETE FROM "users" WHERE id IN (_)
}

func related(ctx context.Context, db *sql.DB, u *models.User, p *models.Post) {
	u.Posts(qm.Limit(1)).All(ctx, db)
	// builder: SELECT * FROM `posts` WHERE user_id = ?
	p.User().One(ctx, db)
	// builder: SELECT * FROM "users" WHERE id = ?
	p.Blog().All(ctx, db)
	// builder: SELECT * FROM `posts` WHERE id = ?
}

// Mods are put together before, and by helpers.
func gathered(ctx context.Context, db *sql.DB, tenant int, name *string) {
	mods := []qm.QueryMod{ofTenant(tenant)}
	if name != nil {
		mods = append(mods, models.UserWhere.Name.EQ(*name))
	}
	models.Users(mods...).All(ctx, db)
	// builder: SELECT * FROM "users" WHERE ("users"."tenant_id" = ?) AND ("users"."name" = ?)
	// builder: SELECT * FROM "users" WHERE "users"."tenant_id" = ?
	list(ctx, db, models.UserWhere.TenantID.EQ(tenant))
}

func ofTenant(tenant int) qm.QueryMod { return models.UserWhere.TenantID.EQ(tenant) }

func list(ctx context.Context, db *sql.DB, mods ...qm.QueryMod) {
	models.Users(append(mods, qm.Where("name <> ''"))...).All(ctx, db)
	// builder: SELECT * FROM "users" WHERE ("users"."tenant_id" = ?) AND (name <> '')
}

// What a mod of somebody else adds is out of sight.
func own(ctx context.Context, db *sql.DB, mod qm.QueryMod) {
	models.Users(qm.QueryModFunc(func(*queries.Query) {})).All(ctx, db)
	// builder: SELECT * FROM "users" WHERE _
}
