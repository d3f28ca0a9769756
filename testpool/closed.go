package testpool

import (
	"cmp"
	"context"
	"database/sql"
	"database/sql/driver"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
)

// The process's pool is every test's. A test that closes it, or its *sql.DB, fails; the
// others go on: each has a *sql.DB of its own, and the next call of Get opens the pool again.

// closedError says who has closed what is every test's.
type closedError struct {
	what string // the function that has returned it
	by   taker
}

func (e *closedError) Error() string {
	return fmt.Sprintf("testpool: %s has closed what %s returned, at %s: leave it open, it is every test's", e.by.test, e.what, e.by.site)
}

// blame fails the test that has closed something, or where that is not known the run.
func (s *shared) blame(t testing.TB, err *closedError) {
	if t != nil {
		t.Error(err)
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.misused = append(s.misused, err)
}

// handle lends a test a *sql.DB of its own, which goes to another test afterwards: some keep it in a variable.
func (s *shared) handle(t testing.TB) *sql.DB {
	s.mu.Lock()
	defer s.mu.Unlock()
	if db := s.lent[t]; db != nil {
		return db
	}
	var db *sql.DB
	if last := len(s.free) - 1; last >= 0 {
		db, s.free = s.free[last], s.free[:last]
	} else {
		db = s.openHandle()
	}
	s.lent[t] = db
	t.Cleanup(func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		if s.lent[t] == db {
			delete(s.lent, t)
			s.free = append(s.free, db)
		}
	})
	return db
}

func (s *shared) openHandle() *sql.DB {
	c := &connector{Connector: stdlib.GetPoolConnector(s.pool)}
	db := sql.OpenDB(c)
	db.SetMaxIdleConns(0) // connections go back to the pool
	c.closed = func() error { return s.handleClosed(db) }
	return db
}

// A connector hears of the Close of its *sql.DB.
type connector struct {
	driver.Connector
	closed func() error
}

func (c *connector) Close() error { return c.closed() }

func (s *shared) handleClosed(db *sql.DB) error {
	if s.ending.Load() {
		return nil
	}
	s.mu.Lock()
	for t, lent := range s.lent {
		if lent == db {
			delete(s.lent, t)
		}
	}
	s.mu.Unlock()
	err := &closedError{"testpool.DB", findTaker()}
	t := active.on(goroutineID())
	if t != nil {
		err.by.test = t.Name()
	}
	s.blame(t, err)
	return err
}

// A closing hears when a test closes a pool of the process: pgxpool tells it to nobody.
type closing struct {
	shared *shared
	opened atomic.Bool // before, we may close it ourselves
	err    atomic.Pointer[closedError]
}

// hear has the pool's connections tell when they are closed: by a goroutine that the one which
// closes the pool has started, and waits for.
func (c *closing) hear(config *pgxpool.Config) {
	first := config.BeforeClose
	config.BeforeClose = func(conn *pgx.Conn) {
		if first != nil {
			first(conn)
		}
		if g := thisGoroutine(); strings.HasPrefix(g.creator, "github.com/jackc/puddle/") && strings.HasSuffix(g.creator, ".Close") {
			c.note(g.parent)
		}
	}
}

// refused notes that the pool has refused a connection as it is closed. Unless it is heard
// by whom, that remains unknown: it had no free connection to tell.
func (c *closing) refused() { time.AfterFunc(patience, func() { c.note(0) }) }

// note notes that a goroutine, 0 if that is not known, has closed the pool.
func (c *closing) note(by int) {
	if !c.opened.Load() || c.shared.ending.Load() {
		return
	}
	t := active.on(by)
	site, function := whereabouts(by)
	err := &closedError{"testpool.Get", taker{test: cmp.Or(function, "a goroutine"), site: site}}
	if t != nil {
		err.by.test = t.Name()
	}
	if c.err.CompareAndSwap(nil, err) {
		c.shared.blame(t, err)
	}
}

// A deadContext is the context of a wait for a connection of a closed pool. pgxpool returns its Err.
type deadContext struct {
	context.Context
	err error
}

func (deadContext) Done() <-chan struct{} { return done }
func (c deadContext) Err() error          { return c.err }

var done = func() chan struct{} {
	c := make(chan struct{})
	close(c)
	return c
}()
