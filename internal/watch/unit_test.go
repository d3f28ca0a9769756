package watch

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/poollint/poollint/internal/testtrace"
)

// at is a time, so many milliseconds after another.
func at(ms int) time.Time { return time.UnixMilli(1_000_000 + int64(ms)) }

func TestTimeline(t *testing.T) {
	t.Parallel()
	id := func(pid int32) sessionID { return sessionID{pid, at(int(pid))} }
	a, b := owner{process: 1}, owner{name: "b"}
	tl := newTimeline()
	for i, seen := range []map[sessionID]owner{
		{},
		{id(1): {}},
		{id(1): a},
		{id(1): a},
		{id(1): a, id(2): a, id(3): b},
		{id(3): b, id(4): b},
		{},
	} {
		if changed := tl.add(at(10*i), seen); changed != (i != 3) {
			t.Errorf("sample %d changes something: %t", i, changed)
		}
	}
	if tl.taken != 7 || len(tl.samples) != 6 {
		t.Errorf("%d samples taken, %d kept", tl.taken, len(tl.samples))
	}
	if peak := tl.peak(func(s sample) int { return s.total }); peak.total != 3 || !peak.at.Equal(at(40)) {
		t.Errorf("peak %+v", peak)
	}
	var owners []owner
	for _, s := range tl.all() {
		owners = append(owners, s.owner)
	}
	if want := []owner{a, a, b, b}; !slices.Equal(owners, want) {
		t.Errorf("sessions of %v, want %v", owners, want)
	}
	for ms, want := range map[int]int{5: 0, 10: 1, 35: 1, 40: 3, 45: 1} {
		if got := len(alive(tl.all(), at(ms))); got != want {
			t.Errorf("at %d ms %d sessions, want %d", ms, got, want)
		}
	}
}

// A session in place of another is a change, though each owner has as many.
func TestTimelineSeesSessionsThatFollow(t *testing.T) {
	t.Parallel()
	tl := newTimeline()
	for i, want := range []bool{true, true, false} {
		if changed := tl.add(at(i), map[sessionID]owner{{int32(min(i, 1)), at(0)}: {process: 1}}); changed != want {
			t.Errorf("sample %d changes something: %t", i, changed)
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

func TestTraced(t *testing.T) {
	t.Parallel()
	trace, err := testtrace.New("run")
	if err != nil {
		t.Fatal(err)
	}
	defer trace.Close()
	for _, test := range []struct{ goflags, want string }{
		{"", "GOFLAGS='-toolexec=sh "},
		{"-mod=mod -v", "GOFLAGS=-mod=mod -v '-toolexec=sh "},
	} {
		environ, note := traced(trace, test.goflags, []string{"A=1"})
		if len(environ) != 3 || environ[0] != "A=1" || !strings.HasPrefix(environ[1], test.want) || environ[2] != trace.Environ() || note != "" {
			t.Errorf("%q: %q, %q", test.goflags, environ, note)
		}
	}
	if environ, note := traced(trace, "'-toolexec=mine x'", []string{"A=1"}); !slices.Equal(environ, []string{"A=1"}) || !strings.Contains(note, "cannot be named") {
		t.Errorf("with a -toolexec: %q, %q", environ, note)
	}
}

func TestJoin(t *testing.T) {
	t.Parallel()
	for tests, want := range map[string]string{
		"":                             "",
		"TestA/x":                      "TestA/x",
		"TestA/x TestA/y":              "TestA",
		"TestA/x/1 TestA/x/2":          "TestA/x",
		"TestA/x/1 TestA/x/2 TestA/xy": "TestA",
		"TestA/x TestAB TestA/y":       "TestA, TestAB",
		"TestA TestA/x":                "TestA",
		"TestB/x TestA":                "TestB/x, TestA",
	} {
		if got := join(strings.Fields(tests)); got != want {
			t.Errorf("%s: %s, want %s", tests, got, want)
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
		Seconds: 10, Limits: thresholds{Limit: 4}, Total: groupReport{Peak: 3},
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
	if len(p.Areas) != 2 || p.Areas[0].Title != "b: at most 1" || p.Areas[1].Color != "c0" {
		t.Errorf("areas %+v, want the higher sum first", p.Areas)
	}
	var labels []string
	for _, tick := range append(p.Ys, p.Xs...) {
		labels = append(labels, tick.Label)
	}
	if got := strings.Join(labels, " "); got != "0 1 2 3 4 0 1 2 3 4 5 6 7 8 9 10" {
		t.Errorf("ticks %s", got)
	}
	for name, empty := range map[string]report{"no connections, no limit": {}, "long": {Seconds: 1e6, Limits: thresholds{Limit: 1e6}}} {
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

func TestPeakOverTheBudget(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		peak, status int
		unbounded    bool
		want         string
	}{
		"at the bound":   {peak: 3},
		"no bound":       {peak: 4, unbounded: true},
		"over the bound": {peak: 4, want: "; 1 more were seen: the server counts connections that are just ending"},
		"failed tests":   {peak: 5, status: 1, want: "; 2 more were seen: tests that fail may leave connections open, and the server counts those that are just ending"},
	} {
		r := &report{Status: c.status, Budget: &Budget{Connections: 3, Unbounded: c.unbounded}}
		r.Total.Peak = c.peak
		if got := r.beyond(); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}
