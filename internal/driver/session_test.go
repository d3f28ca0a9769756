package driver

import (
	"path/filepath"
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
