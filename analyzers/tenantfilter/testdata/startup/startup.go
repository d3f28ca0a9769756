// Package startup makes its tables when it starts.
package startup

import "database/sql"

func start(db *sql.DB, tenant string) {
	db.Exec(`CREATE TABLE IF NOT EXISTS parcels (id text PRIMARY KEY, tenant_id text NOT NULL, weight int)`)
	db.Query("SELECT id FROM parcels WHERE tenant_id = $1", tenant)
	db.Query("SELECT id FROM parcels WHERE weight > 5") // want `query on "parcels" is not limited to a tenant`
}
