package nested

import (
	"testing"

	"github.com/google/uuid"

	"example.test/slugs/pool"
	"example.test/slugs/store"
)

// A slug below a generated parent need not be unique by itself.
func TestEnvironment(t *testing.T) {
	project := uuid.NewString()
	_, _ = store.CreateEnvironment(t.Context(), pool.Shared(t), store.Environment{ProjectID: project, Slug: "default"})
}
