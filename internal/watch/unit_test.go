package watch

import (
	"bytes"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestPlan(t *testing.T) {
	t.Parallel()
	const named = `'-exec="/bin/poollint" watch @exec run'`
	for _, test := range []struct {
		name        string
		command     string
		goflags     string
		wantCommand string
		wantFlags   string
		events      bool
		asked       bool
		verbose     bool
		notes       int
	}{
		{"plain", "go test ./...", "", "go test -json ./...", "-count=1 " + named, true, false, false, 0},
		{"in a directory", "go -C sub test", "", "go -C sub test -json", "-count=1 " + named, true, false, false, 0},
		{"in a directory, joined", "go -C=sub test", "", "go -C=sub test -json", "-count=1 " + named, true, false, false, 0},
		{"behind env", "env A=1 /usr/bin/go test .", "", "env A=1 /usr/bin/go test -json .", "-count=1 " + named, true, false, false, 0},
		{"flags kept", "go test -count=2 --v ./... -args -json", "-mod=mod", "go test -json -count=2 --v ./... -args -json", "-mod=mod " + named, true, false, true, 0},
		{"events asked for", "go test -json ./...", "", "go test -json ./...", "-count=1 " + named, true, true, false, 0},
		{"verbose by GOFLAGS", "go test .", "-v", "go test -json .", "-v -count=1 " + named, true, false, true, 0},
		{"not verbose", "go test -v=false .", "", "go test -json -v=false .", "-count=1 " + named, true, false, false, 0},
		{"own exec", "go test -exec sudo .", "", "go test -json -exec sudo .", "-count=1", true, false, false, 1},
		{"own exec by GOFLAGS", "go test .", "'-exec=a b'", "go test -json .", "'-exec=a b' -count=1", true, false, false, 1},
		{"make", "make test", "", "make test", "-count=1 " + named, false, false, false, 1},
		{"another go command", "go run ./cmd/test", "", "go run ./cmd/test", "-count=1 " + named, false, false, false, 1},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			p := newPlan(strings.Fields(test.command), test.goflags, "/bin/poollint", "run")
			if got := strings.Join(p.command, " "); got != test.wantCommand {
				t.Errorf("command %s\nwant    %s", got, test.wantCommand)
			}
			if p.goflags != test.wantFlags {
				t.Errorf("GOFLAGS %s\nwant    %s", p.goflags, test.wantFlags)
			}
			if p.events != test.events || p.asked != test.asked || p.verbose != test.verbose || len(p.notes) != test.notes {
				t.Errorf("%+v", p)
			}
		})
	}
	if p := newPlan([]string{"go", "test"}, "", "", "run"); p.goflags != "-count=1" || len(p.notes) != 1 {
		t.Errorf("without a program: %+v", p)
	}
}

func TestSessionName(t *testing.T) {
	t.Parallel()
	long := "example.com/" + strings.Repeat("deep/", 30)
	for _, pkg := range []string{"example.com/shop", long + "a", long + "b"} {
		name := sessionName("abcdef", pkg)
		if len(name) > maxName || !strings.HasPrefix(name, "poollint:abcdef:") || !strings.HasSuffix(name, pkg[len(pkg)-6:]) {
			t.Errorf("%s: %s", pkg, name)
		}
	}
	other := long + "a"
	if sessionName("abcdef", "x"+other) == sessionName("abcdef", "y"+other) {
		t.Error("two packages of one name")
	}
	names := newNaming("abcdef", []string{other})
	for group, want := range map[string]string{
		sessionName("abcdef", other):  other,
		"poollint:abcdef:example.com": "example.com",
		"psql":                        "psql",
	} {
		if got, _ := names.of(group); got != want {
			t.Errorf("%s is %s, want %s", group, got, want)
		}
	}
}

// at is a time, so many milliseconds after another.
func at(ms int) time.Time { return time.UnixMilli(1_000_000 + int64(ms)) }

func TestTestLog(t *testing.T) {
	t.Parallel()
	log := newTestLog()
	for _, e := range []event{
		{at(0), "start", "p", "", "", ""},
		{at(0), "run", "p", "", "TestA", ""},
		{at(10), "run", "p", "", "TestA/x", ""},
		{at(20), "pause", "p", "", "TestA/x", ""},
		{at(20), "run", "p", "", "TestA/y", ""},
		{at(30), "output", "p", "", "TestA/y", "FATAL: sorry, too many clients already (SQLSTATE 53300)\n"},
		{at(31), "output", "p", "", "TestA/y", "pq: remaining connection slots are reserved for non-replication superuser connections\n"},
		{at(40), "fail", "p", "", "TestA/y", ""},
		{at(50), "cont", "p", "", "TestA/x", ""},
		{at(60), "pass", "p", "", "TestA/x", ""},
		{at(60), "fail", "p", "", "TestA", ""},
		{at(61), "run", "p", "", "TestB", ""},
		{at(61), "fail", "p", "", "", ""},
	} {
		log.add(e)
	}
	for ms, want := range map[int]string{5: "TestA", 15: "TestA/x", 30: "TestA/y", 45: "TestA", 55: "TestA/x", 70: "TestB"} {
		if got := strings.Join(log.at("p", at(ms)), ", "); got != want {
			t.Errorf("at %d ms ran %q, want %q", ms, got, want)
		}
	}
	if got := log.at("q", at(5)); got != nil {
		t.Errorf("of another package ran %v", got)
	}
	if log.refused.Count != 2 || !slices.Equal(log.refused.Tests, []string{"TestA/y"}) {
		t.Errorf("refused: %+v", log.refused)
	}
	if got := log.lastEnd["p"]; !got.Equal(at(60)) {
		t.Errorf("the last test ended at %s", got)
	}
}

