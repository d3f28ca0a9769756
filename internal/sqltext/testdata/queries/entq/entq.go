// Package entq queries with ent.
package entq

import (
	"context"

	"entgo.io/ent/dialect/sql"

	"example.com/queries/entq/ent"
	"example.com/queries/entq/ent/post"
	"example.com/queries/entq/ent/user"
)

func find(ctx context.Context, client *ent.Client, tenant *int) {
	q := client.User.Query().Where(user.Or(user.NameIn("a"), user.NameIn("b")))
	if tenant != nil {
		q = q.Where(user.TenantID(*tenant))
	}
	q.All(ctx)
	// builder: SELECT * FROM users WHERE (name IN (?) OR name IN (?)) AND tenant_id = ?
	// builder: SELECT * FROM users WHERE (name IN (?) OR name IN (?))
	client.User.Get(ctx, 1)
	// builder: SELECT * FROM users WHERE id = ?
}

func write(ctx context.Context, client *ent.Client) {
	client.User.Create().SetTenantID(1).SetName("a").Save(ctx)
	// builder: INSERT INTO users (tenant_id, name) VALUES (?, ?)
	client.User.UpdateOneID(1).SetName("b").Exec(ctx)
	// builder: UPDATE users SET name = ? WHERE id = ?
	client.User.Delete().Where(user.TenantID(1)).Exec(ctx)
	// builder: DELETE FROM users WHERE tenant_id = ?
}

type options[T any] interface{ limit(query T) T }

func apply[T any](query T, o options[T]) T {
	query = o.limit(query)
	return query
}

// What an interface adds to a builder that comes back is out of sight.
func comesBack(ctx context.Context, client *ent.Client, o options[*ent.UserQuery]) {
	q := client.User.Query().Where(user.NameIn("a"))
	q = apply(q, o)
	q.All(ctx)
	// builder: SELECT * FROM users WHERE name IN (?) AND _
}

func inPlace(ctx context.Context, client *ent.Client) {
	q := client.User.Query()
	q.Where(user.TenantID(1))
	q.All(ctx)
	// builder: SELECT * FROM users WHERE tenant_id = ?
}

func edges(ctx context.Context, client *ent.Client, u *ent.User, p *ent.Post) {
	client.User.Query().Where(user.TenantID(1)).QueryPosts().Where(post.TitleEQ("a")).All(ctx)
	// builder: SELECT * FROM posts WHERE user_posts IN (SELECT id FROM users WHERE tenant_id = ?) AND title = ?
	client.Post.Query().QueryAuthor().QueryPosts().Where(post.TenantID(1)).All(ctx)
	// builder: SELECT * FROM posts WHERE user_posts IN (SELECT id FROM users WHERE id IN (SELECT user_posts FROM posts)) AND tenant_id = ?
	client.Post.QueryAuthor(p).All(ctx)
	// builder: SELECT * FROM users WHERE id = ?
	u.QueryPosts().All(ctx)
	// builder: SELECT * FROM posts WHERE user_posts = ?
	client.User.Query().Where(user.TenantID(1)).WithPosts(func(q *ent.PostQuery) { q.Where(post.TitleEQ("a")) }).All(ctx)
	// builder: SELECT * FROM users WHERE tenant_id = ?
}

func neighbors(ctx context.Context, client *ent.Client) {
	client.Post.Query().Where(post.HasAuthorWith(user.TenantID(1)), post.HasAuthor()).All(ctx)
	// builder: SELECT * FROM posts WHERE user_posts IN (SELECT id FROM users WHERE tenant_id = ?) AND user_posts IS NOT NULL
	client.User.Query().Where(user.HasPostsWith(post.TenantID(1), post.TitleEQ("a"))).All(ctx)
	// builder: SELECT * FROM users WHERE id IN (SELECT user_posts FROM posts WHERE tenant_id = ? AND title = ?)
	client.User.Query().Where(user.HasPosts()).Exist(ctx)
	// builder: SELECT count(*) FROM users WHERE id IN (SELECT user_posts FROM posts)
	client.Post.Query().Where(post.HasTagsWith()).All(ctx)
	// builder: SELECT * FROM posts WHERE _
}

