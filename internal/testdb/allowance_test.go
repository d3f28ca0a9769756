package testdb

import (
	"context"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/poollint/poollint/internal/pgtest"
)

func TestAllowance(t *testing.T) {
	t.Parallel()
	server := pgtest.Start(t, "max_connections=20", "superuser_reserved_connections=3")
	ctx := context.Background()
	super, err := pgx.Connect(ctx, server.URL())
	if err != nil {
		t.Fatal(err)
	}
	defer super.Close(ctx)
	for _, statement := range []string{
		"create role plain login", "create role few login connection limit 4",
		"create database small connection limit 6",
	} {
		if _, err := super.Exec(ctx, statement); err != nil {
			t.Fatal(err)
		}
	}
	for _, test := range []struct {
		role, database string
		usable         int
		because        string
	}{
		{"postgres", "postgres", 20, "max_connections 20, 0 reserved from role postgres"},
		{"postgres", "small", 20, "max_connections 20, 0 reserved from role postgres"},
		{"plain", "postgres", 17, "max_connections 20, 3 reserved from role plain"},
		{"plain", "small", 6, "the limit of the database"},
		{"few", "small", 4, "the limit of role few"},
	} {
		conn, err := pgx.Connect(ctx, strings.NewReplacer("postgres@", test.role+"@", "/postgres?", "/"+test.database+"?").Replace(server.URL()))
		if err != nil {
			t.Fatal(err)
		}
		allowance, err := ReadAllowance(ctx, conn)
		if err != nil || allowance.Usable() != test.usable || allowance.String() != test.because {
			t.Errorf("%s in %s: %d, %s, %v; want %d, %s", test.role, test.database, allowance.Usable(), allowance, err, test.usable, test.because)
		}
		conn.Close(ctx)
	}
}
