// Package begun begins its transactions in SQL, and takes its settings back.
package begun

import (
	"context"

	"github.com/jackc/pgx/v5/pgxpool"
)

func one(ctx context.Context, pool *pgxpool.Pool) {
	pool.Exec(ctx, "BEGIN; SET LOCAL app.tenant = '1'; COMMIT")
}

func set(ctx context.Context, conn *pgxpool.Conn) {
	conn.Exec(ctx, "BEGIN")
	conn.Exec(ctx, "SET LOCAL app.tenant = '1'")
	conn.Exec(ctx, "SET app.user = '1'")
}

func release(ctx context.Context, conn *pgxpool.Conn) {
	conn.Exec(ctx, "DISCARD ALL")
}
