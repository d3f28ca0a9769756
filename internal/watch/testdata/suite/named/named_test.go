package named

import (
	"context"
	"os"
	"os/exec"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// TestOwnName connects with an application_name of its own.
func TestOwnName(t *testing.T) {
	conn, err := pgx.Connect(context.Background(), os.Getenv("DATABASE_URL_TEST")+"&application_name=own")
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(t.Context())
	time.Sleep(500 * time.Millisecond)
}

// TestChild starts a program that does not name its session either.
func TestChild(t *testing.T) {
	psql := exec.Command("psql", os.Getenv("DATABASE_URL_TEST"), "-c", "set application_name = 'child'; select pg_sleep(0.3)")
	psql.Env = append(os.Environ(), "PGAPPNAME=child")
	if out, err := psql.CombinedOutput(); err != nil {
		t.Skipf("%v\n%s", err, out)
	}
}
