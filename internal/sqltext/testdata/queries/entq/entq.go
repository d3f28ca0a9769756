// Package entq queries with ent.
package entq

import (
	"context"

	"example.com/queries/entq/ent"
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
