package watch

import "time"

const (
	// calmEvery is how long at most lies between two samples, however long nothing has changed.
	calmEvery = 50 * time.Millisecond
	// idleEvery is that before the first test binary, while the command only compiles.
	idleEvery = 100 * time.Millisecond
	// newsEvery is how often test binaries are asked for news.
	newsEvery = 25 * time.Millisecond
)

// A rhythm says when the next sample is due: soon after a change, and the later the longer
// nothing has changed since.
type rhythm struct {
	every   time.Duration // between two samples right after a change
	changed time.Time
	idle    bool
}

// next returns when the sample is due that follows one taken at a time.
func (r rhythm) next(last time.Time) time.Time {
	longest := calmEvery
	if r.idle {
		longest = idleEvery
	}
	return last.Add(max(r.every, min(last.Sub(r.changed), longest)))
}