func TestTimeline(t *testing.T) {
	t.Parallel()
	id := func(pid int32) sessionID { return sessionID{pid, at(int(pid))} }
	tl := newTimeline()
	for i, seen := range []map[sessionID]string{
		{},
		{id(1): ""},
		{id(1): "a"},
		{id(1): "a"},
		{id(1): "a", id(2): "a", id(3): "b"},
		{id(3): "b", id(4): "b"},
		{},
	} {
		tl.add(at(10*i), seen)
	}
	if tl.taken != 7 || len(tl.samples) != 6 {
		t.Errorf("%d samples taken, %d kept", tl.taken, len(tl.samples))
	}
	if peak := tl.peak(func(s sample) int { return s.total }); peak.total != 3 || !peak.at.Equal(at(40)) {
		t.Errorf("peak %+v", peak)
	}
	if got := tl.groups(); !slices.Equal(got, []string{"a", "b"}) {
		t.Errorf("groups %q", got)
	}
	for group, want := range map[string]int{"a": 2, "b": 2, "c": 0} {
		if got := len(tl.of(group)); got != want {
			t.Errorf("%s: %d sessions, want %d", group, got, want)
		}
	}
	for ms, want := range map[int]int{5: 0, 10: 1, 35: 1, 40: 2, 45: 0} {
		if got := len(alive(tl.of("a"), at(ms))); got != want {
			t.Errorf("at %d ms %d of a, want %d", ms, got, want)
		}
	}
	ofB := func(s sample) int { return s.counts["b"] }
	for _, test := range []struct{ from, to, want int }{{0, 39, 0}, {39, 41, 1}, {49, 51, 2}, {55, 56, 2}, {60, 99, 0}} {
		if got := tl.most(at(test.from), at(test.to), ofB); got != test.want {
			t.Errorf("from %d to %d ms at most %d of b, want %d", test.from, test.to, got, test.want)
		}
	}
}

func TestPrinter(t *testing.T) {
	t.Parallel()
	events := []event{
		{Action: "build-output", ImportPath: "q", Output: "# q\nq.go:1: bad\n"},
		{Action: "run", Package: "p", Test: "TestA"},
		{Action: "output", Package: "p", Test: "TestA", Output: "=== RUN   TestA\n"},
		{Action: "run", Package: "p", Test: "TestA/x"},
		{Action: "output", Package: "p", Test: "TestA/x", Output: "    a_test.go:3: bad\n"},
		{Action: "output", Package: "p", Test: "TestA/x", Output: "--- FAIL: TestA/x (0.00s)\n"},
		{Action: "fail", Package: "p", Test: "TestA/x"},
		{Action: "output", Package: "p", Test: "TestA", Output: "--- FAIL: TestA (0.00s)\n"},
		{Action: "fail", Package: "p", Test: "TestA"},
		{Action: "run", Package: "p", Test: "TestB"},
		{Action: "output", Package: "p", Test: "TestB", Output: "--- PASS: TestB (0.00s)\n"},
		{Action: "pass", Package: "p", Test: "TestB"},
		{Action: "output", Package: "p", Output: "FAIL\tp\t0.1s\n"},
		{Action: "fail", Package: "p"},
		{Action: "output", Package: "r", Output: "PASS\n"},
		{Action: "output", Package: "r", Output: "ok  \tr\t0.1s\n"},
		{Action: "pass", Package: "r"},
		{Action: "output", Package: "s", Output: "?   \ts\t[no test files]\n"},
		{Action: "skip", Package: "s"},
		{Action: "output", Package: "killed", Output: "signal: killed\n"},
	}
	var all strings.Builder
	for _, e := range events {
		all.WriteString(e.Output)
	}
	for _, test := range []struct {
		verbose bool
		want    string
	}{
		{true, all.String()},
		{false, "# q\nq.go:1: bad\n--- FAIL: TestA (0.00s)\n    --- FAIL: TestA/x (0.00s)\n        a_test.go:3: bad\nFAIL\tp\t0.1s\n" +
			"ok  \tr\t0.1s\n?   \ts\t[no test files]\nsignal: killed\n"},
	} {
		var out bytes.Buffer
		p := newPrinter(&out, test.verbose)
		for _, e := range events {
			if err := p.print(e); err != nil {
				t.Fatal(err)
			}
		}
		if err := p.flush(); err != nil {
			t.Fatal(err)
		}
		if out.String() != test.want {
			t.Errorf("verbose %v:\n%s\nwant:\n%s", test.verbose, &out, test.want)
		}
	}
}

