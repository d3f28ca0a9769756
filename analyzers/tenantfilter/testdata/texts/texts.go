// Package texts has SQL that libraries take as text.
package texts

import (
	"context"
	"database/sql"
	"fmt"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
	"github.com/georgysavva/scany/v2/pgxscan"
	"github.com/zeromicro/go-zero/core/stores/sqlc"
	"github.com/zeromicro/go-zero/core/stores/sqlx"
)

type invoice struct{ ID string }

func scany(ctx context.Context, db pgxscan.Querier, api *pgxscan.API, tenant, id string) {
	var all []invoice
	pgxscan.Select(ctx, db, &all, "SELECT * FROM invoices WHERE tenant_id = $1", tenant)
	pgxscan.Select(ctx, db, &all, "SELECT * FROM invoices WHERE number = $1", id) // want `query on "invoices" is not limited to a tenant`
	pgxscan.Get(ctx, db, &all, "SELECT * FROM invoices WHERE id = $1", id)        // want `query on "invoices" is not limited to a tenant`
	api.Select(ctx, db, &all, "SELECT * FROM invoices")                           // want `query on "invoices" is not limited to a tenant`
}

func clickhouse(ctx context.Context, conn driver.Conn, tenant, id string) {
	var all []invoice
	conn.Select(ctx, &all, "SELECT * FROM invoices WHERE tenant_id = ?", tenant)
	conn.Select(ctx, &all, "SELECT * FROM invoices WHERE number = ?", id) // want `query on "invoices" is not limited to a tenant`
	conn.QueryRow(ctx, "SELECT count() FROM invoices")                    // want `query on "invoices" is not limited to a tenant`
	conn.Exec(ctx, "ALTER TABLE invoices DELETE WHERE tenant_id = ?", tenant)
	conn.PrepareBatch(ctx, "INSERT INTO invoices (id, tenant_id)")
}

// model is as go-zero generates it.
type model struct {
	sqlc.CachedConn
	table string
}

const rows = "`id`,`tenant_id`,`number`"

func newModel(conn sqlx.SqlConn) *model {
	return &model{sqlc.NewConn(conn, nil), "`invoices`"}
}

func (m *model) find(ctx context.Context, tenant, id string) (in invoice, err error) {
	err = m.QueryRowCtx(ctx, &in, "key", func(ctx context.Context, conn sqlx.SqlConn, v any) error {
		query := fmt.Sprintf("select %s from %s where `id` = ? limit 1", rows, m.table) // want `query on "invoices" is not limited to a tenant`
		return conn.QueryRowCtx(ctx, v, query, id)
	})
	err = m.QueryRowIndexCtx(ctx, &in, "key", m.key, func(ctx context.Context, conn sqlx.SqlConn, v any) (any, error) {
		query := fmt.Sprintf("select %s from %s where `tenant_id` = ? and `number` = ? limit 1", rows, m.table)
		return in.ID, conn.QueryRowCtx(ctx, v, query, tenant, id)
	}, m.primary)
	return in, err
}

func (m *model) key(primary any) string { return fmt.Sprint(primary) }

func (m *model) primary(ctx context.Context, conn sqlx.SqlConn, v, primary any) error {
	query := fmt.Sprintf("select %s from %s where `id` = ? limit 1", rows, m.table) // want `query on "invoices" is not limited to a tenant`
	return conn.QueryRowCtx(ctx, v, query, primary)
}

func (m *model) changes(ctx context.Context, tenant, id string) {
	m.ExecCtx(ctx, func(ctx context.Context, conn sqlx.SqlConn) (sql.Result, error) {
		return conn.ExecCtx(ctx, "delete from invoices where number = ?", id) // want `delete on "invoices" is not limited to a tenant`
	}, "key")
	m.ExecNoCacheCtx(ctx, "update invoices set total = 0 where tenant_id = ?", tenant)
	m.ExecNoCacheCtx(ctx, "update invoices set total = 0 where number = ?", id)        // want `update on "invoices" is not limited to a tenant`
	m.QueryRowsNoCacheCtx(ctx, &[]invoice{}, "select * from invoices where total > 0") // want `query on "invoices" is not limited to a tenant`
}
