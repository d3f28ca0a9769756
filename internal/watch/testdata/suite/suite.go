// Package suite opens connections for the test packages below it, which poollint watch is tried on.
package suite

import (
	"context"
	"os"
	"testing"

	"github.com/jackc/pgx/v5"
)

// Connect opens a connection that the caller closes, or not.
func Connect(t testing.TB) *pgx.Conn {
	t.Helper()
	conn, err := pgx.Connect(context.Background(), os.Getenv("DATABASE_URL_TEST"))
	if err != nil {
		t.Fatal(err)
	}
	return conn
}
