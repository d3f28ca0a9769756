package columns

import (
	"testing"

	"example.test/slugs/pool"
)

func TestColumns(t *testing.T) {
	db := pool.Shared(t)
	_, _ = db.Exec(t.Context(), "INSERT INTO invoices (total, tenant_id) VALUES ($1, $2)", "test", "tenant-1") // want `generic invoices.tenant_id "tenant-1" is used on a shared database`
	_, _ = db.Exec(t.Context(), "INSERT INTO organizations (name) VALUES ($1)", "Acme Inc")                    // want `generic organizations.name "Acme Inc" is used on a shared database`
	_, _ = db.Exec(t.Context(), "INSERT INTO workspaces (slug) VALUES ('demo')")                               // want `generic workspaces.slug "demo" is used on a shared database`
	_, _ = db.Exec(t.Context(), "INSERT INTO labels (name) VALUES ($1)", "test")
}
