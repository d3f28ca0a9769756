package testpool

import (
	"context"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
)

// behindPooler reports whether a pooler such as PgBouncer hands each transaction to any of its
// sessions: the process id that it tells is not the server's.
func behindPooler(ctx context.Context, pool *pgxpool.Pool) (pooled bool, err error) {
	ctx = unrecorded(ctx)
	err = pool.AcquireFunc(ctx, func(c *pgxpool.Conn) error {
		var pid uint32
		defer func() { pooled = pid != c.Conn().PgConn().PID() }()
		return c.QueryRow(ctx, "select pg_backend_pid()", pgx.QueryExecModeSimpleProtocol).Scan(&pid)
	})
	return pooled, err
}

// prepareNothing has a pool prepare no named statements, which another session does not
// know, unless the connection string chooses: newer poolers can be told to know them.
func prepareNothing(config *pgx.ConnConfig) {
	// pgconn alone leaves this parameter in place; pgx takes it away.
	asked, err := pgconn.ParseConfig(config.ConnString())
	if err == nil && asked.RuntimeParams["default_query_exec_mode"] == "" {
		config.DefaultQueryExecMode = pgx.QueryExecModeCacheDescribe
	}
}

// connectBeside opens a connection that is not the pool's, for testpool's own statements.
// Each is one message: a pooler may run it on any session, and none leaves a portal there,
// whose snapshot would keep "create index concurrently" waiting.
func connectBeside(ctx context.Context, config *pgx.ConnConfig) (*pgx.Conn, error) {
	config = config.Copy()
	config.DefaultQueryExecMode = pgx.QueryExecModeSimpleProtocol
	config.Tracer = nil
	return pgx.ConnectConfig(ctx, config)
}
