package driver

import (
	"github.com/poollint/poollint/internal/finding"
	"path/filepath"
	"reflect"
	"slices"
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

// What is found in a package that was edited is told before those that import it are analysed; it
// is what the run finds in it at the end. Where nothing waits for it, nothing is told early.
func TestEarly(t *testing.T) {
	t.Parallel()
	dir := tree(t, service)
	session := new(Session)
	total := 0
	run := func(file, text string) (told []Early, analysed int, r *Result) {
		t.Helper()
		o := options(dir)
		o.Session, o.Tool, o.Unsaved = session, "test", true
		o.Progress = func(done, all int) { analysed, total = done, all }
		if text != "" {
			o.Overlay = Overlay{filepath.Join(dir, file): []byte(text)}
		}
		before := 0
		o.Early = func(e Early) { told, before = append(told, e), analysed }
		r = mustRun(t, o)
		return told, before, r
	}
	in := func(file string, findings []finding.Located) []string {
		var here []finding.Located
		for _, f := range findings {
			if f.Pos.Filename == filepath.Join(dir, file) {
				here = append(here, f)
			}
		}
		return lines(dir, &Result{Findings: here})
	}
	if told, _, _ := run("", ""); told != nil {
		t.Errorf("the first run, which knows of none before it, tells %v", told)
	}
	const store = "package store\nimport \"database/sql\"\ntype Store struct{ DB *sql.DB }\nfunc New(dsn string) *Store { return &Store{open(dsn)} }\n" +
		"func open(dsn string) *sql.DB {\n\n\tdb, _ := sql.Open(\"x\", dsn)\n\treturn db\n}\nfunc (s *Store) Again() *Store { return New(\"\") }\n"
	told, before, r := run("store/store.go", store)
	if len(told) != 1 || before == 0 || before >= total {
		t.Fatalf("told %d times, behind %d of %d packages", len(told), before, total)
	}
	if !slices.Contains(told[0].Files, filepath.Join(dir, "store/store.go")) || slices.Contains(told[0].Files, filepath.Join(dir, "web/web.go")) {
		t.Errorf("told of %s", told[0].Files)
	}
	equal(t, "findings told early", in("store/store.go", told[0].Findings), in("store/store.go", r.Findings))
	equal(t, "findings elsewhere", in("web/web.go", told[0].Findings), in("web/web.go", r.Findings))
	if len(in("store/store.go", r.Findings)) == 0 || len(in("web/web.go", r.Findings)) == 0 {
		t.Errorf("there are too few findings to see anything: %s", lines(dir, r))
	}
	if told, _, _ := run("store/store.go", store); told != nil {
		t.Errorf("nothing was edited, and told is %v", told)
	}
	if told, _, _ := run("", ""); len(told) != 0 && !slices.Contains(told[0].Files, filepath.Join(dir, "store/store.go")) {
		t.Errorf("undone, and told is %v", told)
	}
	run("web/web.go", "package web\nimport \"example.com/service/store\"\nfunc Serve() { store.New(\"\"); _ = 1 }\n")
}
