package driver

import (
	"path/filepath"
	"reflect"
	"testing"
	"time"
)

// A session analyses what an edit can change, and asks the go command only if it would answer
// otherwise: also where packages do not type-check, and for text that is not saved.
func TestSessionIsUsed(t *testing.T) {
	asked := logged(t)
	dir := tree(t, service)
	file := filepath.Join(dir, "apitest/apitest.go")
	session := new(Session)
	step := func(what, text string, wantAsked bool, least, most int) *Result {
		t.Helper()
		o := options(dir)
		n := 0
		o.Session, o.Tool, o.Progress = session, "test", func(done, _ int) { n = done }
		if text != "" {
			o.Overlay = Overlay{file: []byte(text)}
		}
		r := mustRun(t, o)
		if got := asked(); got != wantAsked {
			t.Errorf("%s: go command asked: %v", what, got)
		}
		if n < least || n > most {
			t.Errorf("%s: %d packages are analysed, not %d to %d", what, n, least, most)
		}
		return r
	}
	const head = "package apitest\nimport \"example.com/service/api\"\n"
	equal(t, "findings", lines(dir, step("the first run", "", true, 8, 100)), serviceFindings)
	equal(t, "findings", lines(dir, step("again", "", false, 0, 0)), serviceFindings)
	equal(t, "findings", lines(dir, step("typed", head+"func Start() { api.Start() }\n// new\n", false, 1, 3)), serviceFindings)
	if r := step("half-written", head+"func Start() { api.Start(\n", false, 1, 3); len(r.Failures) == 0 {
		t.Error("a mistake is not told")
	}
	if r := step("half-written elsewhere", head+"func Start() { api.Start()\n\n", false, 1, 3); len(r.Failures) == 0 {
		t.Error("a mistake is not told")
	}
	step("an import", head+"import _ \"database/sql\"\nfunc Start() { api.Start() }\n", true, 1, 3)
	step("a function", head+"import _ \"database/sql\"\nfunc Start() { api.Start() }\nfunc more() {}\n", false, 1, 3)
	write(t, dir, "-- web/new.go --\npackage web\n")
	time.Sleep(settle)
	step("a new file", "", true, 1, 100)
	equal(t, "findings", lines(dir, step("as it was", "", false, 0, 0)), serviceFindings)
}

// A mistake in the configuration is told in a session until it is mended, whether or not the session
// was prepared, also where text is not saved.
func TestSessionAfterMistake(t *testing.T) {
	t.Parallel()
	dir := tree(t, service)
	session := new(Session)
	file := filepath.Join(dir, "apitest/apitest.go")
	for step, mistaken := range []bool{false, true, true, false, true, false, false, true, false} {
		text := "tenant: {column: org_id}\n"
		if mistaken {
			text = "tenant: {colum: org_id}\n"
		}
		write(t, dir, "-- .poollint.yml --\n"+text)
		time.Sleep(settle)
		for i := range 4 {
			o := options(dir)
			o.Session, o.Tool = session, "test"
			if i%2 == 1 {
				o.Overlay, o.Unsaved = Overlay{file: []byte("package apitest\nimport \"example.com/service/api\"\nfunc Start() { api.Start() }\n// " + string(rune('a'+step)) + "\n")}, true
			}
			alone := o
			alone.Session = nil
			want := mustRun(t, alone)
			if (len(want.Failures) > 0) != mistaken {
				t.Fatalf("step %d: %v", step, want.Failures)
			}
			if (step+i)%3 > 0 {
				session.Renew()
			}
			if got := mustRun(t, o); !reflect.DeepEqual(got, want) {
				t.Fatalf("step %d, run %d: %v %v, not %v %v", step, i, lines(dir, got), got.Failures, lines(dir, want), want.Failures)
			}
		}
	}
}
