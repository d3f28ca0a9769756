// Package twolevel has projects within organizations.
package twolevel

import "database/sql"

func twolevel(db *sql.DB, org, project string) {
	db.Query("SELECT id FROM events WHERE org_id = $1", org)
	db.Query("SELECT id FROM events WHERE project_id = $1", project)
	db.Query("SELECT id FROM events WHERE kind = $1", "x") // want `query on "events" is not limited to a tenant: add "project_id = \$n"`
	db.Query("SELECT id FROM projects WHERE org_id = $1", org)
	db.Query("SELECT id FROM projects WHERE name = $1", "x") // want `query on "projects" is not limited to a tenant: add "org_id = \$n"`
}
