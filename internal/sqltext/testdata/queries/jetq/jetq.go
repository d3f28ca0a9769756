// Package jetq builds queries with jet.
package jetq

import (
	"context"
	"database/sql"

	. "github.com/go-jet/jet/v2/postgres"

	"example.com/queries/jetq/table"
)

type user struct{ ID int64 }

func list(ctx context.Context, db *sql.DB, tenant, name string) (users []user, err error) {
	condition := table.Users.TenantID.EQ(String(tenant))
	if name != "" {
		condition = condition.AND(table.Users.Name.LIKE(String(name)))
	}
	err = SELECT(table.Users.AllColumns).FROM(table.Users).WHERE(condition).ORDER_BY(table.Users.ID.DESC()).LIMIT(10).QueryContext(ctx, db, &users)
	// builder: SELECT id, tenant_id, name FROM app.users WHERE (users.tenant_id = ? AND users.name LIKE ?) ORDER BY users.id
	// builder: SELECT id, tenant_id, name FROM app.users WHERE users.tenant_id = ? ORDER BY users.id
	return users, err
}

func shortly(db *sql.DB) error {
	return table.Users.SELECT(table.Users.ID).WHERE(table.Users.ID.IN(Int(1), Int(2))).Query(db, &[]user{})
	// builder: SELECT users.id FROM app.users WHERE users.id IN (_)
}

func joins(ctx context.Context, db *sql.DB, tenant string) error {
	u, o := table.Users.AS("u"), table.Orders
	return SELECT(u.ID, COUNT(o.ID)).
		FROM(u.INNER_JOIN(o, o.UserID.EQ(u.ID)).LEFT_JOIN(table.Users, table.Users.ID.EQ(o.ID))).
		WHERE(u.TenantID.EQ(String(tenant)).AND(o.Name.IS_NULL().OR(LOWER(o.Name).EQ(String("x"))))).
		GROUP_BY(u.ID).HAVING(COUNT(o.ID).GT(Int(1))).QueryContext(ctx, db, &[]user{})
	// builder: SELECT u.id, COUNT(orders.id) FROM app.users AS u INNER JOIN orders ON orders.user_id = u.id LEFT JOIN app.users ON users.id = orders.id WHERE (u.tenant_id = ? AND (orders.name IS NULL OR LOWER(orders.name) = ?)) GROUP BY u.id HAVING COUNT(orders.id) > ?
}

func subqueries(ctx context.Context, db *sql.DB, tenant string) error {
	ids := SELECT(table.Users.ID).FROM(table.Users).WHERE(table.Users.TenantID.EQ(String(tenant)))
	sub := ids.AsTable("sub")
	err := SELECT(sub.AllColumns()).FROM(sub.INNER_JOIN(table.Orders, table.Orders.UserID.EQ(table.Users.ID.From(sub)))).QueryContext(ctx, db, &[]user{})
	// builder: SELECT _ FROM (SELECT users.id FROM app.users WHERE users.tenant_id = ?) AS sub INNER JOIN orders ON orders.user_id = sub.id
	err = SELECT(STAR).FROM(table.Orders).WHERE(AND(table.Orders.UserID.IN(ids), EXISTS(SELECT(Int(1)).FROM(table.Users).WHERE(table.Users.ID.EQ(table.Orders.UserID))))).QueryContext(ctx, db, &[]user{})
	// builder: SELECT _ FROM orders WHERE (orders.user_id IN (SELECT users.id FROM app.users WHERE users.tenant_id = ?) AND EXISTS (SELECT ? FROM app.users WHERE users.id = orders.user_id))
	err = UNION(ids, SELECT(table.Orders.ID).FROM(table.Orders)).QueryContext(ctx, db, &[]user{})
	// builder: SELECT * FROM (SELECT users.id FROM app.users WHERE users.tenant_id = ? UNION SELECT orders.id FROM orders) AS t
	return err
}

func changes(ctx context.Context, db *sql.DB, u user, tenant string) error {
	_, err := table.Users.INSERT(table.Users.TenantID, table.Users.Name).VALUES(tenant, "x").ExecContext(ctx, db)
	// builder: INSERT INTO app.users (tenant_id, name) VALUES (?, ?)
	_, err = table.Users.INSERT(table.Users.MutableColumns).MODEL(u).
		ON_CONFLICT(table.Users.ID).DO_UPDATE(SET(table.Users.Name.SET(table.Users.EXCLUDED.Name)).WHERE(table.Users.TenantID.EQ(String(tenant)))).ExecContext(ctx, db)
	// builder: INSERT INTO app.users (tenant_id, name) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET name = excluded.name WHERE users.tenant_id = ?
	_, err = table.Users.INSERT().MODEL(u).ON_CONFLICT().DO_NOTHING().ExecContext(ctx, db)
	// builder: INSERT INTO app.users (id, tenant_id, name) VALUES (?, ?, ?) ON CONFLICT DO NOTHING
	_, err = table.Orders.INSERT(table.Orders.UserID).QUERY(SELECT(table.Users.ID).FROM(table.Users)).ExecContext(ctx, db)
	// builder: INSERT INTO orders (user_id) SELECT users.id FROM app.users
	_, err = table.Users.UPDATE(table.Users.Name).SET("x").WHERE(table.Users.ID.EQ(Int(1))).ExecContext(ctx, db)
	// builder: UPDATE app.users SET name = ? WHERE users.id = ?
	_, err = table.Users.UPDATE().SET(table.Users.Name.SET(String("x"))).FROM(table.Orders).WHERE(table.Orders.UserID.EQ(table.Users.ID)).ExecContext(ctx, db)
	// builder: UPDATE app.users SET name = ? FROM orders WHERE orders.user_id = users.id
	_, err = table.Users.DELETE().USING(table.Orders).WHERE(table.Orders.UserID.EQ(table.Users.ID)).ExecContext(ctx, db)
	// builder: DELETE FROM app.users USING orders WHERE orders.user_id = users.id
	return err
}

func text(db *sql.DB, id string) error {
	query, args := SELECT(table.Users.ID).FROM(table.Users).WHERE(CAST(table.Users.ID).AS_TEXT().EQ(String(id))).Sql()
	_, err := db.Query(query, args...)
	// builder: SELECT users.id FROM app.users WHERE users.id = ?
	return err
}

// other conditions are not known.
func other(db *sql.DB, where func() BoolExpression) error {
	return SELECT(table.Users.ID).FROM(table.Users).WHERE(where()).Query(db, &[]user{})
	// builder: SELECT users.id FROM app.users WHERE _
}

func byTable(db *sql.DB, t *table.UsersTable) error {
	return SELECT(t.ID).FROM(t).WHERE(t.TenantID.EQ(String("x"))).Query(db, &[]user{})
	// builder: SELECT users.id FROM app.users WHERE users.tenant_id = ?
}

func handed(db *sql.DB) error {
	return byTable(db, table.Users)
}
