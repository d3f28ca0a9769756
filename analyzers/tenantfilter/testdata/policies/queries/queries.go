// Package queries runs on what others have begun: it imports nothing that sets the tenant.
package queries

import (
	"context"

	"github.com/jackc/pgx/v5"
)

func list(ctx context.Context, tx pgx.Tx) {
	tx.Query(ctx, "SELECT id FROM called") // want suppressed:`row-level security: policy "own" on "called"`
	tx.Query(ctx, "SELECT id FROM varied") // want `query on "varied" is not limited to a tenant`
}
