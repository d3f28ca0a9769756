// Package finding carries what the rules report, and what go/analysis has no
// field for: a severity, a tier, suppression, and evidence for whole-run steps.
//
// What a finding says is data until the last moment. A rule reports Data; its
// whole-run step may change it; its Message method makes the sentence: when the
// finding is reported, for drivers that see one package at a time, and once more
// after the whole-run step.
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

// Settings are what the configuration says of a rule in one package.
type Settings struct {
	Severity Severity               // of findings that would fail the run; "" leaves them as they are
	Exempt   func(file string) bool // whether the rule leaves a file alone; may be nil
}

// Instead returns the severity in place of the rule's own one: the configured one, where
// that is one that fails the run.
func (configured Severity) Instead(own Severity) Severity {
	if configured == "" || own == Info {
		return own
	}
	return configured
}

// Data is what a finding says, not yet in words. It is cached with a package's
// findings: its type is plain (gob can hold it, by value) and listed in Rule.Data.
type Data interface {
	// Message words the finding: lower case, one line, the thing and the remedy.
	Message() string
}

// Grouped is data that long reports list under a heading: what the finding is about.
type Grouped interface {
	Data
	Group() string
}

// Text is data of a rule that has nothing to say but a fixed sentence.
type Text string

// Message returns the text.
func (t Text) Message() string { return string(t) }

// Needless is a fixed sentence about something that has no effect. Editors fade it.
type Needless string

// Message returns the text.
func (n Needless) Message() string { return string(n) }

// A Finding is a diagnostic with its severity. The rule's name stands in Category.
type Finding struct {
	analysis.Diagnostic // its message is Data's
	Data                Data
	Severity            Severity
	Tier                string // tenantfilter's tier; empty for other rules
	Key                 string // joins the finding with evidence of the same key; may be empty

	// A candidate is told only in place of the findings that have its key as their
	// Helper. See Gather.
	Candidate bool
	Helper    string
	Cause     string // what has one cause is told once in a run, see Join; may be empty

	In        string    // the function that it stands in, see Located; Report sets it
	Witnesses []Witness // where else in the package it rests on

	// Suppressed is the reason of the directive that silences the finding;
	// such a finding is recorded but not reported as a diagnostic.
	Suppressed string
}

// At returns a finding at a node.
func At(at analysis.Range, data Data, fixes ...analysis.SuggestedFix) Finding {
	return Finding{Diagnostic: analysis.Diagnostic{Pos: at.Pos(), End: at.End(), SuggestedFixes: fixes}, Data: data}
}

// Evidence is what one package tells a rule's whole-run step: that Data (a
// test's name, a package) at Pos belongs to Key (an opener's position, a slug).
// It is cached with a package's findings: the type of Data is plain (gob can hold
// it, by value) and listed in Rule.Data.
type Evidence struct {
	Key  string
	Pos  token.Position
	In   string // the function that it stands in, as Located.In
	Data any
}

// Unread is a query whose verdict is out of the rule's reach.
type Unread struct {
	Pos token.Pos
	Why string
}

// Result is what the analyzer of a rule returns from Run.
type Result struct {
	Severity Severity // that the configuration sets, see Settings; not yet that of the findings
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
	settings   Settings
	directives *directive.Index
	files      files
	result     Result
}

// NewReporter returns the reporter of the pass's analyzer, which must require
// directive.Analyzer. Findings without a severity of their own get the default.
func NewReporter(pass *analysis.Pass, severity Severity) *Reporter {
	return &Reporter{
		pass:       pass,
		severity:   severity,
		directives: pass.ResultOf[directive.Analyzer].(*directive.Index),
		files:      filesOf(pass),
	}
}

// Configure has the reporter follow the settings.
func (r *Reporter) Configure(s Settings) { r.settings, r.result.Severity = s, s.Severity }

// exempt reports whether the settings leave alone what is at pos.
func (r *Reporter) exempt(pos token.Pos) bool {
	return r.settings.Exempt != nil && pos.IsValid() && r.settings.Exempt(r.pass.Fset.PositionFor(pos, false).Filename)
}

// Report records the finding and, unless it is suppressed or a directive silences
// it, hands it to the driver. One of severity Info is recorded only, since
// drivers such as go vet fail on everything they are handed. One in an exempt file
// is dropped. Category and URL are the rule's.
func (r *Reporter) Report(f Finding) {
	rule := r.pass.Analyzer
	f.Category, f.URL = rule.Name, rule.URL
	f.Message, f.In = f.Data.Message(), r.files.around(f.Pos)
	if f.Severity == "" {
		f.Severity = r.severity
	}
	if f.Suppressed == "" {
		if d := r.directives.Silence(rule.Name, f.Pos); d != nil {
			f.Suppressed = d.Reason
		}
	}
	if r.exempt(f.Pos) {
		return
	}
	if f.Suppressed == "" && r.settings.Severity.Instead(f.Severity) != Info {
		r.pass.Report(f.Diagnostic)
	}
	r.result.Findings = append(r.result.Findings, f)
}

// Evidence records one piece of evidence for the rule's whole-run step, unless
// a directive silences the rule at pos or the file is exempt.
func (r *Reporter) Evidence(key string, pos token.Pos, data any) {
	if r.directives.Silence(r.pass.Analyzer.Name, pos) != nil || r.exempt(pos) {
		return
	}
	at := r.Witness(pos)
	r.result.Evidence = append(r.result.Evidence, Evidence{Key: key, Pos: at.Pos, In: at.In, Data: data})
}

// Read records that the rule judged so many more queries.
func (r *Reporter) Read(queries int) { r.result.Read += queries }

// Unread records a query that the rule could not judge, unless its file is exempt.
func (r *Reporter) Unread(pos token.Pos, why string) {
	if r.exempt(pos) {
		return
	}
	r.result.Unread = append(r.result.Unread, Unread{Pos: pos, Why: why})
}

// Result returns what was collected.
func (r *Reporter) Result() *Result { return &r.result }
