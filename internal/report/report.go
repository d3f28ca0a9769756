// Package report writes findings for people, tools and dashboards. It knows nothing of
// particular rules.
package report

import (
	"io"
	"os"
	"path/filepath"
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
	Dir      string               // paths are shown relative to it
	Findings []finding.Located    // sorted
	Result   *driver.Result       // of the run
	Checkout string               // paths are relative to it for the service that checked the code out
	Rules    []*analysis.Analyzer // that ran
	Version  string
	Started  time.Time
	Elapsed  time.Duration

	Source  bool // with source lines
	Color   bool
	Verbose bool // findings of severity info, and what could not be read

	root    string // paths in fingerprints are relative to it
	sources sources
	prints  []string // of Findings, by index
}

// New returns the report of findings. Paths are shown relative to dir, and in fingerprints
// relative to root.
func New(dir, root string, findings []finding.Located) *Report {
	r := &Report{Dir: dir, Checkout: checkout(dir), Findings: findings, Result: &driver.Result{}, root: root, sources: sources{}}
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
}

// Fails reports whether a finding fails the run.
func Fails(f finding.Located) bool { return f.Suppressed == "" && f.Severity != finding.Info }

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

// Path returns the path of a file relative to the report's directory, with slashes.
func (r *Report) Path(file string) string { return relative(r.Dir, file) }

// checkoutPath returns the path of a file for the service that checked the code out.
func (r *Report) checkoutPath(file string) string { return relative(r.Checkout, file) }

// checkout returns the root of the repository that the environment of GitHub's and
// GitLab's runners names, if it contains the directory.
func checkout(dir string) string {
	for _, name := range []string{"GITHUB_WORKSPACE", "CI_PROJECT_DIR"} {
		root := os.Getenv(name)
		if rel, err := filepath.Rel(root, dir); root != "" && err == nil && filepath.IsLocal(rel) {
			return root
		}
	}
	return dir
}

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
