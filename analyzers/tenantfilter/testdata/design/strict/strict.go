// Package strict wants the tenant in sweeps too.
package strict

import "database/sql"

func sweep(db *sql.DB) {
	db.Exec(`CREATE TABLE tasks (id text PRIMARY KEY, tenant_id text NOT NULL, created_at timestamptz)`)
	db.Exec("DELETE FROM tasks WHERE created_at < now()") // want `delete on "tasks" is not limited to a tenant: add "tenant_id = \$n" \(unrestricted\)`
}
