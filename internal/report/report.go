// Package report writes findings for people, tools and dashboards. It knows nothing of
// particular rules.
package report

import (
	"io"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"golang.org/x/tools/go/analysis"

	"github.com/poollint/poollint/internal/driver"
	"github.com/poollint/poollint/internal/finding"
	"github.com/poollint/poollint/internal/printable"
	"github.com/poollint/poollint/internal/redact"
)

// A Report is the result of a run with the options of writing it.
type Report struct {
	Dir      string               // where the run was started
	Findings []finding.Located    // sorted
	Result   *driver.Result       // of the run
	Rules    []*analysis.Analyzer // that ran
	Version  string
	Started  time.Time
	Elapsed  time.Duration

	Floor   finding.Severity // what is milder is not reported; empty: all is
	Source  bool             // with source lines
	Color   bool
	Verbose bool // what could not be read, too, and all notes
	Info    bool // the formats for people list findings of severity info, too
	NoTests bool // the run was told to leave test files out

	Hint string // what may mend many of the findings, for people; may be empty

	checkout checkout
	root     string // paths in fingerprints are relative to it
	sources  sources
	prints   []string // of Findings, by index
}

// New returns the report of findings of a run in dir. Paths in fingerprints are relative to
// root.
func New(dir, root string, findings []finding.Located) *Report {
	r := &Report{Dir: dir, checkout: checkoutOf(dir), Findings: findings, Result: &driver.Result{}, root: root, sources: sources{}}
	r.prints = fingerprints(findings, r.sources, func(file string) string { return relative(root, file) })
	return r
}

// A Format is one way to write a report.
type Format struct {
	Name       string
	Write      func(w io.Writer, r *Report) error
	WriteError func(w io.Writer, message string) error // why nothing could be analysed; nil if it cannot say
}

// Formats lists the formats; the first is the default.
var Formats = []Format{
	{Name: "text", Write: writeText},
	{Name: "json", Write: writeJSON, WriteError: writeError},
	{Name: "sarif", Write: writeSARIF},
	{Name: "github", Write: writeGitHub},
	{Name: "gitlab", Write: writeGitLab},
	{Name: "checkstyle", Write: writeCheckstyle},
	{Name: "csv", Write: writeCSV},
	{Name: "html", Write: writeHTML, WriteError: writeErrorPage},
}

// FormatNames returns the names of the formats.
func FormatNames() []string {
	var names []string
	for _, f := range Formats {
		names = append(names, f.Name)
	}
	return names
}

// FormatNamed returns the format of that name, which must be one of FormatNames.
func FormatNamed(name string) Format {
	return Formats[slices.IndexFunc(Formats, func(f Format) bool { return f.Name == name })]
}

// Fails reports whether a finding fails the run.
func Fails(f finding.Located) bool { return f.Suppressed == "" && f.Severity != finding.Info }

// Reaches reports whether a finding is as severe as the floor of the report.
func (r *Report) Reaches(f finding.Located) bool {
	return r.Floor == "" || f.Severity.AtLeast(r.Floor)
}

// Keep drops the findings for which keep is false. It is called in their order.
func (r *Report) Keep(keep func(finding.Located) bool) {
	var findings []finding.Located
	var prints []string
	for i, f := range r.Findings {
		if keep(f) {
			findings, prints = append(findings, f), append(prints, r.prints[i])
		}
	}
	r.Findings, r.prints = findings, prints
}

// Line returns an error as one line, without passwords and with paths relative to the
// directory.
func Line(dir string, err error) string {
	text := strings.ReplaceAll(err.Error(), dir+string(filepath.Separator), "")
	return printable.Line(redact.Text(strings.Join(strings.Fields(text), " ")))
}

// Base returns what paths are relative to in all formats: the root of the repository if a CI
// service says where it is, else the directory in which the run was started.
func (r *Report) Base() string { return r.checkout.dir }

// Path returns the path of a file as all formats tell it, with slashes.
func (r *Report) Path(file string) string { return relative(r.Base(), file) }

// PathHere returns the path of a file for what is used in the working directory: a patch.
func (r *Report) PathHere(file string) string { return relative(r.Dir, file) }

func relative(dir, file string) string {
	rel, err := filepath.Rel(dir, file)
	if err != nil || !filepath.IsLocal(rel) && !strings.HasPrefix(rel, "..") {
		rel = file
	}
	return filepath.ToSlash(rel)
}

// open yields the findings that are not suppressed, with their indices.
func (r *Report) open(yield func(int, finding.Located) bool) {
	for i, f := range r.Findings {
		if f.Suppressed == "" && !yield(i, f) {
			return
		}
	}
}

// shown yields what the formats for people list: the findings that fail the run, and with
// Info those that do not.
func (r *Report) shown(yield func(int, finding.Located) bool) {
	for i, f := range r.open {
		if (r.Info || Fails(f)) && !yield(i, f) {
			return
		}
	}
}