func pages(ctx context.Context, client *ent.Client, after, first *int) {
	client.User.Query().Where(user.TenantID(1)).Paginate(ctx, after, first)
	// builder: SELECT * FROM users WHERE tenant_id = ?
}

// A struct sets several columns; which, its method alone knows.
func inputs(ctx context.Context, client *ent.Client, in ent.CreateUserInput, up ent.UpdateUserInput) {
	client.User.Create().SetTenantID(1).SetInput(in).Save(ctx)
	// builder: INSERT INTO users (tenant_id, _) VALUES (?, ?)
	client.User.Update().Where(user.TenantID(1)).SetInput(up).Exec(ctx)
	// builder: UPDATE users SET _ WHERE tenant_id = ?
}

// An edge is set by the column that is its foreign key, where the table has it.
func setEdges(ctx context.Context, client *ent.Client, u *ent.User, id int) {
	client.Post.Create().SetAuthorID(id).SetTitle("a").Save(ctx)
	// builder: INSERT INTO posts (user_posts, title) VALUES (?, ?)
	client.Post.Create().SetAuthor(u).Save(ctx)
	// builder: INSERT INTO posts (user_posts) VALUES (?)
	create := client.Post.Create()
	create.SetNillableAuthorID(&id)
	create.Save(ctx)
	// builder: INSERT INTO posts (user_posts) VALUES (?)
	client.Post.UpdateOne(u.Post).SetAuthorID(id).Exec(ctx)
	// builder: UPDATE posts SET user_posts = ? WHERE id = ?
	client.User.Create().SetPostsID(id).SetLegalName("a").Save(ctx)
	// builder: INSERT INTO users (posts_id, company) VALUES (?, ?)
}

func titled(q *ent.UserQuery) *ent.PostQuery { return q.QueryPosts().Where(post.TitleEQ("a")) }

func through(ctx context.Context, client *ent.Client) {
	titled(client.User.Query().Where(user.TenantID(1))).All(ctx)
	// builder: SELECT * FROM posts WHERE user_posts IN (SELECT id FROM users WHERE tenant_id = ?) AND title = ?
}

func conflicts(ctx context.Context, client *ent.Client) {
	client.Post.Create().SetTenantID(1).SetTitle("a").OnConflictColumns(post.FieldTenantID, post.FieldTitle).UpdateNewValues().Exec(ctx)
	// builder: INSERT INTO posts (tenant_id, title) VALUES (?, ?) ON CONFLICT (tenant_id, title) DO UPDATE SET tenant_id = EXCLUDED.tenant_id, title = EXCLUDED.title
	client.Post.Create().SetTitle("a").OnConflictColumns("title").Update(func(u *ent.PostUpsert) { u.UpdateTitle() }).Exec(ctx)
	// builder: INSERT INTO posts (title) VALUES (?) ON CONFLICT (title) DO UPDATE SET _
	client.Post.Create().SetTitle("a").OnConflictColumns("title").Ignore().Exec(ctx)
	// builder: INSERT INTO posts (title) VALUES (?) ON CONFLICT (title) DO NOTHING
	client.Post.CreateBulk(client.Post.Create().SetTenantID(1).SetTitle("a"), client.Post.Create().SetTitle("b")).Save(ctx)
	// builder: INSERT INTO posts (tenant_id, title) VALUES (?, ?)
	client.Post.CreateBulk(client.Post.Create().SetTitle("a")).OnConflict(sql.ConflictColumns("title"), sql.ResolveWithNewValues()).Exec(ctx)
	// builder: INSERT INTO posts (title) VALUES (?) ON CONFLICT (title) DO UPDATE SET _
}
