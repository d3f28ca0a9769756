package watch

import (
	"encoding/json"
	"strings"
	"time"
)

// An event is a line of go test -json.
type event struct {
	Time       time.Time
	Action     string
	Package    string
	ImportPath string // of build-output
	Test       string
	Output     string
}

// parseEvent reads a line; ok is false if it is not an event but output of a program.
func parseEvent(line []byte) (e event, ok bool) {
	if len(line) == 0 || line[0] != '{' {
		return event{}, false
	}
	err := json.Unmarshal(line, &e)
	return e, err == nil && e.Action != ""
}

// testLog records when each test ran.
type testLog struct {
	spans   []span
	running map[testID]int       // index of the open span
	lastEnd map[string]time.Time // of a package: when its last test so far ended
	pkgs    []string             // in the order of their start
	refused refusals
}

type testID struct{ pkg, test string }

// A span is a time in which a test ran: it ends when the test ends or pauses.
type span struct {
	testID
	from, to time.Time // to is zero while the test runs
}

// refusals counts the connections that the server refused because its limit was reached.
type refusals struct {
	Count int      `json:"count"`
	Tests []string `json:"tests,omitempty"` // that printed them, in order
}

func newTestLog() *testLog {
	return &testLog{running: map[testID]int{}, lastEnd: map[string]time.Time{}}
}

func (l *testLog) add(e event) {
	id := testID{e.Package, e.Test}
	switch e.Action {
	case "start":
		l.pkgs = append(l.pkgs, e.Package)
	case "run", "cont":
		if e.Test != "" {
			l.running[id] = len(l.spans)
			l.spans = append(l.spans, span{testID: id, from: e.Time})
		}
	case "pause", "pass", "fail", "skip":
		if open, ok := l.running[id]; ok {
			l.spans[open].to = e.Time
			delete(l.running, id)
			l.lastEnd[e.Package] = e.Time
		}
	case "output":
		if isRefusal(e.Output) {
			l.refused.add(e.Test)
		}
	}
}

// at returns the tests of a package that ran at a time. Tests that only waited for their
// subtests are left out.
func (l *testLog) at(pkg string, t time.Time) []string {
	var names []string
	for _, s := range l.spans {
		if s.pkg == pkg && !t.Before(s.from) && (s.to.IsZero() || !t.After(s.to)) {
			names = append(names, s.test)
		}
	}
	var leaves []string
	for _, name := range names {
		if !hasSubtest(names, name) {
			leaves = append(leaves, name)
		}
	}
	return leaves
}

func hasSubtest(names []string, parent string) bool {
	for _, name := range names {
		if strings.HasPrefix(name, parent+"/") {
			return true
		}
	}
	return false
}

func (r *refusals) add(test string) {
	r.Count++
	if test == "" {
		return
	}
	for _, known := range r.Tests {
		if known == test {
			return
		}
	}
	r.Tests = append(r.Tests, test)
}

// isRefusal reports whether the output has the error of PostgreSQL or PgBouncer for too
// many clients.
func isRefusal(output string) bool {
	for _, message := range []string{"SQLSTATE 53300", "too many clients already", "remaining connection slots are reserved",
		"too many connections for ", "no more connections allowed"} {
		if strings.Contains(output, message) {
			return true
		}
	}
	return false
}
