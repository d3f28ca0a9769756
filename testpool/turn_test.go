package testpool

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// setupDatabase returns a database of the test's own, where nobody else takes turns.
func setupDatabase(t *testing.T) string {
	t.Helper()
	return urlOf(Database(t))
}

func urlOf(pool *pgxpool.Pool) string {
	config := pool.Config().ConnConfig
	return fmt.Sprintf("postgres://%s@%s:%d/%s?sslmode=disable", config.User, config.Host, config.Port, config.Database)
}

// setUp opens a pool that runs setup, and returns how that fails.
func setUp(t *testing.T, url string, setup func(context.Context, *pgxpool.Pool) error, options ...Option) string {
	t.Helper()
	s := newShared(t, append(options, URL(url), Setup(setup))...)
	return (&fakeT{name: "TestAny"}).run(func(f testing.TB) { s.open(f, nil) }).text()
}

func nothing(context.Context, *pgxpool.Pool) error { return nil }

// A session may keep a lock that is its own for ever, as behind a pooler.
func TestSetupNamesWhoHasTheTurn(t *testing.T) {
	t.Parallel()
	url := setupDatabase(t)
	conn := connect(t, url+"&application_name=long_gone")
	if _, err := conn.Exec(t.Context(), "select pg_advisory_lock(hashtext('testpool.Setup'))"); err != nil {
		t.Fatal(err)
	}
	mustContain(t, setUp(t, url, nothing, SetupWait(300*time.Millisecond)),
		"testpool: Setup: no turn after 300ms: ", fmt.Sprintf("pid %d (long_gone) has it since ", conn.PgConn().PID()), " ago, idle; ",
		fmt.Sprintf("if that run is over: select pg_terminate_backend(%d)", conn.PgConn().PID()))
}

// Four others have the turn, one after the other, each for less than the longest wait.
func TestSetupWaitCountsProgress(t *testing.T) {
	t.Parallel()
	const wait = 2 * time.Second
	url := setupDatabase(t)
	first, second := connect(t, url), connect(t, url)
	take := func(conn *pgx.Conn) {
		if _, err := conn.Exec(t.Context(), "begin; select pg_advisory_xact_lock(hashtext('testpool.Setup'))"); err != nil {
			t.Error(err)
		}
	}
	take(first)
	var group sync.WaitGroup
	group.Go(func() {
		holder, next := first, second
		for range 3 {
			taken := make(chan struct{})
			go func() {
				take(next)
				close(taken)
			}()
			time.Sleep(wait / 2)
			if _, err := holder.Exec(t.Context(), "commit"); err != nil {
				t.Error(err)
			}
			<-taken
			holder, next = next, holder
		}
		if _, err := holder.Exec(t.Context(), "commit"); err != nil {
			t.Error(err)
		}
	})
	start := time.Now()
	if text := setUp(t, url, nothing, SetupWait(wait)); text != "" {
		t.Error(text)
	}
	if took := time.Since(start); took < wait {
		t.Errorf("it waited only %s", took)
	}
	group.Wait()
}

// The transaction of the turn is idle while Setup runs; neither does it keep Setup from building an index concurrently.
func TestSetupOutlastsTheTimeLimits(t *testing.T) {
	t.Parallel()
	url := setupDatabase(t) + "&idle_in_transaction_session_timeout=100"
	var running atomic.Int32
	setup := func(ctx context.Context, pool *pgxpool.Pool) error {
		defer running.Add(-1)
		if running.Add(1) > 1 {
			return fmt.Errorf("two at once")
		}
		for _, statement := range []string{"create table if not exists orders (id int)", "select pg_sleep(0.4)",
			"create index concurrently if not exists orders_id on orders (id)"} {
			if _, err := pool.Exec(ctx, statement); err != nil {
				return err
			}
		}
		return nil
	}
	var group sync.WaitGroup
	for range 3 {
		group.Go(func() {
			if text := setUp(t, url, setup); text != "" {
				t.Error(text)
			}
		})
	}
	group.Wait()
}

func TestSetupThatLosesItsTurnFails(t *testing.T) {
	t.Parallel()
	text := setUp(t, setupDatabase(t), func(ctx context.Context, pool *pgxpool.Pool) error {
		if _, err := pool.Exec(ctx, "select pg_terminate_backend(pid) from pg_locks where "+lockOfSetup); err != nil {
			return err
		}
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-time.After(20 * time.Second):
			return fmt.Errorf("nobody has told")
		}
	})
	mustContain(t, text, "testpool: Setup: the turn was lost: ", "terminating connection")
}