func TestParseEvent(t *testing.T) {
	t.Parallel()
	for line, want := range map[string]bool{
		`{"Action":"run","Package":"p","Test":"TestA"}` + "\n": true,
		`{"level":"info","msg":"started"}` + "\n":              false,
		"{broken\n": false,
		"plain\n":   false,
		"\n":        false,
		"":          false,
	} {
		if _, ok := parseEvent([]byte(line)); ok != want {
			t.Errorf("%q: %v", line, ok)
		}
	}
}

func TestEnumerate(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		names []string
		want  string
	}{{nil, ""}, {[]string{"a", "b", "c"}, "a, b, c"}, {[]string{"a", "b", "c", "d", "e"}, "a, b, c and 2 more"}} {
		if got := enumerate(test.names); got != test.want {
			t.Errorf("%v: %s", test.names, got)
		}
	}
}

func TestShortenNames(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		names  []string
		common string
		want   []string
	}{
		{[]string{"example.com/shop/a"}, "", []string{"example.com/shop/a"}},
		{[]string{"example.com/shop/a", "example.com/shop/b/c"}, "example.com/shop", []string{"…/a", "…/b/c"}},
		{[]string{"example.com/shop", "example.com/shop/b"}, "example.com", []string{"…/shop", "…/shop/b"}},
		{[]string{"example.com/shop/ab", "example.com/shop/abc"}, "example.com/shop", []string{"…/ab", "…/abc"}},
		{[]string{"example.com/shop", "example.org/shop"}, "", []string{"example.com/shop", "example.org/shop"}},
	} {
		var r report
		for _, name := range test.names {
			r.Groups = append(r.Groups, groupReport{Name: name, Package: true})
		}
		r.Groups = append(r.Groups, groupReport{Name: "psql"})
		r.shortenNames()
		var got []string
		for _, g := range r.Groups {
			got = append(got, g.title())
		}
		if want := append(test.want, "other: psql"); r.common != test.common || !slices.Equal(got, want) {
			t.Errorf("%v: %q, %v; want %q, %v", test.names, r.common, got, test.common, want)
		}
	}
}

func TestPlot(t *testing.T) {
	t.Parallel()
	r := report{
		Seconds: 10, Limits: thresholds{Max: 4}, Total: groupReport{Peak: 3},
		Groups: []groupReport{{Name: "a", Package: true, Peak: 2}, {Name: "b", Package: true, Peak: 1}},
		Samples: []sampleReport{
			{At: 2, Packages: map[string]int{"a": 2}}, {At: 4, Packages: map[string]int{"a": 2, "b": 1}}, {At: 6},
		},
	}
	x, y := scale{0, 100, r.Seconds}, scale{50, 0, 5}
	for last, want := range []string{
		"M0.0 50.0H20.0V30.0H40.0V30.0H60.0V50.0H100.0V50.0Z",
		"M0.0 50.0H20.0V30.0H40.0V20.0H60.0V50.0H100.0V50.0Z",
	} {
		if got := r.path(last, x, y); got != want {
			t.Errorf("up to group %d: %s\nwant %s", last, got, want)
		}
	}
	p := r.plot()
	if len(p.Areas) != 2 || p.Areas[0].Title != "b: at most 1" || p.Areas[1].Color != colors[0] {
		t.Errorf("areas %+v, want the higher sum first", p.Areas)
	}
	var labels []string
	for _, tick := range append(p.Ys, p.Xs...) {
		labels = append(labels, tick.Label)
	}
	if got := strings.Join(labels, " "); got != "0 1 2 3 4 0 1 2 3 4 5 6 7 8 9 10" {
		t.Errorf("ticks %s", got)
	}
	for name, empty := range map[string]report{"no connections, no limit": {}, "long": {Seconds: 1e6, Limits: thresholds{Max: 1e6}}} {
		if p := empty.plot(); len(p.Xs) > 13 || len(p.Ys) > 13 || strings.Contains(p.Limits[0].Label, "NaN") {
			t.Errorf("%s: %+v", name, p)
		}
	}
}

func TestBudgetSaysWhy(t *testing.T) {
	t.Parallel()
	for want, b := range map[string]Budget{
		"at most 7 connections": {Connections: 7},
		"no bound, because a_test.go:3: nothing limits it; 7 connections without that":                                          {Connections: 7, Unbounded: true, Reasons: []string{"a_test.go:3: nothing limits it"}},
		"no bound, because a_test.go:3: nothing limits it (and 2 more: poollint budget lists them); 0 connections without that": {Unbounded: true, Reasons: []string{"a_test.go:3: nothing limits it", "b", "c"}},
	} {
		if got := b.String(); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}
