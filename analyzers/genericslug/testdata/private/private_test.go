package private

import (
	"context"
	"os"
	"testing"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgxpool"

	"example.test/slugs/store"
)

// Every test has a database of its own.
func database(t *testing.T) *pgxpool.Pool {
	admin, err := pgxpool.New(context.Background(), os.Getenv("TEST_DATABASE_URL"))
	if err != nil {
		t.Fatal(err)
	}
	defer admin.Close()
	name := "test_" + uuid.NewString()
	if _, err := admin.Exec(t.Context(), "CREATE DATABASE "+name); err != nil {
		t.Fatal(err)
	}
	db, err := pgxpool.New(context.Background(), "postgres://localhost/"+name)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(db.Close)
	return db
}

func TestPrivate(t *testing.T) {
	t.Parallel()
	_, _ = store.CreateTenant(t.Context(), database(t), store.Tenant{Slug: "acme"})
}

func TestPrivateToo(t *testing.T) {
	t.Parallel()
	_, _ = store.CreateTenant(t.Context(), database(t), store.Tenant{Slug: "acme"})
}
