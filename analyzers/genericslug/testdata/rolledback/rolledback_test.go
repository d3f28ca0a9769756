package rolledback

import (
	"context"
	"testing"

	"example.test/slugs/pool"
)

// What is rolled back meets nobody.
func TestRolledBack(t *testing.T) {
	tx, err := pool.Shared(t).Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer tx.Rollback(context.Background())
	_, _ = tx.Exec(t.Context(), "INSERT INTO tenants (slug) VALUES ($1)", "acme")
}
