// Package finding carries what the rules report, and what go/analysis has no
// field for: a severity, a tier, suppression, and evidence for whole-run steps.
package finding

import (
	"go/token"

	"golang.org/x/tools/go/analysis"

	"github.com/poollint/poollint/internal/directive"
)

// Severity says how much a finding matters; reports and exit status use it.
type Severity string

// The severities, from the one that matters most.
const (
	Error   Severity = "error"
	Warning Severity = "warning"
	Info    Severity = "info"
)

// A Finding is a diagnostic with its severity. The rule's name stands in Category.
type Finding struct {
	analysis.Diagnostic
	Severity Severity
	Tier     string // tenantfilter's tier; empty for other rules
	Key      string // joins the finding with evidence of the same key; may be empty

	// Suppressed is the reason of the directive that silences the finding;
	// such a finding is recorded but not reported as a diagnostic.
	Suppressed string
}

// Evidence is what one package tells a rule's whole-run step: that Text (a
// test's name, a slug) at Pos belongs to Key (an opener's position, a server).
// It is plain data, so that it can be cached with a package's findings.
type Evidence struct {
	Key  string
	Pos  token.Position
	Text string
}

// Unread is a query whose verdict is out of the rule's reach.
type Unread struct {
	Pos token.Pos
	Why string
}

// Result is what the analyzer of a rule returns from Run.
type Result struct {
	Findings []Finding
	Evidence []Evidence
	Read     int // queries that were judged
	Unread   []Unread
	Notes    []Note
}

// A Reporter collects the findings of one rule in one package.
type Reporter struct {
	pass       *analysis.Pass
	severity   Severity
	directives *directive.Index
	result     Result
}

// NewReporter returns the reporter of the pass's analyzer, which must require
// directive.Analyzer. Findings without a severity of their own get the default.
func NewReporter(pass *analysis.Pass, severity Severity) *Reporter {
	return &Reporter{
		pass:       pass,
		severity:   severity,
		directives: pass.ResultOf[directive.Analyzer].(*directive.Index),
	}
}

// Report records the finding and, unless it is suppressed or a directive silences
// it, hands it to the driver. One of severity Info is recorded only, since
// drivers such as go vet fail on everything they are handed. Category and URL
// are the rule's.
func (r *Reporter) Report(f Finding) {
	rule := r.pass.Analyzer
	f.Category, f.URL = rule.Name, rule.URL
	if f.Severity == "" {
		f.Severity = r.severity
	}
	if f.Suppressed == "" {
		if d := r.directives.Silence(rule.Name, f.Pos); d != nil {
			f.Suppressed = d.Reason
		} else if f.Severity != Info {
			r.pass.Report(f.Diagnostic)
		}
	}
	r.result.Findings = append(r.result.Findings, f)
}

// Evidence records one piece of evidence for the rule's whole-run step, unless
// a directive silences the rule at pos.
func (r *Reporter) Evidence(key string, pos token.Pos, text string) {
	if r.directives.Silence(r.pass.Analyzer.Name, pos) != nil {
		return
	}
	r.result.Evidence = append(r.result.Evidence,
		Evidence{Key: key, Pos: r.pass.Fset.PositionFor(pos, false), Text: text})
}

// Read records that the rule judged so many more queries.
func (r *Reporter) Read(queries int) { r.result.Read += queries }

// Unread records a query that the rule could not judge.
func (r *Reporter) Unread(pos token.Pos, why string) {
	r.result.Unread = append(r.result.Unread, Unread{Pos: pos, Why: why})
}

// Result returns what was collected.
func (r *Reporter) Result() *Result { return &r.result }
