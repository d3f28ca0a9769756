package testpool

import (
	"context"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

func TestCloseNamesWhatIsHeld(t *testing.T) {
	t.Parallel()
	s := newShared(t).open(t, nil)
	tx, err := s.pool.Begin(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	err = s.close()
	if err == nil {
		t.Fatal("no error")
	}
	mustContain(t, err.Error(), "testpool: connections of the pool are left (1): ",
		"\n\tTestCloseNamesWhatIsHeld: taken at main_test.go:", "in a transaction, last query: begin")
	if err := tx.Rollback(t.Context()); err != nil {
		t.Fatal(err)
	}
}

func TestCloseWaitsForAGoroutine(t *testing.T) {
	t.Parallel()
	s := newShared(t, Configure(func(c *pgxpool.Config) { c.ConnConfig.RuntimeParams["application_name"] = "late" })).open(t, nil)
	conn, err := s.pool.Acquire(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	time.AfterFunc(50*time.Millisecond, conn.Release)
	if err := s.close(); err != nil {
		t.Error(err)
	}
}

func TestCloseFindsStrayConnections(t *testing.T) {
	t.Parallel()
	s := newShared(t, Configure(func(c *pgxpool.Config) { c.ConnConfig.RuntimeParams["application_name"] = "stray" })).open(t, nil)
	config, err := pgx.ParseConfig(serverURL(t))
	if err != nil {
		t.Fatal(err)
	}
	config.RuntimeParams["application_name"] = "stray"
	conn, err := pgx.ConnectConfig(t.Context(), config)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.Background())
	if _, err := conn.Exec(t.Context(), "select 42"); err != nil {
		t.Fatal(err)
	}
	err = s.close()
	if err == nil {
		t.Fatal("no error")
	}
	mustContain(t, err.Error(), "testpool: connections beside the pool are left (1): use testpool.Get, or close them\n\tidle since ", "last query: select 42")
}
