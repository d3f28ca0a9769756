// Package session sets the tenant for what is run by others.
package session

import (
	"context"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

const setting = "app.given"

func set(ctx context.Context, tx pgx.Tx, tenant string) {
	tx.Exec(ctx, "SELECT set_config($1, $2, true)", setting, tenant)
}

// What is set depends on the caller.
func setAny(ctx context.Context, tx pgx.Tx, name, tenant string) {
	tx.Exec(ctx, "SELECT set_config($1, $2, true)", name, tenant)
}

func pooled(ctx context.Context, pool *pgxpool.Pool, tenant string) {
	pool.Exec(ctx, "SELECT set_config($1, $2, true)", setting, tenant) // want `setting "app.given" for a transaction has no effect on a pool`
	pool.Exec(ctx, "SELECT set_config($2, $1, true)", tenant, setting) // want `setting "app.given" for a transaction has no effect on a pool`
}

// The connection goes back as it was.
func borrowed(ctx context.Context, conn *pgxpool.Conn, tenant string) {
	conn.Exec(ctx, "SELECT set_config($1, $2, false)", "app.lent", tenant)
	conn.Exec(ctx, "SELECT set_config($1, $2, false)", "app.lent", "")
}
