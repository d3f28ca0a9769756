// Package pools hands out connections that are set for a tenant.
package pools

import (
	"context"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"example.test/shop/policies/settings"
)

type key struct{}

func configure(config *pgxpool.Config) {
	config.PrepareConn = func(ctx context.Context, conn *pgx.Conn) (bool, error) {
		if tenant, ok := ctx.Value(key{}).(string); ok {
			if err := settings.New(conn).Prepare(ctx, tenant); err != nil {
				return false, err
			}
		}
		return true, nil
	}
	config.BeforeAcquire = acquire
}

func acquire(ctx context.Context, conn *pgx.Conn) bool {
	tenant, _ := ctx.Value(key{}).(string)
	_, err := conn.Exec(ctx, "SELECT set_config('app.acquired', $1, false)", tenant)
	return err == nil
}

func list(ctx context.Context, pool *pgxpool.Pool) {
	pool.Query(ctx, "SELECT id FROM handed")    // want suppressed:`row-level security: policy "own" on "handed"`
	pool.Query(ctx, "SELECT id FROM prepared")  // want suppressed:`row-level security: policy "own" on "prepared"`
	pool.Query(ctx, "SELECT id FROM acquired")  // want suppressed:`row-level security: policy "own" on "acquired"`
	pool.Query(ctx, "SELECT id FROM forgotten") // want `query on "forgotten" is not limited to a tenant`
}
