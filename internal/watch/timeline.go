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
	group string // the package, or the application_name of another program
	first time.Time
	last  time.Time
}

// sessionID identifies a session. The process id alone does not: the server reuses them.
type sessionID struct {
	pid     int32
	started time.Time // by the server's clock; zero where the role may not see it
}

// A sample is the number of sessions of each group, from its time until the next sample.
type sample struct {
	at     time.Time
	total  int
	counts map[string]int
}

// timeline is the run's sessions over time.
type timeline struct {
	samples  []sample // only those that differ from the one before, and the last
	taken    int      // how many were taken
	sessions map[sessionID]*session
	gaps     []gap
}

// A gap is a time in which the server could not be reached.
type gap struct {
	from, to time.Time // to is zero while it lasts
	reason   string
}

func newTimeline() *timeline { return &timeline{sessions: map[sessionID]*session{}} }

// add takes a sample: the sessions that there are, with their groups.
func (t *timeline) add(at time.Time, seen map[sessionID]string) {
	next := sample{at: at, total: len(seen), counts: map[string]int{}}
	for id, group := range seen {
		next.counts[group]++
		known := t.sessions[id]
		if known == nil {
			known = &session{sessionID: id, first: at}
			t.sessions[id] = known
		}
		// A session has its name only once it has logged in.
		known.group, known.last = group, at
	}
	t.taken++
	if n := len(t.samples); n == 0 || !maps.Equal(t.samples[n-1].counts, next.counts) {
		t.samples = append(t.samples, next)
	}
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

// most returns the highest count between two times.
func (t *timeline) most(from, to time.Time, count func(sample) int) int {
	highest := 0
	for i, s := range t.samples {
		lasts := i+1 == len(t.samples) || t.samples[i+1].at.After(from)
		if lasts && !s.at.After(to) {
			highest = max(highest, count(s))
		}
	}
	return highest
}

// groups returns the names of all groups, in order.
func (t *timeline) groups() []string {
	names := map[string]bool{}
	for _, s := range t.sessions {
		names[s.group] = true
	}
	return slices.Sorted(maps.Keys(names))
}

// of returns a group's sessions, the oldest first.
func (t *timeline) of(group string) []*session {
	var list []*session
	for _, s := range t.sessions {
		if s.group == group {
			list = append(list, s)
		}
	}
	slices.SortFunc(list, func(a, b *session) int {
		return cmp.Or(a.first.Compare(b.first), cmp.Compare(a.pid, b.pid))
	})
	return list
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
