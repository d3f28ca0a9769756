package testpool

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
)

// waitInTests is long enough to connect on a busy machine.
const waitInTests = time.Second

// full returns a pool of two connections that this test holds.
func full(t *testing.T, maxWait time.Duration) *pgxpool.Pool {
	t.Helper()
	pool := newShared(t, MaxConns(2), MaxWait(maxWait)).open(t, nil).pool
	tx, err := pool.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = tx.Rollback(context.Background()) })
	if _, err := tx.Exec(t.Context(), "select 1 as\n  one"); err != nil {
		t.Fatal(err)
	}
	conn, err := pool.Acquire(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(conn.Release)
	return pool
}

func TestWaitNamesTheHolders(t *testing.T) {
	t.Parallel()
	pool := full(t, waitInTests)
	_, err := pool.Exec(t.Context(), "select 1")
	if !errors.Is(err, context.DeadlineExceeded) {
		t.Fatalf("got %v, want a deadline", err)
	}
	mustContain(t, err.Error(), "testpool: no connection after ", "2 of 2 are held",
		"\n\tTestWaitNamesTheHolders: taken at wait_test.go:", ", in a transaction, last query: select 1 as one\n")
}

// Two hundred tests share three connections: each waits far longer than the longest wait, but connections come back all the time.
func TestWaitCountsProgress(t *testing.T) {
	t.Parallel()
	pool := newShared(t, MaxConns(3), MaxWait(waitInTests)).open(t, nil).pool
	var group sync.WaitGroup
	var failed atomic.Int32
	start := time.Now()
	for range 200 {
		group.Go(func() {
			if _, err := pool.Exec(t.Context(), "select pg_sleep(0.05)"); err != nil {
				failed.Add(1)
				t.Log(err)
			}
		})
	}
	group.Wait()
	if n := failed.Load(); n > 0 {
		t.Errorf("%d of 200 failed", n)
	}
	if took := time.Since(start); took < 2*waitInTests {
		t.Errorf("nobody had to wait: it took %s", took)
	}
}

// After a connection has come back, the wait takes as long as before, and no longer.
func TestWaitStartsAnew(t *testing.T) {
	t.Parallel()
	pool := newShared(t, MaxConns(2), MaxWait(waitInTests)).open(t, nil).pool
	var held []*pgxpool.Conn
	for range 2 {
		conn, err := pool.Acquire(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		held = append(held, conn)
	}
	defer held[0].Release()
	var group sync.WaitGroup
	for range 2 { // the first gets what comes back, and keeps it
		group.Go(func() {
			conn, err := pool.Acquire(t.Context())
			if err == nil {
				t.Cleanup(conn.Release)
				return
			}
			mustContain(t, err.Error(), "testpool: no connection after ", ", none came back for 1s: 2 of 2 are held\n")
		})
	}
	time.Sleep(waitInTests / 2)
	start := time.Now()
	held[1].Release()
	group.Wait()
	if took := time.Since(start); took < waitInTests*9/10 {
		t.Errorf("given up %s after a connection came back", took)
	}
}

func TestWaitEndsWithTheCallersContext(t *testing.T) {
	t.Parallel()
	pool := full(t, time.Minute)
	soon, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	_, err := pool.Exec(soon, "select 1")
	if !errors.Is(err, context.DeadlineExceeded) {
		t.Fatalf("got %v, want a deadline", err)
	}
	mustContain(t, err.Error(), "2 of 2 are held")

	cancelled, cancel := context.WithCancel(t.Context())
	time.AfterFunc(20*time.Millisecond, cancel)
	if _, err := pool.Exec(cancelled, "select 1"); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want a cancellation", err)
	}
}

func TestWaitThroughDatabaseSQL(t *testing.T) {
	t.Parallel()
	s := newShared(t, MaxConns(1), MaxWait(waitInTests)).open(t, nil)
	rows, err := s.handle(t).Query("select generate_series(1, 2)")
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	_, err = s.handle(t).Exec("select 1")
	if err == nil {
		t.Fatal("no error")
	}
	mustContain(t, err.Error(), "1 of 1 are held", "TestWaitThroughDatabaseSQL: taken at wait_test.go:")
}

func TestWaitNamesTheCallerOfTx(t *testing.T) {
	t.Parallel()
	serverURL(t)
	Tx(t)
	for _, holder := range process.holders.list() {
		if holder.taker.test == t.Name() && strings.HasPrefix(holder.taker.site, "wait_test.go:") {
			return
		}
	}
	t.Errorf("the transaction is not among %v", process.holders.list())
}

// A handler runs on a goroutine that no test has started.
func TestWaitNamesTheTestsOfAGoroutine(t *testing.T) {
	pool := newShared(t, MaxConns(1), MaxWait(waitInTests)).open(t, nil).pool
	handler := &holdingHandler{pool: pool, taken: make(chan error), done: make(chan struct{})}
	server := httptest.NewServer(handler)
	defer server.Close()
	go func() {
		if response, err := http.Get(server.URL); err == nil {
			response.Body.Close()
		}
	}()
	if err := <-handler.taken; err != nil {
		t.Fatal(err)
	}
	_, err := pool.Exec(t.Context(), "select 1")
	close(handler.done)
	if err == nil {
		t.Fatal("no error")
	}
	mustContain(t, err.Error(), "\n\ta goroutine that no test has started, while there is ", "TestWaitNamesTheTestsOfAGoroutine")
}

// holdingHandler takes a connection and keeps it until done is closed.
type holdingHandler struct {
	pool  *pgxpool.Pool
	taken chan error
	done  chan struct{}
}

func (h *holdingHandler) ServeHTTP(http.ResponseWriter, *http.Request) {
	conn, err := h.pool.Acquire(context.Background())
	h.taken <- err
	<-h.done
	conn.Release()
}

func TestTestName(t *testing.T) {
	t.Parallel()
	for function, want := range map[string]string{
		"example.com/shop.TestRefund":                       "TestRefund",
		"example.com/shop_test.TestRefund.func1.2":          "TestRefund",
		"example.com/shop.(*Suite).TestRefund":              "TestRefund",
		"example.com/shop.(*Suite[...]).TestRefund.func1":   "TestRefund",
		"example.com/shop.TestEach[...].func1":              "TestEach",
		"example.com/shop.TestRange-range1":                 "TestRange",
		"example.com/shop.TestSpawn.gowrap1":                "TestSpawn",
		"example.com/shop.BenchmarkRefund.func1":            "BenchmarkRefund",
		"example.com/shop.FuzzRefund.func1":                 "FuzzRefund",
		"example.com/shop.Test":                             "Test",
		"example.com/shop.Test_refund":                      "Test_refund",
		"example.com/shop.Testify":                          "",
		"example.com/shop.refund":                           "",
		"testing.tRunner":                                   "",
		"github.com/jackc/pgx/v5/pgxpool.(*Pool).Acquire":   "",
		"example.com/shop.setUpTestDatabase":                "",
		"example.com/shop/internal/testing.NewTestDatabase": "",
	} {
		if got := testName(function); got != want {
			t.Errorf("testName(%q) = %q, want %q", function, got, want)
		}
	}
}

func TestShortSQL(t *testing.T) {
	t.Parallel()
	long := make([]byte, 200)
	for i := range long {
		long[i] = 'x'
	}
	for sql, want := range map[string]string{
		"select 1":             "select 1",
		"\n\tselect 1,\n\t 2 ": "select 1, 2",
		string(long):           string(long[:79]) + "…",
	} {
		if got := shortSQL(sql); got != want {
			t.Errorf("shortSQL(%q) = %q, want %q", sql, got, want)
		}
	}
}
