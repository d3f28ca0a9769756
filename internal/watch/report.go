package watch

import (
	"cmp"
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"
	"time"
)

// A report is the result of a watched run. Times are seconds from its start.
type report struct {
	Version  int            `json:"version"`
	Command  []string       `json:"command"`
	Started  time.Time      `json:"started"`
	Seconds  float64        `json:"seconds"`
	Status   int            `json:"status"`  // the command's exit status
	Stopped  bool           `json:"stopped"` // by a signal
	Server   serverFacts    `json:"server"`
	Restarts int            `json:"restarts"`
	Limits   thresholds     `json:"limits"`
	Budget   *Budget        `json:"budget,omitempty"`
	Total    groupReport    `json:"total"`
	Groups   []groupReport  `json:"packages"`
	Refused  refusals       `json:"refused"`
	Opened   int            `json:"sessions_opened"` // by the server's count
	Taken    int            `json:"samples_taken"`
	Samples  []sampleReport `json:"samples"` // those that differ from the one before
	Gaps     []gapReport    `json:"gaps,omitempty"`
	Notes    []string       `json:"notes,omitempty"`

	common string // what the packages' import paths begin with
}

// thresholds are limits. A run that exceeds one fails.
type thresholds struct {
	Max   int `json:"max"`   // connections at once
	After int `json:"after"` // connections left after the run
}

// A Budget is the static bound on the connections of a run.
type Budget struct {
	Connections int  `json:"connections"`
	Unbounded   bool `json:"unbounded"` // Connections is what is known, and no bound

	Reasons []string `json:"reasons,omitempty"` // why there is no bound, each with its line
}

// groupReport is about the sessions of one package, of another program, or all.
type groupReport struct {
	Name     string      `json:"name"`
	Package  bool        `json:"package"` // Name is an import path
	Peak     int         `json:"peak"`
	PeakAt   float64     `json:"peak_at"`
	Sessions int         `json:"sessions"`            // that were seen; shorter ones may have been missed
	AtEnd    *int        `json:"at_end"`              // open when the package's last test ended; null where that is not known
	Left     int         `json:"left"`                // open after the run
	Tests    []string    `json:"tests,omitempty"`     // that ran at the peak
	OpenedIn []testCount `json:"opened_in,omitempty"` // the sessions of the peak, by the test that ran when they were opened

	short string // Name without what all packages have in common
}

// shortenNames removes the common prefix from the packages' import paths.
func (r *report) shortenNames() {
	var common []string
	packages := 0
	for _, g := range r.Groups {
		if !g.Package {
			continue
		}
		parents := strings.Split(path.Dir(g.Name), "/")
		if packages++; packages == 1 {
			common = parents
		}
		for !slices.Equal(common, parents[:min(len(common), len(parents))]) {
			common = common[:len(common)-1]
		}
	}
	if packages < 2 || len(common) == 0 {
		return
	}
	r.common = strings.Join(common, "/")
	for i, g := range r.Groups {
		if g.Package {
			r.Groups[i].short = "…" + strings.TrimPrefix(g.Name, r.common)
		}
	}
}

type testCount struct {
	Test     string `json:"test"`
	Sessions int    `json:"sessions"`
}

type sampleReport struct {
	At          float64        `json:"at"`
	Connections int            `json:"connections"`
	Packages    map[string]int `json:"packages"`
}

type gapReport struct {
	From   float64  `json:"from"`
	To     *float64 `json:"to"` // null: the server was not back at the end
	Reason string   `json:"reason"`
}

// A finding is a reason for the run to fail.
func (r *report) findings() []string {
	var found []string
	if r.Total.Peak > r.Limits.Max {
		found = append(found, fmt.Sprintf("%d connections at once, more than -max %d", r.Total.Peak, r.Limits.Max))
	}
	if r.Total.Left > r.Limits.After {
		found = append(found, fmt.Sprintf("%d connections left after the run, more than -after %d", r.Total.Left, r.Limits.After))
	}
	return found
}

// blind reports whether the server could not be reached when the run ended.
func (r *report) blind() bool {
	return len(r.Gaps) > 0 && r.Gaps[len(r.Gaps)-1].To == nil
}

// naming turns the groups of a timeline into names for a reader.
type naming struct {
	prefix string
	pkgs   map[string]string // from session names to import paths
}

