package report

import (
	"encoding/json"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/poollint/poollint/internal/driver"
	"github.com/poollint/poollint/internal/finding"
	"github.com/poollint/poollint/internal/page/pagetest"
)

// The page reads without its script: counts, findings with their lines, silenced ones apart.
func TestPage(t *testing.T) {
	t.Parallel()
	r := sample(t)
	r.Findings[1].Package = "example.com/q"
	r.Result.Notes = []finding.Note{{Text: "a file is not read"}}
	text := write(t, r, "html")
	for _, want := range []string{
		`<tr><th><a href="#rule=newpool">newpool</a><td class="number">1<td class="number">1<td class="number"><td class="number">1` + "\n",
		`<tr><th><a href="#package=example.com%2fp" title="example.com/p">p</a><td class="number">1<td class="number"><td class="number">1<td class="number">1` + "\n",
		`Packages below <code>example.com/</code>`,
		`a pool, &#34;opened&#34; &lt;here&gt;: 100%`,
		`<p class="place">a b.go:4:11</p>`,
		"<span class=\"at\">4</span><span>\tä, b := <mark>open(&#34;x&#34;)</mark>, 1\n",
		`<p class="fix">-fix: use the shared pool</p>`,
		"Silenced findings: 1</summary>",
		`<em>shared on purpose</em>`,
		"<summary>Notes: 1</summary>", "a file is not read",
		"<summary>Queries that could not be read: 1</summary>",
		"prefers-color-scheme: dark",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("the page lacks %s", want)
		}
	}
	for _, unwanted := range []string{"-v lists", r.root} {
		if strings.Contains(text, unwanted) {
			t.Errorf("the page has %s", unwanted)
		}
	}
	if loads := regexp.MustCompile(`src=|<link|@import|url\(`).FindString(text); loads != "" {
		t.Errorf("the page loads something: %s", loads)
	}
	if open, silenced, _ := strings.Cut(text, "<details>"); strings.Count(open, `class="finding"`) != 3 || strings.Count(silenced, `class="finding"`) != 1 {
		t.Error("silenced findings do not stand apart")
	}
}

// The verdict is what the exit status says.
func TestPageVerdict(t *testing.T) {
	t.Parallel()
	const bad = `class="verdict bad"`
	clean := New("/m", "/m", nil)
	if text := write(t, clean, "html"); strings.Contains(text, bad) || strings.Contains(text, "<form") {
		t.Errorf("without findings:\n%s", text)
	}
	clean.Result = &driver.Result{Failures: []driver.Failure{{Pos: "/m/a.go:1:1", Message: "<no> package"}}}
	if text := write(t, clean, "html"); !strings.Contains(text, bad) || !strings.Contains(text, "<div>a.go:1:1: &lt;no&gt; package</div>") {
		t.Errorf("with an error:\n%s", text)
	}
	info := sample(t)
	info.Findings, info.prints = info.Findings[2:], info.prints[2:]
	if text := write(t, info, "html"); strings.Contains(text, bad) {
		t.Error("what fails nothing is bad")
	}
}

