package store_test

import (
	"os"
	"testing"

	"example.com/service/store"
)

func TestOpen(t *testing.T) {
	t.Parallel()
	s, err := store.New(t.Context(), os.Getenv("DATABASE_URL"))
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	tenantSlug := "acme"
	if err := s.CreateTenant(t.Context(), "1", tenantSlug); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Open(t.Context(), "1"); err != nil {
		t.Fatal(err)
	}
}

func TestStuck(t *testing.T) {
	t.Parallel()
	s, err := store.New(t.Context(), os.Getenv("DATABASE_URL"))
	if err != nil {
		t.Fatal(err)
	}
	if err := s.CreateTenant(t.Context(), "2", "acme"); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Stuck(t.Context(), "open"); err != nil {
		t.Fatal(err)
	}
}
