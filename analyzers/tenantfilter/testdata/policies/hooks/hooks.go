// Package hooks sets the tenant for as long as a connection is out of its pool.
package hooks

import (
	"context"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
)

// DBTX is what generated queries run on.
type DBTX interface {
	Exec(context.Context, string, ...any) (pgconn.CommandTag, error)
	Query(context.Context, string, ...any) (pgx.Rows, error)
	QueryRow(context.Context, string, ...any) pgx.Row
}

type Queries struct{ db DBTX }

func (q *Queries) set(ctx context.Context, tenant string) error {
	_, err := q.db.Exec(ctx, "SELECT set_config('app.hooked', $1, false)", tenant)
	return err
}

func (q *Queries) reset(ctx context.Context) error {
	_, err := q.db.Exec(ctx, "RESET app.hooked")
	return err
}

// hand sets it for a transaction: elsewhere that would be nothing.
func (q *Queries) hand(ctx context.Context, tenant string) error {
	_, err := q.db.Exec(ctx, "SELECT set_config('app.handed', $1, true)", tenant)
	return err
}

// Nobody takes this one back.
func (q *Queries) keep(ctx context.Context, tenant string) error {
	_, err := q.db.Exec(ctx, "SELECT set_config('app.kept', $1, false)", tenant)
	return err
}

func configure(config *pgxpool.Config, tenant func(context.Context) string) {
	config.PrepareConn = func(ctx context.Context, conn *pgx.Conn) (bool, error) {
		q := &Queries{conn}
		return true, q.set(ctx, tenant(ctx))
	}
	config.AfterRelease = func(conn *pgx.Conn) bool { return (&Queries{conn}).reset(context.Background()) == nil }
}

func list(ctx context.Context, pool *pgxpool.Pool) {
	pool.Query(ctx, "SELECT id FROM hooked") // want suppressed:`row-level security: policy "own" on "hooked"`
	pool.Query(ctx, "SELECT id FROM handed") // want suppressed:`row-level security: policy "own" on "handed"`
	pool.Query(ctx, "SELECT id FROM parts")  // want suppressed:`row-level security: policy "own" on "parts"`
	pool.Query(ctx, "SELECT id FROM kinds")  // want `query on "kinds" is not limited to a tenant`
	pool.Query(ctx, "SELECT id FROM kept")   // want `query on "kept" is not limited to a tenant`
}