func newNaming(run string, pkgs []string) naming {
	n := naming{prefix: namePrefix(run), pkgs: map[string]string{}}
	for _, pkg := range pkgs {
		n.pkgs[sessionName(run, pkg)] = pkg
	}
	return n
}

func (n naming) of(group string) (name string, isPackage bool) {
	if pkg, ok := n.pkgs[group]; ok {
		return pkg, true
	}
	if pkg, ok := strings.CutPrefix(group, n.prefix); ok {
		return pkg, true
	}
	return group, false
}

// summarize fills in the report from the timeline and the log of tests.
func (r *report) summarize(t *timeline, log *testLog, names naming, offset time.Duration) {
	seconds := func(at time.Time) float64 {
		if at.IsZero() {
			return 0 // the peak of a run without connections
		}
		return round3(at.Sub(r.Started).Seconds())
	}
	summary := summarizer{timeline: t, log: log, offset: offset, seconds: seconds}

	var all []*session
	for _, group := range t.groups() {
		name, isPackage := names.of(group)
		sessions := t.of(group)
		all = append(all, sessions...)
		r.Groups = append(r.Groups, summary.group(name, isPackage, sessions, func(s sample) int { return s.counts[group] }))
	}
	slices.SortStableFunc(r.Groups, func(a, b groupReport) int {
		return cmp.Or(cmp.Compare(b.Peak, a.Peak), strings.Compare(a.Name, b.Name))
	})
	r.shortenNames()
	r.Total = summary.group("all", false, all, func(s sample) int { return s.total })
	r.Total.Tests, r.Total.OpenedIn = nil, nil

	r.Taken, r.Refused = t.taken, log.refused
	for _, s := range t.samples {
		sample := sampleReport{At: seconds(s.at), Connections: s.total, Packages: map[string]int{}}
		for group, count := range s.counts {
			name, _ := names.of(group)
			sample.Packages[name] = count
		}
		r.Samples = append(r.Samples, sample)
	}
	for _, g := range t.gaps {
		gap := gapReport{From: seconds(g.from), Reason: g.reason}
		if !g.to.IsZero() {
			to := seconds(g.to)
			gap.To = &to
		}
		r.Gaps = append(r.Gaps, gap)
	}
}

// eventDelay is how much later than its test an event may be dated.
const eventDelay = 20 * time.Millisecond

type summarizer struct {
	timeline *timeline
	log      *testLog
	offset   time.Duration
	seconds  func(time.Time) float64
}

func (z summarizer) group(name string, isPackage bool, sessions []*session, count func(sample) int) groupReport {
	peak := z.timeline.peak(count)
	g := groupReport{
		Name: name, Package: isPackage,
		Peak: count(peak), PeakAt: z.seconds(peak.at),
		Sessions: len(sessions), Left: count(z.timeline.latest()),
	}
	if !isPackage {
		return g
	}
	if end, ok := z.log.lastEnd[name]; ok {
		open := z.timeline.most(end.Add(-eventDelay), end, count)
		g.AtEnd = &open
	}
	g.Tests = z.log.at(name, peak.at)
	g.OpenedIn = z.openedIn(name, alive(sessions, peak.at))
	return g
}

// openedIn counts sessions by the test that ran when they were opened, a subtest under
// its test, the most first. Where several ran, the session is counted under all of them together.
func (z summarizer) openedIn(pkg string, sessions []*session) []testCount {
	counts := map[string]int{}
	for _, s := range sessions {
		opened := s.started.Add(-z.offset)
		if s.started.Unix() == 0 {
			opened = s.first
		}
		// An event is dated when go test reads it, a little after the test has begun.
		tests := cmp.Or(z.testsAt(pkg, opened), z.testsAt(pkg, opened.Add(eventDelay)), "no test")
		counts[tests]++
	}
	var list []testCount
	for _, tests := range slices.Sorted(maps.Keys(counts)) {
		list = append(list, testCount{tests, counts[tests]})
	}
	slices.SortStableFunc(list, func(a, b testCount) int { return cmp.Compare(b.Sessions, a.Sessions) })
	return list
}

// testsAt names the tests of a package that ran at a time.
func (z summarizer) testsAt(pkg string, at time.Time) string {
	var names []string
	for _, test := range z.log.at(pkg, at) {
		if name, _, _ := strings.Cut(test, "/"); !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return strings.Join(names, ", ")
}

func round3(x float64) float64 {
	const scale = 1000
	return float64(int64(x*scale+0.5)) / scale
}
