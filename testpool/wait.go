package testpool

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// tracer bounds the wait for a connection and tells holders who has which.
type tracer struct {
	holders  *holders
	maxConns int
	maxWait  time.Duration
	closing  *closing // nil for a pool that may be closed

	mu       sync.Mutex
	returned time.Time // when a connection came back last
}

var (
	_ pgx.QueryTracer       = (*tracer)(nil)
	_ pgxpool.AcquireTracer = (*tracer)(nil)
	_ pgxpool.ReleaseTracer = (*tracer)(nil)
)

// TraceAcquireStart hands pgxpool a context that ends when no connection has come back for the longest wait.
func (t *tracer) TraceAcquireStart(ctx context.Context, _ *pgxpool.Pool, _ pgxpool.TraceAcquireStartData) context.Context {
	if t.closing != nil {
		if err := t.closing.err.Load(); err != nil {
			return deadContext{ctx, err}
		}
	}
	bounded, cancel := context.WithCancelCause(ctx)
	wait := &waitContext{Context: bounded, cancel: cancel, tracer: t, start: time.Now()}
	wait.watch(t.maxWait)
	return wait
}

func (t *tracer) TraceAcquireEnd(ctx context.Context, _ *pgxpool.Pool, data pgxpool.TraceAcquireEndData) {
	if wait, ok := ctx.Value(waitKey{}).(*waitContext); ok {
		wait.end()
	}
	if t.closing != nil && data.Err != nil && data.Err.Error() == "closed pool" { // puddle.ErrClosedPool
		t.closing.refused()
	}
	if data.Err == nil && data.Conn != nil {
		t.holders.take(data.Conn)
	}
}

func (t *tracer) TraceRelease(_ *pgxpool.Pool, data pgxpool.TraceReleaseData) {
	t.holders.release(data.Conn)
	t.mu.Lock()
	defer t.mu.Unlock()
	t.returned = time.Now()
}

// standstill returns how long no connection has come back, at most since a time.
func (t *tracer) standstill(since time.Time) time.Duration {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.returned.After(since) {
		since = t.returned
	}
	return time.Since(since)
}

func (t *tracer) TraceQueryStart(ctx context.Context, conn *pgx.Conn, data pgx.TraceQueryStartData) context.Context {
	t.holders.startQuery(conn, data.SQL)
	return ctx
}

func (t *tracer) TraceQueryEnd(_ context.Context, conn *pgx.Conn, _ pgx.TraceQueryEndData) {
	t.holders.endQuery(conn)
}

// waitContext is the context of one wait. pgxpool returns its Err as the error of
// Acquire, Query, Exec and Begin, and so the one place to say who holds the connections.
type waitContext struct {
	context.Context
	cancel context.CancelCauseFunc
	tracer *tracer
	start  time.Time

	mu    sync.Mutex
	timer *time.Timer
	ended bool
	err   error
}

// errStandstill ends a wait during which no connection has come back.
var errStandstill = errors.New("no connection has come back")

// watch looks again after d, and ends the wait, or goes on for as long as connections come back.
func (c *waitContext) watch(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.ended {
		return
	}
	c.timer = time.AfterFunc(d, func() {
		if left := c.tracer.maxWait - c.tracer.standstill(c.start); left > 0 {
			c.watch(left)
			return
		}
		c.cancel(errStandstill)
	})
}

func (c *waitContext) end() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.ended = true
	c.timer.Stop()
	c.cancel(nil)
}

type waitKey struct{}

func (c *waitContext) Value(key any) any {
	if key == (waitKey{}) {
		return c
	}
	return c.Context.Value(key)
}

func (c *waitContext) Err() error {
	err := c.Context.Err()
	stood := context.Cause(c.Context) == errStandstill
	if !stood && !errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.err == nil {
		e := &waitError{waited: time.Since(c.start), maxConns: c.tracer.maxConns, held: c.tracer.holders.list()}
		if stood {
			e.maxWait = c.tracer.maxWait
		}
		c.err = e
	}
	return c.err
}

// waitError says that no connection came free in time. It is a context.DeadlineExceeded.
type waitError struct {
	waited   time.Duration
	maxWait  time.Duration // in which no connection came back; 0 if the caller's deadline came first
	maxConns int
	held     []holder
}

func (e *waitError) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "testpool: no connection after %s", round(e.waited))
	if round(e.waited) > round(e.maxWait) && e.maxWait > 0 {
		fmt.Fprintf(&b, ", none came back for %s", round(e.maxWait))
	}
	fmt.Fprintf(&b, ": %d of %d are held", len(e.held), e.maxConns)
	if len(e.held) < e.maxConns {
		b.WriteString(", and the server did not answer in time for one more")
	}
	for _, h := range e.held {
		b.WriteString("\n\t" + h.String())
	}
	return b.String()
}

func (e *waitError) Unwrap() error { return context.DeadlineExceeded }
func (e *waitError) Timeout() bool { return true }

// round shortens a duration to what a reader needs.
func round(d time.Duration) time.Duration {
	if d < time.Second {
		return d.Round(time.Millisecond)
	}
	return d.Round(100 * time.Millisecond)
}
