package testpool

import (
	"context"

	"github.com/jackc/pgx/v5"
)

// connectBeside opens a connection that is not the pool's, for testpool's own statements.
// Each is one message: a pooler may run it on any session, and none leaves a portal there,
// whose snapshot would keep "create index concurrently" waiting.
func connectBeside(ctx context.Context, config *pgx.ConnConfig) (*pgx.Conn, error) {
	config = config.Copy()
	config.DefaultQueryExecMode = pgx.QueryExecModeSimpleProtocol
	config.Tracer = nil
	return pgx.ConnectConfig(ctx, config)
}
