package testpool

import (
	"context"
	"errors"
	"net"
	"os"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
)

func TestGetReturnsOnePool(t *testing.T) {
	t.Parallel()
	pool, db := Get(t), DB(t)
	if Get(t) != pool || DB(t) != db {
		t.Error("a second call returned another pool")
	}
	var name string
	if err := DB(t).QueryRow("select current_setting('application_name')").Scan(&name); err != nil {
		t.Fatal(err)
	}
	if want := os.Getenv("PGAPPNAME"); name != want {
		t.Errorf("application_name = %q, want %q", name, want)
	}
}

func TestPoolIsBounded(t *testing.T) {
	t.Parallel()
	s := newShared(t, Configure(func(c *pgxpool.Config) { c.ConnConfig.RuntimeParams["application_name"] = "bounded" }))
	pool := s.open(t, nil).pool
	var group sync.WaitGroup
	var failed atomic.Value
	for range 20 {
		group.Go(func() {
			if _, err := pool.Exec(t.Context(), "select pg_sleep(0.01)"); err != nil {
				failed.Store(err)
			}
		})
	}
	group.Wait()
	if err := failed.Load(); err != nil {
		t.Fatal(err)
	}
	var sessions int
	if err := pool.QueryRow(t.Context(), "select count(*) from pg_stat_activity where application_name = 'bounded'").Scan(&sessions); err != nil {
		t.Fatal(err)
	}
	if sessions > 3 {
		t.Errorf("%d sessions, want at most 3", sessions)
	}
}

func TestWithoutDatabase(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name                  string
		options               []Option
		wantSkip, wantFailure string
	}{
		{"skips", nil, "testpool: no test database: set DATABASE_URL_TEST or TEST_DATABASE_URL or DATABASE_URL", ""},
		{"required", []Option{Required()}, "", "testpool: no test database: set DATABASE_URL_TEST or TEST_DATABASE_URL or DATABASE_URL"},
		{"refused", []Option{URL("postgres://127.0.0.1:1/shop")}, "", "poollint doctor"},
		{"malformed", []Option{URL("postgres://%")}, "", "testpool: cannot parse"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			s := newProcess()
			for range 2 {
				f := (&fakeT{name: "TestAny"}).run(func(t testing.TB) { s.open(t, test.options) })
				mustContain(t, f.skipped, test.wantSkip)
				mustContain(t, f.text(), test.wantFailure)
			}
		})
	}
}

// A server that takes connections and never answers ends the wait, not the test's patience.
func TestSilentServer(t *testing.T) {
	t.Parallel()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	s := newProcess()
	start := time.Now()
	f := (&fakeT{name: "TestAny"}).run(func(t testing.TB) {
		s.open(t, []Option{URL("postgres://" + listener.Addr().String() + "/shop?sslmode=disable"), ConnectTimeout(200 * time.Millisecond)})
	})
	mustContain(t, f.text(), "the database is not there")
	if took := time.Since(start); took > 3*time.Second {
		t.Errorf("it took %s", took)
	}
}

func TestOptionsCountOnce(t *testing.T) {
	t.Parallel()
	s := newShared(t, MaxConns(2))
	for _, options := range [][]Option{nil, {MaxConns(2)}, {MaxConns(2), Setup(nil)}} {
		if f := (&fakeT{name: "TestAny"}).run(func(t testing.TB) { s.open(t, options) }); f.text() != "" {
			t.Errorf("same options: %s", f.text())
		}
	}
	f := (&fakeT{name: "TestAny"}).run(func(t testing.TB) { s.open(t, []Option{MaxConns(4)}) })
	mustContain(t, f.text(), "is open with other options")
}

func TestSetupRunsOnceAndInTurns(t *testing.T) {
	t.Parallel()
	var running, calls atomic.Int32
	setup := func(ctx context.Context, pool *pgxpool.Pool) error {
		calls.Add(1)
		defer running.Add(-1)
		if running.Add(1) > 1 {
			return errors.New("two at once")
		}
		_, err := pool.Exec(ctx, "select pg_sleep(0.02)")
		return err
	}
	var group sync.WaitGroup
	pools := []*shared{newShared(t, Setup(setup)), newShared(t, Setup(setup)), newShared(t, Setup(setup))}
	for _, s := range pools {
		group.Go(func() {
			for range 2 {
				if f := (&fakeT{name: "TestAny"}).run(func(t testing.TB) { s.open(t, nil) }); f.text() != "" {
					t.Error(f.text())
				}
			}
		})
	}
	group.Wait()
	if got := calls.Load(); got != 3 {
		t.Errorf("setup ran %d times for 3 pools", got)
	}
}

func TestSetupFails(t *testing.T) {
	t.Parallel()
	s := newShared(t, Setup(func(context.Context, *pgxpool.Pool) error { return errors.New("no such migration") }))
	for range 2 {
		f := (&fakeT{name: "TestAny"}).run(func(t testing.TB) { s.open(t, nil) })
		mustContain(t, f.text(), "testpool: Setup: no such migration")
	}
}

// A Setup that ends its test gives the turn back, and no other test takes the pool for set up.
func TestSetupEndsItsTest(t *testing.T) {
	t.Parallel()
	url := setupDatabase(t)
	s := newShared(t, URL(url), Setup(func(context.Context, *pgxpool.Pool) error {
		runtime.Goexit()
		return nil
	}))
	(&fakeT{name: "TestAny"}).run(func(t testing.TB) { s.open(t, nil) })
	f := (&fakeT{name: "TestNext"}).run(func(t testing.TB) { s.open(t, nil) })
	mustContain(t, f.text(), "testpool: Setup has ended its test")
	if text := setUp(t, url, nothing, SetupWait(time.Second)); text != "" {
		t.Error(text)
	}
}
