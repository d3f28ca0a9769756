package report

import (
	"cmp"
	_ "embed"
	"fmt"
	"html/template"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/poollint/poollint/internal/finding"
	"github.com/poollint/poollint/internal/page"
	"github.com/poollint/poollint/internal/printable"
)

//go:embed page.html
var pageSource string

//go:embed page.js
var pageScript string

var html = page.New(pageSource, pageScript, template.FuncMap{
	"number": func(n int) string { return strings.TrimPrefix(strconv.Itoa(n), "0") },
	"count":  countOf,
})

// pageData is what the page shows.
type pageData struct {
	Title, When, Summary string
	Bad                  bool // something fails the run
	Errors               []string
	Rules, Packages      []tally
	Parent               string // what the packages are below
	Severities           []finding.Severity
	Open, Silenced       []pageGroup
	Lists                []pageList
}

// Short returns a package's import path below what all are below.
func (d pageData) Short(pkg string) string { return strings.TrimPrefix(pkg, d.Parent) }

// A tally counts the findings of a rule or a package.
type tally struct {
	Name                              string
	Errors, Warnings, Infos, Silenced int
}

// A pageGroup is the findings of one package.
type pageGroup struct {
	Name     string
	Findings []pageFinding
}

// A pageFinding is a finding in texts that are to be shown.
type pageFinding struct {
	Rule, Severity, Package, Message, URL, Place, Reason, Fix string
	Lines                                                     []pageLine
}

// A pageLine is a line of source; Marked is the part that is in the finding.
type pageLine struct {
	Number                int
	Before, Marked, After string
}

// A pageList is lines that few want to read.
type pageList struct {
	Title string
	Lines []string
}

// writeHTML writes a page of all findings that needs nothing else, and whose filter is all
// that needs a script.
func writeHTML(w io.Writer, r *Report) error {
	return html.Execute(w, r.page())
}

// writeErrorPage writes why nothing could be analysed.
func writeErrorPage(w io.Writer, message string) error {
	return html.Execute(w, pageData{Title: "poollint", Summary: "Nothing could be analysed.", Bad: true, Errors: []string{message}})
}

func (r *Report) page() pageData {
	all := *r
	all.Info, all.Verbose = true, true
	data := pageData{
		Title: "poollint", Summary: all.summary(), Severities: finding.Severities,
		When: strings.TrimSpace(r.Started.Format("2006-01-02 15:04 MST") + ", poollint " + r.Version),
		Bad:  slices.ContainsFunc(r.Findings, Fails) || len(r.Result.Failures) > 0,
	}
	rules, packages := map[string]*tally{}, map[string]*tally{}
	for _, f := range r.Findings {
		tallyOf(rules, f.Rule).add(f)
		tallyOf(packages, printable.Line(f.Package)).add(f)
	}
	data.Rules, data.Packages = sorted(rules), sorted(packages)
	if len(packages) > 1 {
		data.Parent = printable.Parent(slices.Collect(maps.Keys(packages)))
	}
	data.Open = r.pageGroups(func(f finding.Located) bool { return f.Suppressed == "" })
	data.Silenced = r.pageGroups(func(f finding.Located) bool { return f.Suppressed != "" })
	for _, f := range r.Result.Failures {
		data.Errors = append(data.Errors, Line(r.Base(), f))
	}
	var notes, unread []string
	for _, n := range r.Result.Notes {
		notes = append(notes, printable.Line(r.place(n.Pos)+n.Text))
	}
	for _, u := range r.Result.Unread {
		unread = append(unread, printable.Line(r.place(u.Pos)+u.Why))
	}
	for _, list := range []pageList{{"Notes", notes}, {"Queries that could not be read", unread}} {
		if len(list.Lines) > 0 {
			data.Lists = append(data.Lists, list)
		}
	}
	return data
}

func tallyOf(tallies map[string]*tally, name string) *tally {
	if tallies[name] == nil {
		tallies[name] = &tally{Name: name}
	}
	return tallies[name]
}

func (t *tally) add(f finding.Located) {
	switch {
	case f.Suppressed != "":
		t.Silenced++
	case f.Severity == finding.Error:
		t.Errors++
	case f.Severity == finding.Warning:
		t.Warnings++
	default:
		t.Infos++
	}
}

// sorted returns tallies, those with the most errors first, then those with the most warnings.
func sorted(tallies map[string]*tally) []tally {
	var all []tally
	for _, name := range slices.Sorted(maps.Keys(tallies)) {
		all = append(all, *tallies[name])
	}
	slices.SortStableFunc(all, func(a, b tally) int {
		return cmp.Or(b.Errors-a.Errors, b.Warnings-a.Warnings, b.Infos-a.Infos)
	})
	return all
}

// pageGroups returns some findings by their packages.
func (r *Report) pageGroups(which func(finding.Located) bool) []pageGroup {
	groups := map[string]*pageGroup{}
	for _, f := range r.Findings {
		if !which(f) {
			continue
		}
		name := printable.Line(f.Package)
		if groups[name] == nil {
			groups[name] = &pageGroup{Name: name}
		}
		groups[name].Findings = append(groups[name].Findings, r.pageFinding(f))
	}
	var all []pageGroup
	for _, name := range slices.Sorted(maps.Keys(groups)) {
		all = append(all, *groups[name])
	}
	return all
}

func countOf(groups []pageGroup) (n int) {
	for _, g := range groups {
		n += len(g.Findings)
	}
	return n
}

func (r *Report) pageFinding(f finding.Located) pageFinding {
	fix := ""
	if len(f.Fixes) > 0 {
		fix = printable.Line(f.Fixes[0].Message)
	}
	return pageFinding{
		Rule: f.Rule, Severity: string(f.Severity), Package: printable.Line(f.Package), URL: f.URL, Message: printable.Line(f.Message), Reason: printable.Line(f.Suppressed),
		Place: printable.Line(fmt.Sprintf("%s:%d:%d", r.Path(f.Pos.Filename), f.Pos.Line, f.Pos.Column)),
		Lines: r.pageLines(f), Fix: fix,
	}
}

// maxPageLines is how many lines of a finding are shown, besides the margin.
const maxPageLines = 8

// pageLines returns the lines of a finding, if they are not too long.
func (r *Report) pageLines(f finding.Located) (lines []pageLine) {
	source := r.sources.of(f.Pos.Filename)
	from, to := f.Pos, f.End
	if !to.IsValid() {
		to = from
		to.Column++
	}
	last := min(to.Line, from.Line+maxPageLines-1)
	around := source.around(from.Line, last)
	for i, text := range slices.Collect(strings.Lines(around.text)) {
		n, line := around.first+i, []rune(strings.TrimRight(text, "\r\n"))
		start, end := 0, 0
		if from.Line <= n && n <= last {
			end = len(line)
		}
		if n == from.Line {
			start = source.column(from) - 1
		}
		if n == to.Line {
			end = source.column(to) - 1
		}
		start = min(start, len(line))
		end = max(start, min(end, len(line)))
		lines = append(lines, pageLine{n, visible(string(line[:start])), visible(string(line[start:end])), visible(string(line[end:]))})
	}
	return lines
}

// visible returns source without characters that change how the text around them is shown.
func visible(text string) string {
	return strings.Map(func(c rune) rune {
		if printable.Acts(c) {
			return utf8.RuneError
		}
		return c
	}, text)
}
