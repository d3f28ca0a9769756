package watch

import (
	"cmp"
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/poollint/poollint/internal/printable"
	"github.com/poollint/poollint/internal/testtrace"
)

// A report is the result of a watched run. Times are seconds from its start: that of the
// first test binary, else that of the command.
type report struct {
	Version  int            `json:"version"`
	Command  []string       `json:"command"`
	Started  time.Time      `json:"started"`
	Before   float64        `json:"before"` // seconds from the command's start to the run's, such as for compiling
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
	Limit int `json:"limit"` // connections at once
	After int `json:"after"` // connections left after the run
}

// A Budget is the static bound on the connections of a run.
type Budget struct {
	Connections int      `json:"connections"`
	Unbounded   bool     `json:"unbounded"`         // Connections is what is known, and no bound
	Reasons     []string `json:"reasons,omitempty"` // why there is no bound, each with its line
	Packages    []string `json:"-"`                 // import paths of those that open connections
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
	var packages []string
	for _, g := range r.Groups {
		if g.Package {
			packages = append(packages, g.Name)
		}
	}
	parent := printable.Parent(packages)
	if len(packages) < 2 || parent == "" {
		return
	}
	r.common = strings.TrimSuffix(parent, "/")
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
	if r.Total.Peak > r.Limits.Limit {
		found = append(found, fmt.Sprintf("%d connections at once, more than -limit %d", r.Total.Peak, r.Limits.Limit))
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

// refusals counts the connections that the server refused because its limit was reached.
type refusals struct {
	Count int      `json:"count"`
	Tests []string `json:"tests,omitempty"` // that reported them, in order
}

func (r *refusals) add(test string) {
	r.Count++
	if test != "" && !slices.Contains(r.Tests, test) {
		r.Tests = append(r.Tests, test)
	}
}

// summarizer brings together what the server and what the test binaries have shown.
type summarizer struct {
	timeline *timeline
	log      *testtrace.Log
	line     func(process int) []int // the process, and those that have started it
	offset   time.Duration           // of the server's clock
}

// A groupName is what sessions are counted under.
type groupName struct {
	name      string
	isPackage bool
}

// groupOf returns the package whose test binary has the connection, or has started the
// process that has it; else the session's own name.
func (z summarizer) groupOf(o owner) groupName {
	if p := z.log.Process(o.process); p != nil {
		return groupName{p.Package, true}
	}
	for _, process := range z.line(o.process) {
		if p := z.log.Process(process); p != nil {
			return groupName{p.Package, true}
		}
	}
	return groupName{cmp.Or(o.name, unnamedSessions), false}
}

// summarize fills in the report.
func (r *report) summarize(z summarizer) {
	if len(z.log.Processes) > 0 {
		start := z.log.Processes[0].Start
		r.Before = round3(start.Sub(r.Started).Seconds())
		r.Seconds = round3(r.Seconds - r.Before)
		r.Started = start
	}
	sessions := map[groupName][]*session{}
	for _, s := range z.timeline.all() {
		name := z.groupOf(s.owner)
		sessions[name] = append(sessions[name], s)
	}
	for name, its := range sessions {
		r.Groups = append(r.Groups, r.group(z, name, its, func(s sample) (n int) {
			for owner, count := range s.counts {
				if z.groupOf(owner) == name {
					n += count
				}
			}
			return n
		}))
	}
	slices.SortFunc(r.Groups, func(a, b groupReport) int {
		return cmp.Or(cmp.Compare(b.Peak, a.Peak), strings.Compare(a.Name, b.Name))
	})
	r.shortenNames()
	r.Total = r.group(z, groupName{name: "all"}, z.timeline.all(), func(s sample) int { return s.total })

	r.Taken = z.timeline.taken
	for _, refused := range z.log.Refused {
		r.Refused.add(refused.Test)
	}
	r.addSamples(z)
	for _, g := range z.timeline.gaps {
		gap := gapReport{From: r.at(g.from), Reason: g.reason}
		if !g.to.IsZero() {
			to := r.at(g.to)
			gap.To = &to
		}
		r.Gaps = append(r.Gaps, gap)
	}
}

// at returns the seconds from the run's start; 0 for what was before, or never.
func (r *report) at(t time.Time) float64 {
	return round3(max(0, t.Sub(r.Started).Seconds()))
}

// addSamples fills in the samples, of those before the run's start the last.
func (r *report) addSamples(z summarizer) {
	for i, s := range z.timeline.samples {
		if i+1 < len(z.timeline.samples) && z.timeline.samples[i+1].at.Before(r.Started) {
			continue
		}
		sample := sampleReport{At: r.at(s.at), Connections: s.total, Packages: map[string]int{}}
		for owner, count := range s.counts {
			sample.Packages[z.groupOf(owner).name] += count
		}
		r.Samples = append(r.Samples, sample)
	}
}

// group reports on the sessions of a group, which count counts in a sample.
func (r *report) group(z summarizer, name groupName, sessions []*session, count func(sample) int) groupReport {
	peak := z.timeline.peak(count)
	g := groupReport{
		Name: name.name, Package: name.isPackage,
		Peak: count(peak), PeakAt: r.at(peak.at),
		Sessions: len(sessions), Left: count(z.timeline.latest()),
	}
	if name.isPackage {
		g.AtEnd = z.atEnd(name.name, sessions)
		held := alive(sessions, peak.at)
		g.Tests = z.log.At(name.name, peak.at)
		if len(g.Tests) == 0 && len(held) > 0 { // the last test has just ended
			g.Tests = z.log.At(name.name, z.opened(held[len(held)-1]))
		}
		g.OpenedIn = z.openedIn(name.name, held)
	}
	return g
}

// atEnd counts the sessions that a package's processes had when their tests had ended; nil if
// that is not known. A process without connections says so itself. One that has some goes on
// until a sample shows no more of them, see ending.
func (z summarizer) atEnd(pkg string, sessions []*session) *int {
	open := 0
	for _, p := range z.log.Processes {
		its := slices.DeleteFunc(slices.Clone(sessions), func(s *session) bool {
			return s.owner.process != p.ID && !slices.Contains(z.line(s.owner.process), p.ID)
		})
		if p.Package != pkg || len(its) == 0 || !p.Done.IsZero() && p.Open == 0 {
			continue
		}
		at, ok := z.timeline.ends[p.ID]
		if !ok || at.Before(p.Start) {
			return nil
		}
		open += len(alive(its, at))
	}
	return &open
}

// opened returns when a session was opened, by this machine's clock.
func (z summarizer) opened(s *session) time.Time {
	if s.started.Unix() == 0 {
		return s.first
	}
	return s.started.Add(-z.offset)
}

// openedIn counts sessions by the test that ran when they were opened, the most first.
func (z summarizer) openedIn(pkg string, sessions []*session) []testCount {
	counts := map[string]int{}
	for _, s := range sessions {
		counts[cmp.Or(join(z.log.At(pkg, z.opened(s))), "no test")]++
	}
	var list []testCount
	for _, tests := range slices.Sorted(maps.Keys(counts)) {
		list = append(list, testCount{tests, counts[tests]})
	}
	slices.SortStableFunc(list, func(a, b testCount) int { return cmp.Compare(b.Sessions, a.Sessions) })
	return list
}

// join names tests that ran at once: of several that are parts of one test, what they are parts of.
func join(tests []string) string {
	var names []string
	for _, test := range tests {
		top, _, _ := strings.Cut(test, "/")
		at := slices.IndexFunc(names, func(name string) bool { return name == top || strings.HasPrefix(name, top+"/") })
		if at < 0 {
			names = append(names, test)
			continue
		}
		for names[at] != test && !strings.HasPrefix(test, names[at]+"/") {
			names[at] = path.Dir(names[at])
		}
	}
	return strings.Join(names, ", ")
}

func round3(x float64) float64 {
	const scale = 1000
	return float64(int64(x*scale+0.5)) / scale
}
