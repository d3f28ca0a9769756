package testtrace

import (
	"slices"
	"strconv"
	"strings"
	"time"
)

// A Log is what the test binaries of a run have said.
type Log struct {
	Processes []*Process // in the order of their start
	Spans     []Span
	Refused   []Refusal
	Untraced  []string // why test binaries say nothing, each reason once

	byID map[int]*Process
	open map[spanKey]int // index of the span that has not ended
}

// A Process is a test binary that runs.
type Process struct {
	ID      int
	Package string // import path
	Start   time.Time
	Done    time.Time // all tests have ended; zero if it ended by other means
	Open    int       // connections, to whatever server, that it had then; -1 where the system does not show
}

// A Span is a time in which a test ran: it ends when the test ends or pauses.
type Span struct {
	Process  *Process
	Test     string
	From, To time.Time // To is zero while the test runs
}

// A Refusal is a test's message that the server takes no more connections.
type Refusal struct {
	Package, Test string
}

type spanKey struct {
	process int
	test    string
}

// parse reads the lines that test binaries have appended. A line that is cut off, by a process that was
// killed, is left out.
func parse(text string) *Log {
	log := &Log{byID: map[int]*Process{}, open: map[spanKey]int{}}
	for line := range strings.Lines(text) {
		if what, rest, ok := strings.Cut(strings.TrimSuffix(line, "\n"), " "); ok && strings.HasSuffix(line, "\n") {
			log.add(what, rest)
		}
	}
	return log
}

// event reads what stands behind the first word of a line: when, in which process, to what.
func event(rest string) (at time.Time, id int, name string, ok bool) {
	words := strings.SplitN(rest, " ", 3)
	if len(words) < 3 {
		return at, 0, "", false
	}
	nanoseconds, err := strconv.ParseInt(words[0], 10, 64)
	id, errID := strconv.Atoi(words[1])
	return time.Unix(0, nanoseconds), id, words[2], err == nil && errID == nil
}

// parseDone reads a line; ok is false if it does not say that tests have ended.
func parseDone(line string) (p Process, ok bool) {
	rest, done := strings.CutPrefix(strings.TrimSuffix(line, "\n"), "done ")
	if !done { // as of most lines
		return Process{}, false
	}
	at, id, name, ok := event(rest)
	open, err := strconv.Atoi(name)
	return Process{ID: id, Done: at, Open: open}, ok && err == nil
}

func (l *Log) add(what, rest string) {
	if what == untraced {
		l.addUntraced(rest)
		return
	}
	at, id, name, ok := event(rest)
	if !ok {
		return
	}
	if what == "start" {
		p := &Process{ID: id, Package: name, Start: at}
		l.Processes, l.byID[id] = append(l.Processes, p), p
		return
	}
	p := l.byID[id]
	if p == nil || at.Before(p.Start) { // the time is not real in a bubble of testing/synctest
		return
	}
	if name == "" { // what holds the tests of a run
		return
	}
	key := spanKey{id, name}
	switch what {
	case "run":
		if _, runs := l.open[key]; !runs {
			l.open[key] = len(l.Spans)
			l.Spans = append(l.Spans, Span{Process: p, Test: name, From: at})
		}
	case "end":
		if i, runs := l.open[key]; runs {
			l.Spans[i].To = at
			delete(l.open, key)
		}
	case "done":
		if open, err := strconv.Atoi(name); err == nil {
			p.Done, p.Open = at, open
		}
	case "refused":
		l.Refused = append(l.Refused, Refusal{p.Package, name})
	}
}

func (l *Log) addUntraced(reason string) {
	if !slices.Contains(l.Untraced, reason) {
		l.Untraced = append(l.Untraced, reason)
	}
}

// Process returns the newest process with an id; nil if there was none.
func (l *Log) Process(id int) *Process { return l.byID[id] }

// At returns the tests of a package that ran at a time. Tests that only waited for their
// subtests are left out.
func (l *Log) At(pkg string, t time.Time) []string {
	var names []string
	for _, s := range l.Spans {
		if s.Process.Package == pkg && !t.Before(s.From) && (s.To.IsZero() || !t.After(s.To)) {
			names = append(names, s.Test)
		}
	}
	var leaves []string
	for _, name := range names {
		if !slices.ContainsFunc(names, func(other string) bool { return strings.HasPrefix(other, name+"/") }) {
			leaves = append(leaves, name)
		}
	}
	return leaves
}
