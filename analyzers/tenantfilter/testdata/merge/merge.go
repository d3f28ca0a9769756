// Package merge writes rows that other rows decide on.
package merge

import "database/sql"

func merge(db *sql.DB, tenant, number string) {
	db.Exec(`MERGE INTO invoices i USING (VALUES ($1, $2)) v (t, number) ON i.tenant_id = v.t AND i.number = v.number WHEN NOT MATCHED BY SOURCE THEN DELETE`, tenant, number) // want `merge on "invoices" changes rows of every tenant that its source does not match: test "tenant_id" in WHEN NOT MATCHED BY SOURCE \(unrestricted\)`
}
