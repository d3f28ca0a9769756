// Package settings sets the tenant on whatever it is given.
package settings

import (
	"context"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// DBTX is a pool, a connection or a transaction.
type DBTX interface {
	Exec(context.Context, string, ...any) (pgconn.CommandTag, error)
	Query(context.Context, string, ...any) (pgx.Rows, error)
}

type Queries struct{ db DBTX }

func New(db DBTX) *Queries { return &Queries{db} }

// Hand sets it for a transaction: elsewhere that would be nothing.
func (q *Queries) Hand(ctx context.Context, tenant string) error {
	_, err := q.db.Exec(ctx, "SELECT set_config('app.handed', $1, true)", tenant)
	return err
}

// Prepare sets it for as long as the connection lives.
func (q *Queries) Prepare(ctx context.Context, tenant string) error {
	_, err := q.db.Exec(ctx, "SELECT set_config('app.prepared', $1, false)", tenant)
	return err
}

// Forget does too, and no pool runs it.
func (q *Queries) Forget(ctx context.Context, tenant string) error {
	_, err := q.db.Exec(ctx, "SELECT set_config('app.forgotten', $1, false)", tenant)
	return err
}