// Of long findings the first lines are shown.
func TestPageLines(t *testing.T) {
	t.Parallel()
	r := sample(t)
	if err := os.WriteFile(r.Findings[0].Pos.Filename, []byte(strings.Repeat("x\n", 50)+"postgres://u:secret@h\u202e\nx\r\r\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	at := func(from, column, to, endColumn int) []pageLine {
		r.sources = sources{}
		f := r.Findings[0]
		f.Pos.Line, f.Pos.Column, f.End.Line, f.End.Column = from, column, to, endColumn
		return r.pageLines(f)
	}
	if lines := at(3, 1, 40, 2); len(lines) != maxPageLines+2*margin || lines[1] != (pageLine{2, "", "", "x"}) || lines[9] != (pageLine{10, "", "x", ""}) || lines[10] != (pageLine{11, "", "", "x"}) {
		t.Errorf("%+v", lines)
	}
	if lines := at(52, 9, 52, 9); lines[2] != (pageLine{52, "x", "", ""}) {
		t.Errorf("%+v", lines)
	}
	if lines := at(51, 1, 51, 9); len(lines) != 4 || lines[2] != (pageLine{51, "", "postgres", "://u:******@h\ufffd"}) {
		t.Errorf("%+v", lines)
	}
}

// hostile is text that would act if it did not stay text.
const hostile = `'"></script></style><script>document.title="bad"</script><img src=x onerror="document.title='bad'">{{.}}`

// In a browser the page is readable in light and dark, its filter works, and names stay text.
func TestPageInABrowser(t *testing.T) {
	t.Parallel()
	pagetest.Browser(t)
	r := sample(t)
	r.Result.Failures = []driver.Failure{{Package: "p", Message: strings.Repeat("long", 99)}}
	extra := r.Findings[1]
	extra.Message, extra.Package, extra.Rule, extra.Suppressed, extra.URL = hostile, hostile, hostile, hostile, `javascript:document.title="bad"`
	r.Findings = append(r.Findings, extra)
	extra.Suppressed = ""
	r.Findings = append(r.Findings, extra)
	text := write(t, r, "html")

	const script = `
		document.querySelector("details").open = true;
		const form = document.querySelector("form"), seen = {};
		const shown = () => [...document.querySelectorAll(".finding")].filter(f => f.checkVisibility()).map(f => f.dataset.rule.slice(0, 12) + " " + f.dataset.severity);
		const ask = (key, value) => { form.reset(); form.elements[key].value = value; form.dispatchEvent(new Event("input", {bubbles: true})); return shown(); };
		seen.all = ask("rule", "");
		seen.rule = ask("rule", "tenantfilter");
		seen.address = location.hash;
		seen.severity = ask("severity", "error");
		seen.count = document.querySelector("output").textContent;
		seen.package = ask("package", form.elements.package.options[2].value);
		seen.text = ask("text", "  BY id");
		seen.none = ask("text", "no such thing");
		seen.headings = [...document.querySelectorAll("h3")].filter(h => h.checkVisibility()).length;
		for (const link of document.querySelectorAll("a.rule")) if (link.protocol === "javascript:") link.click();
		seen.title = document.title;
		seen.images = document.images.length;
		return seen;`
	for _, view := range pagetest.Views {
		var seen struct {
			All, Rule, Severity, Package, Text, None []string
			Address, Count, Title                    string
			Headings, Images                         int
		}
		if err := json.Unmarshal(pagetest.Look(t, text, view, script), &seen); err != nil {
			t.Fatal(err)
		}
		for name, c := range map[string]struct{ got, want []string }{
			"all":      {seen.All, []string{"newpool error", "newpool warning", "tenantfilter info", `'"></script> warning`, "newpool error", `'"></script> warning`}},
			"rule":     {seen.Rule, []string{"tenantfilter info"}},
			"severity": {seen.Severity, []string{"newpool error", "newpool error"}},
			"package":  {seen.Package, []string{`'"></script> warning`, `'"></script> warning`}},
			"text":     {seen.Text, []string{"tenantfilter info"}},
			"none":     {seen.None, []string{}},
		} {
			slices.Sort(c.got)
			slices.Sort(c.want)
			if !slices.Equal(c.got, c.want) {
				t.Errorf("%v, %s: got %q, want %q", view, name, c.got, c.want)
			}
		}
		if seen.Address != "#rule=tenantfilter" || seen.Count != "2 of 6" || seen.Headings != 0 {
			t.Errorf("%v: %+v", view, seen)
		}
		if seen.Title != "poollint" || seen.Images != 0 {
			t.Errorf("%v: text of the code acts: title %q, %d images", view, seen.Title, seen.Images)
		}
	}
}
