package uses

import (
	"context"
	"os"
	"testing"

	"example.com/newpool/dbtest"
	"github.com/jackc/pgx/v5/pgxpool"
)

func TestNew(t *testing.T)    { dbtest.New(t) }
func TestShared(t *testing.T) { dbtest.Shared(t) }

func TestPrivate(t *testing.T) {
	pool, err := pgxpool.New(context.Background(), dbtest.Database(t, "orders"))
	if err != nil {
		t.Fatal(err)
	}
	pool.Close()
}

func TestDial(t *testing.T) {
	pool, err := dbtest.Dial(os.Getenv("DSN"))
	if err != nil {
		t.Fatal(err)
	}
	pool.Close()
}
