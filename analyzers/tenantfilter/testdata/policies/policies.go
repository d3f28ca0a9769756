// Package policies trusts row-level security where all of it is there.
package policies

import (
	"context"

	"github.com/jackc/pgx/v5"
)

func begin(ctx context.Context, tx pgx.Tx, tenant string) {
	tx.Exec(ctx, "SELECT set_config('app.tenant', $1, true)", tenant)
	tx.Query(ctx, "SELECT id FROM guarded") // want suppressed:`row-level security: policy "own" on "guarded"`
	tx.Query(ctx, "SELECT id FROM disabled") // want `query on "disabled" is not limited to a tenant`
	tx.Query(ctx, "SELECT id FROM unset")    // want `query on "unset" is not limited to a tenant`
}
