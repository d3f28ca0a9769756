// Package settings sets the tenant for row-level security.
package settings

import (
	"context"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

func pool(ctx context.Context, pool *pgxpool.Pool, tenant string) {
	pool.Exec(ctx, "SELECT set_config('app.tenant', $1, true)", tenant) // want `setting "app.tenant" for a transaction has no effect on a pool: set it and run the queries in one transaction`
	pool.Exec(ctx, "SET LOCAL app.tenant = '1'")                        // want `setting "app.tenant" for a transaction`
	pool.Exec(ctx, "SET app.tenant = '1'")                              // want `setting "app.tenant" on a pool stays with a connection that others borrow: set it for a transaction, with the queries in it`
	pool.Exec(ctx, "BEGIN; SET LOCAL app.tenant = '1'; COMMIT")
	pool.Exec(ctx, "SET LOCAL statement_timeout = 5")
}

func transaction(ctx context.Context, tx pgx.Tx, tenant string) {
	tx.Exec(ctx, "SELECT set_config('app.tenant', $1, true)", tenant)
}
