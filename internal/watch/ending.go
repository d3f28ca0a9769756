package watch

import (
	"slices"
	"time"

	"github.com/poollint/poollint/internal/testtrace"
)

const (
	// leaveTime is what the server's processes are given to end for connections that a test binary
	// has closed.
	leaveTime = 25 * time.Millisecond
	// mostLeaveTime is what they are given where there are more of them than the binary has open.
	mostLeaveTime = 500 * time.Millisecond
)

// ending sees to it that there is a sample of what test binaries have open when their tests have ended:
// they wait for it.
type ending struct {
	trace    *testtrace.Trace
	timeline *timeline
	began    bool // a test binary has been started
	waiting  []testtrace.Process
}

// look asks what tests have said, such as which binaries have come to their end.
func (e *ending) look() testtrace.News {
	news := e.trace.News()
	for _, p := range news.Ended {
		if p.Open != 0 {
			e.waiting = append(e.waiting, p)
		}
	}
	e.began = e.began || news.Began
	return news
}

// sampled lets those binaries go of which the sample, asked for at start, shows what they have open.
func (e *ending) sampled(start, at time.Time, sessions map[sessionID]owner) {
	e.waiting = slices.DeleteFunc(e.waiting, func(p testtrace.Process) bool {
		its := 0
		for _, owner := range sessions {
			if owner.process == p.ID {
				its++
			}
		}
		since := start.Sub(p.Done)
		if since < 0 || its > 0 && since < leaveTime || p.Open > 0 && its > p.Open && since < mostLeaveTime {
			return false
		}
		e.timeline.ends[p.ID] = at
		_ = e.trace.LetGo(p.ID) // if that fails, it goes by itself
		return true
	})
}
