package testpool

import (
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
)

// named gives the test's sessions a name of their own, so that it finds none but these at the end.
func named(t *testing.T) Option {
	return Configure(func(c *pgxpool.Config) { c.ConnConfig.RuntimeParams["application_name"] = t.Name() })
}

// A test that closes its *sql.DB fails; what another test has goes on.
func TestCloseOfDBNamesTheTest(t *testing.T) {
	t.Parallel()
	s := newShared(t, named(t)).open(t, nil)
	db := s.handle(t)
	f := (&fakeT{name: "TestClosesDB"}).run(func(f testing.TB) {
		own := s.open(f, nil).handle(f)
		if s.handle(f) != own {
			f.Error("a second call returned another")
		}
		if err := own.Close(); err == nil {
			f.Error("Close returned no error")
		}
		if err := s.handle(f).Ping(); err != nil {
			f.Error(err)
		}
	})
	const want = "testpool: TestClosesDB has closed what testpool.DB returned, at closed_test.go:"
	mustContain(t, f.text(), want)
	if len(f.errors) != 1 {
		t.Errorf("more than one report: %s", f.text())
	}
	if err := db.Ping(); err != nil {
		t.Errorf("another test's: %v", err)
	}

	done := make(chan error)
	go func() { done <- s.handle(t).Close() }()
	<-done
	err := s.close()
	if err == nil {
		t.Fatal("no error for the goroutine's Close")
	}
	mustContain(t, err.Error(), "testpool: TestCloseOfDBNamesTheTest has closed what testpool.DB returned, at closed_test.go:")
}

// Those who keep a test's *sql.DB in a variable may use it after the test.
func TestDBOutlivesItsTest(t *testing.T) {
	t.Parallel()
	s := newShared(t, named(t)).open(t, nil)
	first := s.handle(&fakeT{name: "TestFirst"})
	f := &fakeT{name: "TestSecond"}
	f.run(func(testing.TB) { s.handle(f) })
	if second := s.handle(&fakeT{name: "TestThird"}); second == first || len(s.free) != 0 {
		t.Error("a *sql.DB is lent twice, or not again")
	}
	if err := first.Ping(); err != nil {
		t.Error(err)
	}
	if err := s.close(); err != nil {
		t.Error(err)
	}
}

// A test that closes the pool fails; what others ask of it names that test, and the next Get opens another.
func TestCloseOfPoolNamesTheTest(t *testing.T) {
	t.Parallel()
	s := newShared(t, named(t))
	old := s.open(t, nil).pool
	f := (&fakeT{name: "TestClosesPool"}).run(func(f testing.TB) {
		s.open(f, nil).pool.Close()
	})
	const want = "testpool: TestClosesPool has closed what testpool.Get returned, at closed_test.go:"
	mustContain(t, f.text(), want)
	if _, err := old.Exec(t.Context(), "select 1"); err == nil {
		t.Error("the closed pool still works")
	} else {
		mustContain(t, err.Error(), want)
	}
	if _, err := s.open(t, nil).pool.Exec(t.Context(), "select 1"); err != nil {
		t.Errorf("the next pool: %v", err)
	}
	if err := s.handle(t).Ping(); err != nil {
		t.Errorf("the next *sql.DB: %v", err)
	}
	if err := s.close(); err != nil {
		t.Error(err)
	}
}

// Without a free connection the pool does not tell who closes it. That it is closed is seen all the same.
func TestCloseOfPoolWhileAllIsHeld(t *testing.T) {
	t.Parallel()
	s := newShared(t, named(t), MaxConns(1), MaxWait(waitInTests)).open(t, nil)
	conn, err := s.pool.Acquire(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	go s.pool.Close()
	time.Sleep(50 * time.Millisecond)
	conn.Release()
	for deadline := time.Now().Add(10 * time.Second); s.closing.err.Load() == nil && time.Now().Before(deadline); time.Sleep(10 * time.Millisecond) {
		if _, err := s.pool.Exec(t.Context(), "select 1"); err == nil {
			t.Fatal("the pool is open")
		}
	}
	if _, err := s.open(t, nil).pool.Exec(t.Context(), "select 1"); err != nil {
		t.Errorf("the next pool: %v", err)
	}
	err = s.close()
	if err == nil {
		t.Fatal("no error")
	}
	mustContain(t, err.Error(), "testpool: a goroutine has closed what testpool.Get returned, at an unknown place")
}

// What is still held of the closed pool counts: another is not opened beside it.
func TestReopenWaitsForTheClosedPool(t *testing.T) {
	t.Parallel()
	s := newShared(t, named(t), MaxConns(2), MaxWait(waitInTests)).open(t, nil)
	var held []*pgxpool.Conn
	for range 2 {
		conn, err := s.pool.Acquire(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		held = append(held, conn)
	}
	held[1].Release()
	closed := make(chan struct{})
	go func() {
		s.pool.Close() // waits for what is held
		close(closed)
	}()
	for s.closing.err.Load() == nil {
		time.Sleep(time.Millisecond)
	}
	f := (&fakeT{name: "TestAny"}).run(func(f testing.TB) { s.open(f, nil) })
	mustContain(t, f.text(), "has closed what testpool.Get returned, at closed_test.go:",
		"its connections are still held, the longest by TestReopenWaitsForTheClosedPool: taken at closed_test.go:")
	held[0].Release()
	<-closed
	if f := (&fakeT{name: "TestAny"}).run(func(f testing.TB) { s.open(f, nil) }); f.text() != "" {
		t.Error(f.text())
	}
}
