// Package design works through the rows of all tenants on purpose.
package design

import (
	"context"
	"database/sql"
	"time"

	"github.com/uptrace/bun"
)

const tables = `CREATE TABLE tasks (id text PRIMARY KEY, tenant_id text NOT NULL, customer_id uuid NOT NULL REFERENCES customers (id), state text, created_at timestamptz NOT NULL)`

func start(db *sql.DB) { db.Exec(tables) }

func claim(ctx context.Context, db *sql.DB) {
	db.QueryRowContext(ctx, `UPDATE tasks SET state = 'running'
		WHERE id = (SELECT id FROM tasks WHERE state = 'queued' LIMIT 1 FOR UPDATE SKIP LOCKED)`) // want info:`^query on "tasks" is across tenants by design, as it claims rows with SKIP LOCKED: if it is not, add "tasks.tenant_id = \$n" \(by-design\)$`
	db.QueryContext(ctx, "SELECT id FROM tasks WHERE state = $1 FOR UPDATE", "queued")                                             // want `query on "tasks" is not limited to a tenant.*unrestricted`
	db.ExecContext(ctx, "UPDATE tasks SET state = 'running' WHERE state = $1", "queued")                                           // want `update on "tasks" is not limited to a tenant.*unrestricted`
	db.QueryContext(ctx, "SELECT id FROM tasks WHERE state = 'queued' AND ($1 = '' OR tenant_id = $1) FOR UPDATE SKIP LOCKED", "") // want info:`claims rows with SKIP LOCKED`
	db.QueryContext(ctx, "SELECT id FROM tasks WHERE state = 'queued' AND ($1 = '' OR tenant_id = $1)", "")                        // want `limited to a tenant only if its caller wants it`
	db.QueryContext(ctx, "SELECT id FROM tasks WHERE id = $1 FOR UPDATE SKIP LOCKED", "1")                                         // want `query on "tasks" is not limited to a tenant.*by-id`
}

func claimMapped(ctx context.Context, db *bun.DB) {
	db.NewRaw("SELECT id FROM tasks WHERE state = ? LIMIT 1 FOR UPDATE SKIP LOCKED", "queued").Exec(ctx)                  // want info:`claims rows with SKIP LOCKED.*"tenant_id = \?"`
	db.NewDelete().Table("tasks").Where("state = 'done'").Where("created_at < ?", time.Now().AddDate(0, -1, 0)).Exec(ctx) // want info:`delete on "tasks" is across tenants by design, as it sweeps by age`
}

func sweep(ctx context.Context, db *sql.DB, before time.Time) {
	db.ExecContext(ctx, "DELETE FROM tasks WHERE created_at < $1", before)                                    // want info:`^delete on "tasks" is across tenants by design, as it sweeps by age: if it is not, add "tenant_id = \$n" \(by-design\)$`
	db.ExecContext(ctx, "DELETE FROM tasks WHERE state = 'done' AND created_at < now() - interval '30 days'") // want info:`sweeps by age`
	db.ExecContext(ctx, "DELETE FROM tasks WHERE state = $1", "done")                                         // want `delete on "tasks" is not limited to a tenant.*unrestricted`
	db.ExecContext(ctx, "DELETE FROM tasks WHERE customer_id = $1 AND created_at < $2", "1", before)          // want `delete on "tasks" is not limited to a tenant.*by-parent`
	db.ExecContext(ctx, "UPDATE tasks SET state = 'late' WHERE created_at < $1", before)                      // want info:`update on "tasks" is across tenants by design, as it moves on what is old`
}

func numbered(db *sql.DB, before time.Time) {
	db.Query("-- name: Tasks :many\nSELECT id FROM tasks")      // want `add "tenant_id = \$n"`
	db.Exec("DELETE FROM tasks WHERE created_at < @p1", before) // want info:`add "tenant_id = @pn"`
}

// sweepOne is given a tenant, and forgets it.
func sweepOne(ctx context.Context, db *sql.DB, tenantID string, before time.Time) {
	db.ExecContext(ctx, "DELETE FROM tasks WHERE created_at < $1", before) // want `delete on "tasks" is not limited to a tenant.*unrestricted`
}

// sweepSome adds the tenant on a condition.
func sweepSome(ctx context.Context, db *sql.DB, of string, before time.Time) {
	query, args := "DELETE FROM tasks WHERE created_at < $1", []any{before} // want `delete on "tasks" is limited to a tenant only on a condition`
	if of != "" {
		query += " AND tenant_id = $2"
		args = append(args, of)
	}
	db.ExecContext(ctx, query, args...)
}

// enqueue makes a task of a tenant, or one of nobody.
func enqueue(ctx context.Context, db *bun.DB, id string, of *string) {
	q := db.NewInsert().Table("tasks").Value("id", "?", id).Value("state", "'queued'") // want info:`insert on "tasks" is across tenants by design, as it makes a row of a tenant where it knows one`
	if of != nil {
		q = q.Value("tenant_id", "?", *of)
	}
	q.Exec(ctx)
}

func enqueueNobodys(ctx context.Context, db *bun.DB, id string, late bool) {
	q := db.NewInsert().Table("tasks").Value("id", "?", id) // want `insert on "tasks" leaves the tenant out`
	if late {
		q = q.Value("state", "'late'")
	}
	q.Exec(ctx)
}
