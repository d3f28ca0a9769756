package queries

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/poollint/poollint/analyzers/tenantfilter"
	"github.com/poollint/poollint/internal/command"
	"github.com/poollint/poollint/internal/pgtest"
	"golang.org/x/tools/txtar"
)

// What tests run on a real server, through pgx and database/sql, is found at its lines.
func TestQueriesOfARun(t *testing.T) {
	server, err := pgtest.New("max_connections=40")
	if errors.Is(err, pgtest.ErrNoServer) && os.Getenv("POOLLINT_REQUIRE_POSTGRES") == "" {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := server.Close(); err != nil {
			t.Error(err)
		}
	})
	dir := t.TempDir()
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	archive, err := txtar.ParseFile("testdata/service.txtar")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range archive.Files {
		write(t, filepath.Join(dir, file.Name), strings.ReplaceAll(string(file.Data), "ROOT", filepath.ToSlash(root)))
	}
	sums, err := os.ReadFile("../../examples/shop/go.sum")
	if err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(dir, "go.sum"), string(sums))
	t.Chdir(dir)
	t.Setenv("DATABASE_URL_TEST", server.URL())
	t.Setenv("TMPDIR", t.TempDir())
	for _, flags := range []string{"", "-trimpath"} {
		t.Setenv("GOFLAGS", strings.TrimSpace("-mod=mod "+flags))
		var stdout, stderr bytes.Buffer
		if status := Command.Main(t.Context(), []string{"-format", "json", "--", "go", "test", "./..."}, &stdout, &stderr); status != command.Found {
			t.Fatalf("%s: status %d\n%s\n%s", flags, status, &stdout, &stderr)
		}
		var got report
		if err := json.Unmarshal(stdout.Bytes(), &got); err != nil {
			t.Fatal(err)
		}
		var lines []string
		for _, kind := range []struct {
			name    string
			results []result
		}{{"finding", got.Findings}, {"unseen", got.Unseen}, {"not judged", got.NotJudged}} {
			for _, r := range kind.results {
				lines = append(lines, fmt.Sprintf("%s %s %s in %s: %s", kind.name, r.Path, r.Tier, strings.Join(r.Tests, ", "), strings.Join(r.SQL, "; ")))
			}
		}
		want := strings.TrimSpace(string(archive.Comment))
		if text := strings.Join(lines, "\n"); text != want {
			t.Errorf("%s: found\n%s\nwant\n%s\n%s", flags, text, want, &stderr)
		}
		if strings.Contains(stdout.String(), "secret") {
			t.Errorf("%s: an argument is recorded", flags)
		}
	}
	if left, _ := filepath.Glob(os.Getenv("TMPDIR") + "/poollint-queries-*"); len(left) > 0 {
		t.Errorf("left: %v", left)
	}
}

func write(t *testing.T, name, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

const header = `{"version":1,"package":"example.com/a"}` + "\n"

func TestMalformedRecords(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		`{"version":2}`:                                 `a.jsonl:1: a record of version 2, not 1`,
		`{"sql":"select 1"}`:                            `a.jsonl:1: a record of version 0, not 1`,
		header + "\n":                                   `a.jsonl:2: no line of a record: EOF`,
		header + `{"sql":"select 1","args":[1]}`:        `a.jsonl:2: no line of a record: json: unknown field "args"`,
		header + `{"sql":"select`:                       `a.jsonl:2: no line of a record: unexpected EOF`,
		header + `{"test":"TestA"}`:                     `a.jsonl:2: no line of a record: it has no sql`,
		header + `{"sql":"a"} {"sql":"b"}`:              `a.jsonl:2: no line of a record: more than one value`,
		header + `{"sql":"select 1","calls":["a.go"]}`:  `a.jsonl:2: no line of a record: "a.go" is no file:line`,
		header + `{"sql":"select 1","calls":["a.go:"]}`: `a.jsonl:2: no line of a record: "a.go:" is no file:line`,
		header + strings.Repeat(" ", maxLine+1):         `a.jsonl:2: a line of more than`,
	} {
		dir := t.TempDir()
		write(t, filepath.Join(dir, "a.jsonl"), text)
		if _, err := read(dir); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%.60q: %v, want %s", text, err, want)
		}
	}
}

func TestRecordsAreJoined(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for i, test := range []string{"TestA", "TestB", "TestA"} {
		write(t, filepath.Join(dir, fmt.Sprintf("[%d].jsonl", i)), header+fmt.Sprintf(`{"sql":"select 1","test":%q,"calls":["C:\\a.go:7"]}`, test)+"\n")
	}
	write(t, filepath.Join(dir, "empty.jsonl"), "")
	write(t, filepath.Join(dir, "cut.jsonl"), header+`{"cut":true}`)
	r, err := read(dir)
	if err != nil {
		t.Fatal(err)
	}
	if len(r.statements) != 1 || r.tests != 2 || !r.cut {
		t.Fatalf("%+v", r)
	}
	if s := r.statements[0]; len(s.tests) != 2 || s.Calls[0] != (tenantfilter.Call{File: `C:\a.go`, Line: 7}) {
		t.Errorf("%+v", s)
	}
}

func TestAsks(t *testing.T) {
	t.Parallel()
	for sql, want := range map[string]bool{
		"select id from invoices":                 true,
		"with a as (select 1) select * from a":    false,
		"select * from pg_catalog.pg_class":       false,
		"select relname from pg_class":            false,
		"select * from information_schema.tables": false,
		"select 1":                     false,
		"create table a (id int)":      false,
		"begin":                        false,
		"begin; delete from a; commit": true,
		`COPY "a" ("id") FROM STDIN`:   true,
		"select set_config('app.tenant', $1, true)":            false,
		"insert into a select oid from pg_class":               true,
		"select pg_advisory_lock(1)":                           false,
		"select * from a where exists (select 1 from pg_type)": true,
	} {
		if asks(sql) != want {
			t.Errorf("%s: %t", sql, !want)
		}
	}
}

// The innermost call that reading the code knows as a query counts, else the innermost.
func TestPlaces(t *testing.T) {
	t.Parallel()
	seen := func(call int, reading tenantfilter.Reading) tenantfilter.Seen {
		return tenantfilter.Seen{Call: call, Reading: reading}
	}
	for _, test := range []struct {
		seen []tenantfilter.Seen
		want int
	}{
		{[]tenantfilter.Seen{seen(0, tenantfilter.NoQuery), seen(1, tenantfilter.NoQuery)}, 0},
		{[]tenantfilter.Seen{seen(2, tenantfilter.Read), seen(0, tenantfilter.NoQuery), seen(1, tenantfilter.Read)}, 1},
		{[]tenantfilter.Seen{seen(0, tenantfilter.NotRead), seen(1, tenantfilter.Read)}, 0},
	} {
		if got := places(test.seen, 2); got[0].Call != test.want || got[1] != nil {
			t.Errorf("%+v: %+v", test.seen, got[0])
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add(header + `{"sql":"select 1","test":"TestA","calls":["a.go:1"]}`)
	f.Fuzz(func(t *testing.T, text string) {
		dir := t.TempDir()
		write(t, filepath.Join(dir, "a.jsonl"), text)
		if r, err := read(dir); err == nil {
			newReport(r, make([]*tenantfilter.Seen, len(r.statements)), func(file string) string { return file })
		}
	})
}
