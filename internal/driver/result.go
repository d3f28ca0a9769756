package driver

import (
	"cmp"
	"fmt"
	"go/token"
	"maps"
	"reflect"
	"slices"
	"strings"

	"github.com/poollint/poollint/internal/finding"
	"github.com/poollint/poollint/internal/redact"
)

// A Result is the result of a run.
type Result struct {
	Findings []finding.Located // sorted by path, line, column, rule; suppressed ones too
	Read     int               // queries that were judged
	Unread   []Unread          // those that could not be, sorted by position
	Notes    []finding.Note    // what was not looked at; sorted
	Warnings []finding.Note    // what is wrong with the configuration; sorted
	Failures []Failure         // why something could not be analysed
	Listed   []string          // import paths of the packages that the patterns match, sorted
	Analysed []string          // those of them that were analysed
	Files    []string          // their Go files
	Modules  []string          // directories of the user's own modules, and of packages without one, sorted
	Skipped  []Skipped         // test files that build tags leave out
}

// Unread is a query that a rule could not judge.
type Unread struct {
	Rule, Why string
	Pos       token.Position
}

// A Failure says why a package could not be analysed, whole or in part.
type Failure struct {
	Package string
	Pos     string // "file:line:column", or empty
	Message string
	Stack   []byte // of a panic
}

func (f Failure) Error() string {
	if f.Pos == "" {
		return f.Package + ": " + f.Message
	}
	return f.Pos + ": " + f.Message
}

// ruleIn is a rule in a package.
type ruleIn struct{ rule, pkg string }

// result joins the outcomes of the units and runs the rules' whole-run steps.
func (r *run) result(rules []finding.Rule) *Result {
	result := &Result{}
	listed, analysed, files, modules := map[string]bool{}, map[string]bool{}, map[string]bool{}, map[string]bool{}
	findings := map[string][]finding.Located{}
	evidence := map[string][]finding.Evidence{}
	configured := map[ruleIn]finding.Severity{}
	failed := map[string]bool{}
	for _, u := range r.units {
		for _, f := range u.failures {
			if (u.root || u.source) && !failed[f.Pos+f.Message] {
				failed[f.Pos+f.Message] = true
				result.Failures = append(result.Failures, f)
			}
		}
		if u.entry != nil {
			u.notes, u.matches = u.entry.Notes, u.entry.Matches
		}
		result.Notes = append(result.Notes, u.notes...)
		if !u.root {
			continue
		}
		listed[u.PkgPath] = true
		if u.ours() {
			modules[u.moduleDir()] = true
		}
		if u.source && !u.illTyped {
			analysed[u.PkgPath] = true
			for _, file := range u.GoFiles {
				files[file] = true
			}
		}
		outcome := u.outcome
		if u.entry != nil {
			outcome = u.entry.Outcome
		}
		for rule, out := range outcome {
			configured[ruleIn{rule, u.PkgPath}] = out.Severity
			findings[rule] = append(findings[rule], out.Findings...)
			evidence[rule] = append(evidence[rule], out.Evidence...)
			result.Read += out.Read
			result.Unread = append(result.Unread, out.Unread...)
		}
	}
	for _, rule := range rules {
		found, evidence := sorted(findings[rule.Name]), sortedEvidence(evidence[rule.Name])
		finding.Attest(found, evidence)
		if rule.Finish != nil {
			found = finished(rule, found, evidence)
		}
		for i, f := range found {
			found[i].Witnesses = finding.SortWitnesses(f.Witnesses)
		}
		if rule.Notes != nil {
			result.Notes = append(result.Notes, rule.Notes(evidence)...)
		}
		for i, f := range found {
			found[i].Severity = configured[ruleIn{f.Rule, f.Package}].Instead(f.Severity)
		}
		result.Findings = append(result.Findings, found...)
	}
	result.Findings = sorted(result.Findings)
	slices.SortFunc(result.Unread, func(a, b Unread) int {
		return cmp.Or(comparePos(a.Pos, b.Pos), strings.Compare(a.Rule, b.Rule), strings.Compare(a.Why, b.Why))
	})
	result.Unread = slices.Compact(result.Unread)
	result.Notes = finding.SortNotes(result.Notes)
	result.Warnings = r.unmatched(r.scopes())
	result.Listed = slices.Sorted(maps.Keys(listed))
	result.Analysed = slices.Sorted(maps.Keys(analysed))
	result.Modules = slices.Sorted(maps.Keys(modules))
	result.Files = slices.Sorted(maps.Keys(files))
	return result
}

// finished returns what the rule's whole-run step makes of its findings, worded.
func finished(rule finding.Rule, found []finding.Located, evidence []finding.Evidence) []finding.Located {
	found = rule.Finish(found, evidence)
	for i := range found {
		f := &found[i]
		f.Rule, f.URL, f.Message = rule.Name, rule.URL, f.Data.Message()
	}
	return sorted(found)
}

// sorted returns the findings by position and rule, each once.
func sorted(findings []finding.Located) []finding.Located {
	compare := func(a, b finding.Located) int {
		return cmp.Or(comparePos(a.Pos, b.Pos), strings.Compare(a.Rule, b.Rule), strings.Compare(a.Message, b.Message))
	}
	slices.SortStableFunc(findings, compare)
	return slices.CompactFunc(findings, func(a, b finding.Located) bool { return compare(a, b) == 0 })
}

// sortedEvidence returns the evidence by position and key, each once.
func sortedEvidence(evidence []finding.Evidence) []finding.Evidence {
	compare := func(a, b finding.Evidence) int {
		return cmp.Or(comparePos(a.Pos, b.Pos), strings.Compare(a.Key, b.Key))
	}
	slices.SortStableFunc(evidence, compare)
	var once []finding.Evidence
	first := 0 // of those with the same position and key
	for _, e := range evidence {
		if first < len(once) && compare(once[first], e) != 0 {
			first = len(once)
		}
		if !slices.ContainsFunc(once[first:], func(o finding.Evidence) bool { return reflect.DeepEqual(o.Data, e.Data) }) {
			once = append(once, e)
		}
	}
	return once
}

func comparePos(a, b token.Position) int {
	return cmp.Or(strings.Compare(a.Filename, b.Filename), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
}

// failf records why u, or a part of it, could not be analysed. The message is redacted,
// since the type checker may quote a literal with a password.
func (u *unit) failf(pos, format string, args ...any) {
	message := fmt.Sprintf(format, args...)
	if len(message) > maxMessage {
		message = strings.ToValidUTF8(message[:maxMessage], "") + "…"
	}
	u.failures = append(u.failures, Failure{Package: u.PkgPath, Pos: pos, Message: redact.Code(message)})
}

// maxMessage bounds a failure's message, in bytes: it may quote source of any length.
const maxMessage = 2_000
