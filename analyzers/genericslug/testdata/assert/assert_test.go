package assert

import (
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"example.test/slugs/pool"
	"example.test/slugs/store"
)

// An assertion compares; it creates nothing.
func TestAssertion(t *testing.T) {
	created, err := store.CreateTenant(t.Context(), pool.Shared(t), store.Tenant{Slug: uuid.NewString()})
	require.NoError(t, err)
	require.NotEqual(t, store.Tenant{Slug: "acme"}, created)
	if created.Slug == "acme" {
		t.Fatal("acme")
	}
}
