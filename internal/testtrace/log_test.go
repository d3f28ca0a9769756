package testtrace

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"
)

// at is a time, so many milliseconds after another.
func at(ms int) time.Time { return time.UnixMilli(1_000_000 + int64(ms)) }

func TestLog(t *testing.T) {
	t.Parallel()
	var text strings.Builder
	line := func(what string, ms, process int, name string) {
		fmt.Fprintf(&text, "%s %d %d %s\n", what, at(ms).UnixNano(), process, name)
	}
	line("run", 0, 9, "TestOfNobody")
	line("start", 0, 1, "p")
	line("run", 0, 1, "TestA")
	line("run", 10, 1, "TestA/x")
	line("end", 20, 1, "TestA/x") // it pauses
	line("run", 20, 1, "TestA/y")
	line("refused", 30, 1, "TestA/y")
	line("end", -50000, 1, "TestA/y") // in a bubble
	line("end", 40, 1, "TestA/y")
	line("run", 50, 1, "TestA/x")
	line("end", 60, 1, "TestA/x")
	line("end", 60, 1, "TestA")
	line("run", 61, 1, "TestB")
	line("start", 61, 2, "q")
	line("end", 70, 1, "")
	line("done", 62, 2, "3")
	text.WriteString("untraced because of that\nuntraced because of that\nrun x y z\n\nrun 1\nrun 80 2 TestCut")
	log := parse(text.String())
	for ms, want := range map[int]string{5: "TestA", 15: "TestA/x", 30: "TestA/y", 45: "TestA", 55: "TestA/x", 70: "TestB"} {
		if got := strings.Join(log.At("p", at(ms)), ", "); got != want {
			t.Errorf("at %d ms ran %q, want %q", ms, got, want)
		}
	}
	if got := log.At("q", at(5)); got != nil {
		t.Errorf("of another package ran %v", got)
	}
	if want := []Refusal{{"p", "TestA/y"}}; !slices.Equal(log.Refused, want) {
		t.Errorf("refused: %v", log.Refused)
	}
	p, q := log.Process(1), log.Process(2)
	if !p.Done.IsZero() || !q.Done.Equal(at(62)) || q.Open != 3 || log.Process(9) != nil || len(log.Processes) != 2 {
		t.Errorf("processes %+v, %+v", p, q)
	}
	if want := []string{"because of that"}; !slices.Equal(log.Untraced, want) {
		t.Errorf("untraced %q", log.Untraced)
	}
}

func TestParseSession(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]Session{
		"poollint:run:12:example.com/shop": {"run", 12},
		"poollint:run:12":                  {"run", 12},
		"poollint watch":                   {},
		"poollint:run:x:12":                {},
		"psql":                             {},
	} {
		if got, ok := ParseSession(name); ok != (want != Session{}) || ok && got != want {
			t.Errorf("%s: %+v, %v", name, got, ok)
		}
	}
}

// A test binary whose watch has ended runs as it would without one.
func TestTraceIsGone(t *testing.T) {
	t.Parallel()
	trace, err := New("run")
	if err != nil {
		t.Fatal(err)
	}
	if err := trace.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := trace.Read(); !os.IsNotExist(err) {
		t.Errorf("read after the end: %v", err)
	}
	args := []string{"/go/link", "-o", "x", "-w", "-X", "testing.testBinary=1"}
	if _, err := withTrace(args, trace.dir); err == nil {
		t.Error("a binary is traced without a trace")
	}
	note(trace.file, os.ErrNotExist) // must not make the file anew
	if _, err := os.Stat(trace.file); !os.IsNotExist(err) {
		t.Errorf("the file of the trace: %v", err)
	}
}

// What is said is news once, a line that is not whole yet is none.
func TestNews(t *testing.T) {
	t.Parallel()
	trace, err := New("run")
	if err != nil {
		t.Fatal(err)
	}
	defer trace.Close()
	for _, test := range []struct {
		said  string
		want  News
		ended int
	}{
		{"", News{}, 0},
		{"start 1 7 example.com/a\n", News{Any: true, Began: true}, 0},
		{"run 2 7 Te", News{}, 0},
		{"stA\nend 3 7 TestA\n", News{Any: true}, 0},
		{"done 4 7 2\ndone 5 8 0\n", News{Any: true}, 2},
		{"", News{}, 0},
	} {
		f, err := os.OpenFile(trace.file, os.O_WRONLY|os.O_APPEND, 0)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := f.WriteString(test.said); err != nil {
			t.Fatal(err)
		}
		if err := f.Close(); err != nil {
			t.Fatal(err)
		}
		news := trace.News()
		if news.Any != test.want.Any || news.Began != test.want.Began || len(news.Ended) != test.ended {
			t.Errorf("%q: %+v", test.said, news)
		}
	}
}

func TestLinksTest(t *testing.T) {
	t.Parallel()
	for command, want := range map[string]bool{
		"/go/link -o x -s -w -X testing.testBinary=1":     true,
		"/go/link.exe -o x -s -w -X testing.testBinary=1": true,
		"/go/link -o x -X testing.testBinary=1":           false, // it is kept
		"/go/link -o x -s -w":                             false,
		"/go/compile -o x -s -w -X testing.testBinary=1":  false,
		"/go/link -V=full":                                false,
	} {
		if got := linksTest(strings.Fields(command)); got != want {
			t.Errorf("%s: %v", command, got)
		}
	}
}

func TestQuotationMarks(t *testing.T) {
	t.Parallel()
	trace := &Trace{dir: "/tmp/x"}
	if _, err := trace.Flag(`/it's/poollint`); err == nil {
		t.Error("a path that GOFLAGS cannot have")
	}
}
