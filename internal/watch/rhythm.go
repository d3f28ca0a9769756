package watch

import (
	"time"

	"github.com/poollint/poollint/internal/testtrace"
)

const (
	// calmEvery is how long at most lies between two samples, however long nothing has changed.
	calmEvery = 50 * time.Millisecond
	// idleEvery is that before the first test binary, while the command only compiles.
	idleEvery = 100 * time.Millisecond
	// newsEvery is how often test binaries are asked for news.
	newsEvery = 50 * time.Millisecond
	// livelyFor is how long tests that come and go are taken to bring connections, after some have
	// come or gone.
	livelyFor = time.Second
)

// A rhythm says when the next sample is due: soon after a change, and the later the longer
// nothing has changed since.
type rhythm struct {
	every   time.Duration // between two samples right after a change
	moved   time.Time     // when connections have last come or gone, or a test binary has come
	changed time.Time     // when these have, or tests that may bring some
	idle    bool
}

// move notes that connections have come or gone.
func (r *rhythm) move(at time.Time) { r.moved, r.changed = at, at }

// hear notes what tests have said. Those that share a pool come and go without it.
func (r *rhythm) hear(at time.Time, news testtrace.News) {
	switch {
	case news.Began:
		r.move(at)
	case news.Any && at.Sub(r.moved) < livelyFor:
		r.changed = at
	}
}

// next returns when the sample is due that follows one taken at a time.
func (r *rhythm) next(last time.Time) time.Time {
	longest := calmEvery
	if r.idle {
		longest = idleEvery
	}
	return last.Add(max(r.every, min(last.Sub(r.changed), longest)))
}
