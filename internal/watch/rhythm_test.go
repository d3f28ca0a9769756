package watch

import (
	"testing"
	"time"

	"github.com/poollint/poollint/internal/testtrace"
)

func TestRhythm(t *testing.T) {
	t.Parallel()
	const ms = time.Millisecond
	changed := time.Now()
	for _, test := range []struct {
		name  string
		every time.Duration
		calm  time.Duration // since the last change
		idle  bool
		want  time.Duration
	}{
		{"a change", 10 * ms, 0, false, 10 * ms},
		{"a change that was heard of after the sample", 10 * ms, -5 * ms, false, 10 * ms},
		{"a moment later", 10 * ms, 30 * ms, false, 30 * ms},
		{"long after", 10 * ms, time.Hour, false, 50 * ms},
		{"while the command compiles", 10 * ms, time.Hour, true, 100 * ms},
		{"more often than asked for, never", 300 * ms, 60 * ms, true, 300 * ms},
	} {
		last := changed.Add(test.calm)
		if got := (&rhythm{every: test.every, changed: changed, idle: test.idle}).next(last).Sub(last); got != test.want {
			t.Errorf("%s: the next sample %s later, want %s", test.name, got, test.want)
		}
	}
}

// Tests count as a change while connections come and go.
func TestRhythmOfTests(t *testing.T) {
	t.Parallel()
	moved := time.Now()
	for _, test := range []struct {
		name  string
		after time.Duration
		news  testtrace.News
		want  time.Duration
	}{
		{"a test, soon after a connection", 500 * time.Millisecond, testtrace.News{Any: true}, 10 * time.Millisecond},
		{"a test, long after", time.Minute, testtrace.News{Any: true}, calmEvery},
		{"nothing", 500 * time.Millisecond, testtrace.News{}, calmEvery},
		{"a test binary", time.Minute, testtrace.News{Any: true, Began: true}, 10 * time.Millisecond},
	} {
		r := rhythm{every: 10 * time.Millisecond}
		r.move(moved)
		at := moved.Add(test.after)
		r.hear(at, test.news)
		if got := r.next(at).Sub(at); got != test.want {
			t.Errorf("%s: the next sample %s later, want %s", test.name, got, test.want)
		}
	}
}
