// Package settings sets the tenant for row-level security.
package settings

import (
	"context"
	"database/sql"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

func pool(ctx context.Context, pool *pgxpool.Pool, tenant string) {
	pool.Exec(ctx, "SELECT set_config('app.tenant', $1, true)", tenant) // want `setting "app.tenant" for a transaction has no effect on a pool: set it and run the queries in one transaction`
	pool.Exec(ctx, "SET LOCAL app.tenant = '1'")                        // want `setting "app.tenant" for a transaction`
	pool.Exec(ctx, "SET app.tenant = '1'")                              // want `setting "app.tenant" on a pool stays with a connection that others borrow: set it for a transaction, with the queries in it`
	pool.Exec(ctx, "SET LOCAL statement_timeout = 5")
}

func transaction(ctx context.Context, tx pgx.Tx, tenant string) {
	tx.Exec(ctx, "SELECT set_config('app.tenant', $1, true)", tenant)
}

func session(ctx context.Context, tx pgx.Tx, tenant string) {
	tx.Exec(ctx, "SELECT set_config('app.tenant', $1, false)", tenant) // want `setting "app.tenant" outlives the transaction on a connection that others borrow: set it with SET LOCAL or set_config\(…, true\)`
	tx.Exec(ctx, "SET app.tenant = '1'")                               // want `setting "app.tenant" outlives the transaction`
}

func borrowed(ctx context.Context, pool *pgxpool.Pool, tenant string) error {
	conn, err := pool.Acquire(ctx)
	if err != nil {
		return err
	}
	defer conn.Release()
	conn.Exec(ctx, "SELECT set_config('app.tenant', $1, false)", tenant) // want `setting "app.tenant" stays with the connection when others borrow it: set it for a transaction, with the queries in it, or reset it before the release`
	_, err = conn.Exec(ctx, "SET LOCAL app.tenant = '1'")                // want `setting "app.tenant" for a transaction has no effect outside of one: begin it first, and run the queries in it`
	return err
}

func ofDatabaseSQL(ctx context.Context, db *sql.DB, tenant string) error {
	conn, err := db.Conn(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	_, err = conn.ExecContext(ctx, "SELECT set_config('app.tenant', $1, false)", tenant) // want `setting "app.tenant" stays with the connection`
	return err
}

func own(ctx context.Context, conn *pgx.Conn) {
	conn.Exec(ctx, "SET app.tenant = '1'")
	conn.Exec(ctx, "SET LOCAL app.tenant = '1'") // want `setting "app.tenant" for a transaction has no effect outside of one`
}

func takenBack(ctx context.Context, conn *pgxpool.Conn) {
	conn.Exec(ctx, "SET app.user = '1'")
	conn.Exec(ctx, "RESET app.user")
	conn.Exec(ctx, "SELECT set_config('app.role', $1, false)", "x")
	conn.Exec(ctx, "SELECT set_config('app.role', '', false)")
}
