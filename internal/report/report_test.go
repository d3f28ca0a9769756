package report

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"encoding/xml"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/tools/go/analysis"

	"github.com/poollint/poollint/internal/driver"
	"github.com/poollint/poollint/internal/finding"
)

const code = "package p\n\nfunc f() {\n\tä, b := open(\"x\"), 1\n\topen(\"y\")\n\topen(\"y\")\n}\n"

// sample returns a report on a file with findings of every kind.
func sample(t testing.TB) *Report {
	t.Helper()
	root := t.TempDir()
	file := filepath.Join(root, "sub", "a b.go")
	if err := os.MkdirAll(filepath.Dir(file), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(code), 0o666); err != nil {
		t.Fatal(err)
	}
	at := func(rule, message string, severity finding.Severity, line, column, endColumn int) finding.Located {
		return finding.Located{
			Rule: rule, Message: message, Severity: severity, Package: "example.com/p", URL: "https://example.com/" + rule,
			Pos: token.Position{Filename: file, Line: line, Column: column}, End: token.Position{Filename: file, Line: line, Column: endColumn},
		}
	}
	findings := []finding.Located{
		at("newpool", "a pool, \"opened\" <here>: 100%", finding.Error, 4, 11, 20),
		at("newpool", "a pool", finding.Warning, 5, 2, 11),
		at("tenantfilter", "by id", finding.Info, 6, 2, 11),
		at("newpool", "a pool", finding.Error, 6, 2, 11),
	}
	findings[2].Tier = "by-id"
	findings[3].Suppressed = "shared on purpose"
	findings[0].Fixes = []finding.Fix{{Message: "use the shared pool", Edits: []finding.Edit{{Path: file, Start: 32, End: 41, New: "get(t)"}}}}
	r := New(filepath.Join(root, "sub"), root, findings)
	r.Version = "v0.1.0"
	r.Elapsed = 1234 * time.Millisecond
	r.Rules = []*analysis.Analyzer{
		{Name: "newpool", Doc: "newpool reports pools.\n\nMore.", URL: "https://example.com/newpool"},
		{Name: "tenantfilter", Doc: "tenantfilter reports queries.\n\nMore.", URL: "https://example.com/tenantfilter"},
	}
	r.Result = &driver.Result{
		Listed: []string{"example.com/p", "example.com/q"}, Analysed: []string{"example.com/p"}, Files: []string{file},
		Read:    8,
		Unread:  []driver.Unread{{Rule: "tenantfilter", Why: "the text comes from a file", Pos: token.Position{Filename: file, Line: 6, Column: 2}}},
		Skipped: []driver.Skipped{{Tag: "integration", Files: 9}, {Tag: "e2e", Files: 1}},
	}
	return r
}

