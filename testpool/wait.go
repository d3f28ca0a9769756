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
}

var (
	_ pgx.QueryTracer       = (*tracer)(nil)
	_ pgxpool.AcquireTracer = (*tracer)(nil)
	_ pgxpool.ReleaseTracer = (*tracer)(nil)
)

// TraceAcquireStart hands pgxpool a context that ends after the longest wait.
func (t *tracer) TraceAcquireStart(ctx context.Context, _ *pgxpool.Pool, _ pgxpool.TraceAcquireStartData) context.Context {
	bounded, cancel := context.WithTimeout(ctx, t.maxWait)
	return &waitContext{Context: bounded, cancel: cancel, tracer: t, start: time.Now()}
}

func (t *tracer) TraceAcquireEnd(ctx context.Context, _ *pgxpool.Pool, data pgxpool.TraceAcquireEndData) {
	if wait, ok := ctx.Value(waitKey{}).(*waitContext); ok {
		wait.cancel()
	}
	if data.Err == nil && data.Conn != nil {
		t.holders.take(data.Conn)
	}
}

func (t *tracer) TraceRelease(_ *pgxpool.Pool, data pgxpool.TraceReleaseData) {
	t.holders.release(data.Conn)
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
	cancel context.CancelFunc
	tracer *tracer
	start  time.Time

	once sync.Once
	err  error
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
	if !errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	c.once.Do(func() {
		c.err = &waitError{
			waited:   time.Since(c.start),
			maxConns: c.tracer.maxConns,
			held:     c.tracer.holders.list(),
		}
	})
	return c.err
}

// waitError says that no connection came free in time. It is a context.DeadlineExceeded.
type waitError struct {
	waited   time.Duration
	maxConns int
	held     []holder
}

func (e *waitError) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "testpool: no connection after %s: %d of %d are held", round(e.waited), len(e.held), e.maxConns)
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
