// Package hold takes all the connections that a pool gives, so that what a test may need is
// what it does need.
package hold

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
)

// unlimited is how many connections are taken of a pool without a limit.
const unlimited = 7

// meanwhile is how long they are held.
const meanwhile = 40 * time.Millisecond

// A taken is a handle with the server processes that serve it.
type taken struct {
	taking sync.Mutex // one test takes all of them at a time, or two wait for each other
	open   func() int
	pids   map[uint32]bool
}

var (
	mu  sync.Mutex
	all = map[any]*taken{}
)

func of(handle any, open func() int) *taken {
	mu.Lock()
	defer mu.Unlock()
	if all[handle] == nil {
		all[handle] = &taken{open: open, pids: map[uint32]bool{}}
	}
	return all[handle]
}

func (x *taken) note(t testing.TB, pid uint32) {
	mu.Lock()
	defer mu.Unlock()
	if x.pids[pid] {
		return
	}
	x.pids[pid] = true
	log, err := os.OpenFile(os.Getenv("HOLD_LOG"), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	defer log.Close()
	fmt.Fprintln(log, pid)
}

// Settle waits until the server has ended what the process has closed: that takes it a moment,
// in which the connections still count.
func Settle() {
	for deadline := time.Now().Add(3 * time.Second); time.Now().Before(deadline) && dying(); {
		time.Sleep(time.Millisecond)
	}
}

func dying() bool {
	mu.Lock()
	defer mu.Unlock()
	for _, x := range all {
		alive := 0
		for pid := range x.pids {
			if _, err := os.Stat(filepath.Join("/proc", strconv.Itoa(int(pid)))); err == nil {
				alive++
			} else {
				delete(x.pids, pid)
			}
		}
		if alive > x.open() {
			return true
		}
	}
	return false
}

// Pool takes all connections of a pool, for a while.
func Pool(t testing.TB, pool *pgxpool.Pool) {
	t.Helper()
	x := of(pool, func() int { return int(pool.Stat().TotalConns()) })
	x.taking.Lock()
	defer x.taking.Unlock()
	Settle()
	for range pool.Config().MaxConns {
		conn, err := pool.Acquire(context.Background())
		if err != nil {
			t.Error(err)
			return
		}
		defer conn.Release()
		x.note(t, conn.Conn().PgConn().PID())
	}
	time.Sleep(meanwhile)
}

// DB takes all connections of a pool, for a while.
func DB(t testing.TB, db *sql.DB) {
	t.Helper()
	x := of(db, func() int { return db.Stats().OpenConnections })
	x.taking.Lock()
	defer x.taking.Unlock()
	Settle()
	n := db.Stats().MaxOpenConnections
	if n == 0 {
		n = unlimited
	}
	db.SetMaxIdleConns(n)
	for range n {
		conn, err := db.Conn(context.Background())
		if err != nil {
			t.Error(err)
			return
		}
		defer conn.Close()
		if err := conn.Raw(func(c any) error {
			x.note(t, c.(*stdlib.Conn).Conn().PgConn().PID())
			return nil
		}); err != nil {
			t.Error(err)
		}
	}
	time.Sleep(meanwhile)
}

// Conn keeps a connection for a while.
func Conn(t testing.TB, conn *pgx.Conn) {
	x := of(conn, func() int {
		if conn.IsClosed() {
			return 0
		}
		return 1
	})
	x.note(t, conn.PgConn().PID())
	time.Sleep(meanwhile)
}