func write(t *testing.T, r *Report, format string) string {
	t.Helper()
	i := slices.IndexFunc(Formats, func(f Format) bool { return f.Name == format })
	var b bytes.Buffer
	if err := Formats[i].Write(&b, r); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func same(t *testing.T, what, got, want string) {
	t.Helper()
	if got != want {
		t.Errorf("%s:\ngot:\n%s\nwant:\n%s", what, got, want)
	}
}

// Of many build tags the first are named.
func TestManyTags(t *testing.T) {
	t.Parallel()
	r := sample(t)
	r.Result.Skipped = nil
	for i := range 9 {
		r.Result.Skipped = append(r.Result.Skipped, driver.Skipped{Tag: string(rune('a' + i)), Files: 9 - i})
	}
	if got, want := write(t, r, "text"), "-tags=d adds 6, -tags=e adds 5, and 4 more tags; "; !strings.Contains(got, want) {
		t.Errorf("the summary %s lacks %s", got, want)
	}
}

// Without tests, no tag would add any.
func TestWithoutTests(t *testing.T) {
	t.Parallel()
	r := sample(t)
	r.NoTests = true
	if got, want := write(t, r, "text"), "; test files left out: all, by -test=false; 1.23s"; !strings.Contains(got, want) {
		t.Errorf("the summary %s lacks %s", got, want)
	}
}

func TestText(t *testing.T) {
	t.Parallel()
	r := sample(t)
	same(t, "plain", write(t, r, "text"), `a b.go:4:11: a pool, "opened" <here>: 100% (newpool)
a b.go:5:2: a pool (newpool)
2 findings (newpool 2) in 2 packages, 1 analysed; 1 suppressed; 1 of severity info (by-id 1, -v lists them); queries: 8 read, 1 not read of 9 (-v lists them); test files left out: -tags=integration adds 9, -tags=e2e adds 1; 1.23s
`)
	r.Verbose, r.Info = true, true
	same(t, "verbose", write(t, r, "text"), `a b.go:4:11: a pool, "opened" <here>: 100% (newpool)
a b.go:5:2: a pool (newpool)
a b.go:6:2: by id [info] (tenantfilter)
a b.go:6:2: not read: the text comes from a file (tenantfilter)
2 findings (newpool 2) in 2 packages, 1 analysed; 1 suppressed; queries: 8 read, 1 not read of 9; test files left out: -tags=integration adds 9, -tags=e2e adds 1; 1.23s
`)
	r.Verbose, r.Info, r.Source = false, false, true
	r.Result = &driver.Result{}
	same(t, "source lines", write(t, r, "text"), "a b.go:4:11: a pool, \"opened\" <here>: 100% (newpool)\n\tä, b := open(\"x\"), 1\n\t        ^~~~~~~~~\n"+
		"a b.go:5:2: a pool (newpool)\n\topen(\"y\")\n\t^~~~~~~~~\n"+
		"2 findings (newpool 2) in 0 packages, 0 analysed; 1 suppressed; 1 of severity info (by-id 1, -v lists them); 1.23s\n")
	r.Hint = "adopt shows more"
	if got := write(t, r, "text"); !strings.HasSuffix(got, "; 1.23s\nadopt shows more\n") {
		t.Errorf("with a hint:\n%s", got)
	}
	r.Color = true
	if got := write(t, r, "text"); !strings.Contains(got, "\x1b[31m^~~~~~~~~\x1b[0m\n") || !strings.Contains(got, "\x1b[1ma b.go:4:11:\x1b[0m") {
		t.Errorf("colours:\n%q", got)
	}
}

// Source that could act on the terminal, or is gone, is not shown.
func TestTextShowsNoControls(t *testing.T) {
	t.Parallel()
	r := sample(t)
	r.Source = true
	r.Findings[0].Message = "a pool of \x1b[2Jtable\r\n"
	for _, content := range []string{"", "\n\n\n\x1b]0;x\x07 open()\n", "\n\n\n\xff\xfe\n", "\n\n\n\u009b31m\n"} {
		if err := os.WriteFile(r.Findings[0].Pos.Filename, []byte(content), 0o666); err != nil {
			t.Fatal(err)
		}
		r.sources = sources{}
		if got := write(t, r, "text"); !utf8.ValidString(got) || strings.ContainsFunc(got, func(c rune) bool { return c == '^' || c != '\n' && unicode.IsControl(c) }) {
			t.Errorf("%q gives %q", content, got)
		}
	}
}

func TestJSON(t *testing.T) {
	t.Parallel()
	r := sample(t)
	text := write(t, r, "json")
	var got struct {
		Version  int
		Findings []map[string]any
	}
	if err := json.Unmarshal([]byte(text), &got); err != nil {
		t.Fatal(err)
	}
	if got.Version != 1 || len(got.Findings) != 4 {
		t.Fatalf("%s", text)
	}
	for _, f := range got.Findings {
		for _, key := range []string{"rule", "message", "severity", "path", "line", "column", "end_line", "end_column", "package", "url", "fingerprint", "suppressed", "fixes"} {
			if _, ok := f[key]; !ok {
				t.Errorf("%s is missing in %v", key, f)
			}
		}
	}
	first := got.Findings[0]
	if first["path"] != "a b.go" || first["line"] != 4.0 || first["end_column"] != 20.0 || first["suppressed"] != false || first["message"] != `a pool, "opened" <here>: 100%` {
		t.Errorf("%v", first)
	}
	if last := got.Findings[3]; last["suppressed"] != true || last["reason"] != "shared on purpose" {
		t.Errorf("%v", last)
	}
	if !strings.Contains(text, `"new": "get(t)"`) || !strings.Contains(text, "<here>") {
		t.Errorf("%s", text)
	}
	empty := New(r.Dir, r.Dir, nil)
	same(t, "no findings", write(t, empty, "json"), "{\n  \"version\": 1,\n  \"findings\": []\n}\n")
}

func TestCSV(t *testing.T) {
	t.Parallel()
	r := sample(t)
	r.Findings[1].Message = "=HYPERLINK(1)\nnext"
	rows, err := csv.NewReader(strings.NewReader(write(t, r, "csv"))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	want := [][]string{
		{"rule", "severity", "path", "line", "column", "package", "message"},
		{"newpool", "error", "a b.go", "4", "11", "example.com/p", `a pool, "opened" <here>: 100%`},
		{"newpool", "warning", "a b.go", "5", "2", "example.com/p", "'=HYPERLINK(1)\nnext"},
		{"tenantfilter", "info", "a b.go", "6", "2", "example.com/p", "by id"},
	}
	if !slices.EqualFunc(rows, want, func(a, b []string) bool { return slices.Equal(a, b) }) {
		t.Errorf("got  %q\nwant %q", rows, want)
	}
}

func TestGitHub(t *testing.T) {
	t.Parallel()
	r := sample(t)
	r.Findings[1].Message = "two\nlines"
	r.Findings[1].End.Line++
	same(t, "github", write(t, r, "github"),
		`::error file=a b.go,line=4,col=11,endLine=4,endColumn=20,title=poollint newpool::a pool, "opened" <here>: 100%25
::warning file=a b.go,line=5,col=2,endLine=6,title=poollint newpool::two%0Alines
`)
}

// In CI the paths of all formats count from the checkout, wherever poollint runs.
func TestBase(t *testing.T) {
	r := sample(t)
	for _, name := range []string{"GITHUB_WORKSPACE", "CI_PROJECT_DIR"} {
		t.Setenv("GITHUB_WORKSPACE", "")
		t.Setenv(name, r.root)
		for variable, value := range map[string]string{"GITHUB_SERVER_URL": "https://example.com", "GITHUB_REPOSITORY": "a/b", "GITHUB_SHA": "c0ffee",
			"CI_PROJECT_URL": "https://example.com/a/b", "CI_COMMIT_SHA": "c0ffee"} {
			t.Setenv(variable, value)
		}
		again := New(r.Dir, r.root, r.Findings)
		for format, want := range map[string]string{"github": "file=sub/a b.go,", "gitlab": `"sub/a b.go"`, "sarif": `"sub/a%20b.go"`, "text": "\nsub/a b.go:",
			"json": `"sub/a b.go"`, "csv": ",sub/a b.go,", "checkstyle": `"sub/a b.go"`} {
			if got := "\n" + write(t, again, format); !strings.Contains(got, want) {
				t.Errorf("%s, %s: %s", name, format, got)
			}
		}
		if got := write(t, again, "sarif"); !strings.Contains(got, `"repositoryUri": "https://example.com/a/b",`) || !strings.Contains(got, `"revisionId": "c0ffee"`) {
			t.Errorf("%s: the version is not told:\n%s", name, got)
		}
	}
	t.Setenv("CI_PROJECT_DIR", filepath.Join(r.root, "elsewhere"))
	if again := New(r.Dir, r.root, nil); again.Base() != r.Dir {
		t.Errorf("a checkout that is not above: %s", again.Base())
	}
	t.Setenv("CI_PROJECT_URL", "")
	t.Setenv("CI_PROJECT_DIR", r.root)
	if got := write(t, New(r.Dir, r.root, nil), "sarif"); strings.Contains(got, "versionControlProvenance") {
		t.Errorf("a version without a repository is told:\n%s", got)
	}
}

func TestGitLab(t *testing.T) {
	t.Parallel()
	r := sample(t)
	var issues []struct {
		Description, Fingerprint, Severity string
		CheckName                          string `json:"check_name"`
		Location                           struct {
			Path  string
			Lines struct{ Begin int }
		}
	}
	if err := json.Unmarshal([]byte(write(t, r, "gitlab")), &issues); err != nil {
		t.Fatal(err)
	}
	if len(issues) != 3 || issues[0].Severity != "major" || issues[2].Severity != "info" || issues[0].CheckName != "newpool" ||
		issues[0].Location.Path != "a b.go" || issues[0].Location.Lines.Begin != 4 || issues[0].Fingerprint != r.prints[0] {
		t.Errorf("%+v", issues)
	}
	same(t, "no findings", write(t, New(r.Dir, r.Dir, nil), "gitlab"), "[]\n")
}

func TestCheckstyle(t *testing.T) {
	t.Parallel()
	text := write(t, sample(t), "checkstyle")
	var report struct {
		Files []struct {
			Name   string `xml:"name,attr"`
			Errors []struct {
				Line     int    `xml:"line,attr"`
				Severity string `xml:"severity,attr"`
				Message  string `xml:"message,attr"`
				Source   string `xml:"source,attr"`
			} `xml:"error"`
		} `xml:"file"`
	}
	if err := xml.Unmarshal([]byte(text), &report); err != nil {
		t.Fatal(err)
	}
	if len(report.Files) != 1 || report.Files[0].Name != "a b.go" || len(report.Files[0].Errors) != 3 ||
		report.Files[0].Errors[0].Message != `a pool, "opened" <here>: 100%` || report.Files[0].Errors[2].Severity != "info" || report.Files[0].Errors[0].Source != "poollint.newpool" {
		t.Errorf("%s", text)
	}
}

func TestSARIF(t *testing.T) {
	t.Parallel()
	var log struct {
		Runs []struct {
			OriginalURIBaseIDs map[string]any
			Tool               struct {
				Driver struct {
					Version string
					Rules   []struct {
						ID              string
						FullDescription struct{ Text string }
						Help            struct{ Text, Markdown string }
					}
				}
			}
			Results []struct {
				RuleID    string
				RuleIndex int
				Level     string
				Locations []struct {
					PhysicalLocation struct {
						ArtifactLocation struct{ URI string }
						Region           struct {
							StartLine, StartColumn, EndColumn int
							Snippet                           struct{ Text string }
						}
						ContextRegion struct {
							StartLine, EndLine int
							Snippet            struct{ Text string }
						}
					}
				}
				PartialFingerprints map[string]string
				Suppressions        []struct{ Kind, Justification string }
				Fixes               []struct {
					ArtifactChanges []struct {
						Replacements []struct {
							DeletedRegion   struct{ StartLine, StartColumn, EndLine, EndColumn int }
							InsertedContent struct{ Text string }
						}
					}
				}
			}
		}
	}
	r := sample(t)
	if err := json.Unmarshal([]byte(write(t, r, "sarif")), &log); err != nil {
		t.Fatal(err)
	}
	run := log.Runs[0]
	if _, ok := run.OriginalURIBaseIDs["%SRCROOT%"]; !ok {
		t.Error("what paths are relative to has no description")
	}
	if driver := run.Tool.Driver; driver.Version != "0.1.0" || driver.Rules[0].FullDescription.Text != "newpool reports pools. More." {
		t.Errorf("tool %+v", driver)
	}
	if len(run.Tool.Driver.Rules) != 2 || run.Tool.Driver.Rules[1].ID != "tenantfilter" || run.Tool.Driver.Rules[0].Help.Markdown == "" {
		t.Errorf("rules %+v", run.Tool.Driver.Rules)
	}
	if len(run.Results) != 4 {
		t.Fatalf("%d results", len(run.Results))
	}
	first, third, last := run.Results[0], run.Results[2], run.Results[3]
	where := first.Locations[0].PhysicalLocation
	if first.RuleID != "newpool" || first.Level != "error" || where.ArtifactLocation.URI != "a%20b.go" ||
		where.Region.StartLine != 4 || where.Region.StartColumn != 10 || where.Region.EndColumn != 19 {
		t.Errorf("columns count characters: %+v", first)
	}
	if got := where.Region.Snippet.Text; got != `open("x")` {
		t.Errorf("the snippet is %q", got)
	}
	if around := where.ContextRegion; around.StartLine != 2 || around.EndLine != 6 || around.Snippet.Text != "\nfunc f() {\n\tä, b := open(\"x\"), 1\n\topen(\"y\")\n\topen(\"y\")\n" {
		t.Errorf("the lines around are %+v", around)
	}
	if third.RuleIndex != 1 || third.Level != "note" || first.PartialFingerprints["poollint/v1"] != r.prints[0] {
		t.Errorf("%+v", third)
	}
	if len(last.Suppressions) != 1 || last.Suppressions[0].Kind != "inSource" || last.Suppressions[0].Justification != "shared on purpose" {
		t.Errorf("%+v", last.Suppressions)
	}
	replacement := first.Fixes[0].ArtifactChanges[0].Replacements[0]
	if d := replacement.DeletedRegion; d.StartLine != 4 || d.StartColumn != 10 || d.EndLine != 4 || d.EndColumn != 19 || replacement.InsertedContent.Text != "get(t)" {
		t.Errorf("%+v", replacement)
	}
}

// What is not set is left out, but for the list of results.
func TestSARIFWithoutFindings(t *testing.T) {
	t.Parallel()
	var log struct {
		Runs []map[string]any
	}
	text := write(t, New("/m", "/m", nil), "sarif")
	if err := json.Unmarshal([]byte(text), &log); err != nil {
		t.Fatal(err)
	}
	if results, ok := log.Runs[0]["results"].([]any); !ok || len(results) != 0 {
		t.Errorf("the results are %v", log.Runs[0]["results"])
	}
	for _, unset := range []string{"-1", "null", "{}", "properties"} {
		if strings.Contains(text, unset) {
			t.Errorf("the log has %s:\n%s", unset, text)
		}
	}
	if !strings.Contains(text, `"version": "0.0.0-devel"`) {
		t.Errorf("a build without a version has none that is a number:\n%s", text)
	}
}

// Around a file of one line there is nothing.
func TestSARIFOfOneLine(t *testing.T) {
	t.Parallel()
	r := sample(t)
	if err := os.WriteFile(r.Findings[0].Pos.Filename, []byte("SELECT 1"), 0o666); err != nil {
		t.Fatal(err)
	}
	r.sources, r.Findings = sources{}, r.Findings[:1]
	r.Findings[0].Pos.Line, r.Findings[0].Pos.Column, r.Findings[0].End = 1, 8, token.Position{}
	r.Findings[0].Fixes = nil
	text := write(t, r, "sarif")
	if strings.Contains(text, "contextRegion") || !strings.Contains(text, `"text": "1"`) || strings.Contains(text, `"endColumn": 9`) {
		t.Errorf("%s", text)
	}
}

// The text of a region is that of its lines, without passwords.
func TestExcerpt(t *testing.T) {
	t.Parallel()
	source := newSource([]byte("a\nopen(\"postgres://ä:secret@h/d\")\nb\n"))
	at := func(line, column int) token.Position { return token.Position{Line: line, Column: column} }
	around := source.around(2, 2)
	if around.first != 1 || around.last != 3 || strings.Contains(around.text, "secret") {
		t.Errorf("%+v", around)
	}
	if got, want := around.between(source, at(2, 6), at(2, 32)), `"postgres://ä:******@h/d"`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if got, want := around.between(source, at(1, 1), at(2, 5)), "a\nopen"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	for _, pos := range []token.Position{at(9, 9), at(3, 99)} {
		around.between(source, pos, at(1, 1))
	}
	if got := source.around(9, 9); got != (excerpt{}) {
		t.Errorf("behind the end there is %+v", got)
	}
	for text, what := range map[string]string{"": "nothing", "a\xff": "no text", strings.Repeat("x", maxLine+1): "a long line"} {
		if got := newSource([]byte(text)).around(1, 1).text; got != "" {
			t.Errorf("the excerpt of %s is %q", what, got)
		}
	}
}

func TestFingerprints(t *testing.T) {
	t.Parallel()
	r := sample(t)
	file := r.Findings[0].Pos.Filename
	before := slices.Clone(r.prints)
	if before[1] == before[3] {
		t.Error("equal lines have equal fingerprints")
	}
	// Lines above, other indentation, another directory and another message change nothing.
	if err := os.WriteFile(file, []byte("// new\n"+strings.ReplaceAll(code, "\t", "    ")), 0o666); err != nil {
		t.Fatal(err)
	}
	moved := slices.Clone(r.Findings)
	for i := range moved {
		moved[i].Pos.Line++
		moved[i].Message += " in 3 tests"
	}
	again := New(filepath.Dir(filepath.Dir(file)), r.root, moved)
	if !slices.Equal(again.prints, before) {
		t.Errorf("got  %v\nwant %v", again.prints, before)
	}
}

func TestBaseline(t *testing.T) {
	t.Parallel()
	r := sample(t)
	file := filepath.Join(t.TempDir(), "baseline.json")
	if _, err := r.ApplyBaseline(file, false); err == nil {
		t.Error("a baseline that does not exist is taken")
	}
	if _, err := r.ApplyBaseline(file, true); err != nil {
		t.Fatal(err)
	}
	if slices.ContainsFunc(r.Findings, Fails) {
		t.Error("what was written still fails")
	}
	if r.Findings[2].Suppressed != "" || r.Findings[3].Suppressed != "shared on purpose" {
		t.Error("the baseline holds more than what fails")
	}

	// Read again, everything is known; what is gone is stale, until taken out.
	gone := sample(t)
	gone.root, gone.Dir = r.root, r.Dir
	gone.Findings, gone.prints = gone.Findings[1:], r.prints[1:]
	gone.Result = r.Result
	changes, err := gone.ApplyBaseline(file, false)
	if err != nil || len(changes.Gone) != 1 || !strings.HasPrefix(changes.Gone[0], "sub/a b.go: a pool, ") {
		t.Errorf("%q, %v", changes, err)
	}
	if slices.ContainsFunc(gone.Findings, Fails) {
		t.Error("a known finding fails")
	}
	if changes, err := gone.ApplyBaseline(file, true); err != nil || len(changes.Gone) != 1 || changes.Accepted != nil {
		t.Errorf("%q, %v", changes, err)
	}
	if text, err := os.ReadFile(file); err != nil || strings.Count(string(text), "fingerprint") != 1 {
		t.Errorf("%s, %v", text, err)
	}

	// It does not grow.
	grown := sample(t)
	grown.root, grown.prints, grown.Result = r.root, r.prints, r.Result
	if changes, err := grown.ApplyBaseline(file, true); err != nil || changes.Accepted != nil || !Fails(grown.Findings[0]) {
		t.Errorf("the baseline grows: %q, %v", changes, err)
	}
}

// An entry is known again in a file that was renamed, and its equals are told apart.
func TestBaselineOfRenamedFiles(t *testing.T) {
	t.Parallel()
	r := sample(t)
	r.Findings[3].Suppressed = ""
	file := filepath.Join(t.TempDir(), "baseline.json")
	if _, err := r.ApplyBaseline(file, true); err != nil {
		t.Fatal(err)
	}
	before, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for _, version := range []string{"1", "2"} {
		if err := os.WriteFile(file, bytes.Replace(before, []byte(`"version": 2`), []byte(`"version": `+version), 1), 0o666); err != nil {
			t.Fatal(err)
		}
		moved := sample(t)
		path := moved.Findings[0].Pos.Filename
		renamed := filepath.Join(filepath.Dir(path), "b.go")
		text := strings.Replace(code, "open(\"y\")\n\topen", "open(\"y\")\n\topen(\"y\")\n\topen", 1) // a third of its kind
		if err := os.WriteFile(renamed, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
		findings := slices.Clone(moved.Findings)
		for i := range findings {
			findings[i].Pos.Filename, findings[i].Suppressed = renamed, ""
		}
		more := findings[3]
		more.Pos.Line++
		findings = append(findings, more)
		again := New(moved.Dir, moved.root, findings)
		again.Rules, again.Result = moved.Rules, &driver.Result{Analysed: []string{"example.com/p"}, Files: []string{path, renamed}}
		if changes, err := again.ApplyBaseline(file, false); err != nil || len(changes.Gone) != 3 {
			t.Errorf("version %s: the file is there: %q, %v", version, changes, err)
		}
		if err := os.Remove(path); err != nil {
			t.Fatal(err)
		}
		again = New(moved.Dir, moved.root, slices.Clone(findings))
		again.Rules, again.Result = moved.Rules, &driver.Result{Analysed: []string{"example.com/p"}, Files: []string{renamed}}
		for range 2 { // it is written as it is from now on
			if changes, err := again.ApplyBaseline(file, true); err != nil || changes.Gone != nil {
				t.Errorf("version %s: %q, %v", version, changes, err)
			}
		}
		var failing []int
		for i, f := range again.Findings {
			if Fails(f) {
				failing = append(failing, i)
			}
		}
		if !slices.Equal(failing, []int{4}) {
			t.Errorf("version %s: findings %d fail", version, failing)
		}
		if text, err := os.ReadFile(file); err != nil || strings.Count(string(text), `"path": "sub/b.go"`) != 3 || strings.Contains(string(text), "a b.go") {
			t.Errorf("version %s: %s, %v", version, text, err)
		}
	}
}

// A finding that more reach than its entry knows is told again.
func TestBaselineOfGrownFindings(t *testing.T) {
	t.Parallel()
	r := sample(t)
	code := r.Findings[0].Pos.Filename
	tests := filepath.Join(filepath.Dir(code), "a_test.go")
	others := filepath.Join(filepath.Dir(code), "other_test.go")
	for _, name := range []string{tests, others} {
		if err := os.WriteFile(name, nil, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	file := filepath.Join(t.TempDir(), "baseline.json")
	apply := func(version string, write bool, covered string, names ...string) *Report {
		t.Helper()
		findings := slices.Clone(r.Findings[:1])
		findings[0].Suppressed = ""
		for i, name := range names {
			findings[0].Witnesses = append(findings[0].Witnesses,
				finding.Witness{In: name, Pos: token.Position{Filename: tests, Line: 2 * i}},
				finding.Witness{In: name, Pos: token.Position{Filename: tests, Line: 2*i + 1}})
		}
		again := New(r.Dir, r.root, findings)
		again.Rules, again.Result = r.Rules, &driver.Result{Analysed: []string{"example.com/p"}, Files: []string{code, covered}}
		if version != "" {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(file, bytes.Replace(text, []byte(`"version": 2`), []byte(`"version": `+version), 1), 0o666); err != nil {
				t.Fatal(err)
			}
		}
		if changes, err := again.ApplyBaseline(file, write); err != nil || changes.Gone != nil {
			t.Fatalf("%q, %v", changes, err)
		}
		return again
	}
	says := func(name string, r *Report, want string) {
		t.Helper()
		_, got, _ := strings.Cut(r.Findings[0].Message, "; ")
		if got != want || Fails(r.Findings[0]) != (want != "") {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	says("first", apply("", true, tests, "TestA", "TestB"), "")
	says("the same", apply("", false, tests, "TestB", "TestA"), "")
	says("one renamed", apply("", false, tests, "TestA", "TestC"), "")
	says("one more", apply("", false, tests, "TestA", "TestB", "TestC"), "1 more than the baseline knows: TestC (a_test.go:4)")
	says("a renamed one and two more", apply("", true, tests, "TestA", "TestC", "TestD", "TestE"),
		"2 more than the baseline knows: TestC (a_test.go:2), TestD (a_test.go:4), TestE (a_test.go:6)")
	says("which is not admitted", apply("", false, tests, "TestA", "TestB", "TestC"), "1 more than the baseline knows: TestC (a_test.go:4)")
	says("without the tests' file", apply("", true, others), "")
	says("which are known still", apply("", false, tests, "TestA", "TestB"), "")
	says("one less", apply("", true, tests, "TestA"), "")
	says("which is known no more", apply("", false, tests, "TestA", "TestB"), "1 more than the baseline knows: TestB (a_test.go:2)")
	says("an older baseline", apply("1", false, tests, "TestA", "TestB"), "")
}

// An entry is stale only if the run would have found it again.
func TestBaselineOfPartialRuns(t *testing.T) {
	t.Parallel()
	full := sample(t)
	file := filepath.Join(t.TempDir(), "baseline.json")
	if _, err := full.ApplyBaseline(file, true); err != nil {
		t.Fatal(err)
	}
	for name, change := range map[string]func(r *Report){
		"another package": func(r *Report) { r.Result = &driver.Result{Analysed: []string{"example.com/q"}} },
		"another rule":    func(r *Report) { r.Rules = r.Rules[1:] },
		"without a tag":   func(r *Report) { r.Result = &driver.Result{Analysed: []string{"example.com/p"}} },
	} {
		r := New(full.Dir, full.root, nil)
		r.Rules, r.Result = full.Rules, full.Result
		change(r)
		if changes, err := r.ApplyBaseline(file, false); err != nil || changes.Gone != nil {
			t.Errorf("%s: %q, %v", name, changes, err)
		}
	}
	r := New(full.Dir, full.root, nil)
	r.Rules = full.Rules
	if err := os.Remove(full.Findings[0].Pos.Filename); err != nil {
		t.Fatal(err)
	}
	if changes, err := r.ApplyBaseline(file, false); err != nil || len(changes.Gone) != 2 {
		t.Errorf("a removed file: %q, %v", changes, err)
	}
}

func TestBaselineErrors(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"":                        ":1: ",
		"{\n<<<<<<< ours\n":       ":2: ",
		"[]":                      ":1: ",
		"{\n\"version\":\n\"2\"}": ":3: ",
		`{"version":3}`:           ": version 3 is not known, only 1 and 2 are",
	} {
		file := filepath.Join(t.TempDir(), "b.json")
		if err := os.WriteFile(file, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
		r := New(".", ".", nil)
		if _, err := r.ApplyBaseline(file, true); err == nil || !strings.HasPrefix(err.Error(), "baseline "+file+want) {
			t.Errorf("%q: %v", text, err)
		}
		if now, err := os.ReadFile(file); err != nil || string(now) != text {
			t.Errorf("%q is overwritten: %q, %v", text, now, err)
		}
	}
}
