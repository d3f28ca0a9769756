package watch

import (
	"cmp"
	"maps"
	"slices"
	"time"
)

// A session is one connection to the server, as samples saw it. Times are this machine's.
type session struct {
	sessionID
	owner owner
	first time.Time
	last  time.Time
}

// sessionID identifies a session. The process id alone does not: the server reuses them.
type sessionID struct {
	pid     int32
	started time.Time // by the server's clock; zero where the role may not see it
}

// An owner is whose a session is, as far as a sample shows.
type owner struct {
	process int    // that has the connection, 0 if not known
	name    string // its application_name or program, if the session does not name the process
}

// A sample is the number of sessions of each owner, from its time until the next sample.
type sample struct {
	at     time.Time
	total  int
	counts map[owner]int
}

// timeline is the run's sessions over time.
type timeline struct {
	samples  []sample // only those that differ from the one before
	taken    int
	sessions map[sessionID]*session
	ends     map[int]time.Time // by test binary: of the sample that shows what was open when its tests had ended
	gaps     []gap
}

// A gap is a time in which the server could not be reached.
type gap struct {
	from, to time.Time // to is zero while it lasts
	reason   string
}

func newTimeline() *timeline {
	return &timeline{sessions: map[sessionID]*session{}, ends: map[int]time.Time{}}
}

// add takes a sample: the sessions that there are, with their owners. It reports whether these, or how
// many each has, are others than before.
func (t *timeline) add(at time.Time, seen map[sessionID]owner) (changed bool) {
	next := sample{at: at, total: len(seen), counts: map[owner]int{}}
	for id, owner := range seen {
		next.counts[owner]++
		known := t.sessions[id]
		if known == nil {
			known = &session{sessionID: id, first: at}
			t.sessions[id] = known
			changed = true
		}
		// A session has its name only once it has logged in.
		known.owner, known.last = owner, at
	}
	t.taken++
	if n := len(t.samples); n == 0 || !maps.Equal(t.samples[n-1].counts, next.counts) {
		t.samples = append(t.samples, next)
		changed = true
	}
	return changed
}

// lost and found begin and end a gap.
func (t *timeline) lost(at time.Time, reason string) {
	t.gaps = append(t.gaps, gap{from: at, reason: reason})
}

func (t *timeline) found(at time.Time) { t.gaps[len(t.gaps)-1].to = at }

// latest returns the newest sample, an empty one before the first.
func (t *timeline) latest() sample {
	if len(t.samples) == 0 {
		return sample{}
	}
	return t.samples[len(t.samples)-1]
}

// peak returns the first sample in which count is highest.
func (t *timeline) peak(count func(sample) int) sample {
	var highest sample
	for _, s := range t.samples {
		if count(s) > count(highest) {
			highest = s
		}
	}
	return highest
}

// all returns the sessions, the oldest first.
func (t *timeline) all() []*session {
	return slices.SortedFunc(maps.Values(t.sessions), func(a, b *session) int {
		return cmp.Or(a.first.Compare(b.first), cmp.Compare(a.pid, b.pid))
	})
}

// alive returns the sessions that were open at that time.
func alive(sessions []*session, at time.Time) []*session {
	var list []*session
	for _, s := range sessions {
		if !s.first.After(at) && !s.last.Before(at) {
			list = append(list, s)
		}
	}
	return list
}
