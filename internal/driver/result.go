package driver

import (
	"cmp"
	"fmt"
	"go/token"
	"maps"
	"reflect"
	"regexp"
	"slices"
	"strconv"
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
	Broken   map[string]string // directories of packages that do not compile, with the first error
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

// Place returns the file and the line of the failure's position.
func (f Failure) Place() (file string, line int) {
	m := placed.FindStringSubmatch(f.Pos)
	if m == nil {
		return f.Pos, 0
	}
	line, _ = strconv.Atoi(m[2])
	return m[1], line
}

var placed = regexp.MustCompile(`^(.+?):(\d+)(?::\d+)?$`)

func (f Failure) Error() string {
	if f.Pos == "" {
		return f.Package + ": " + f.Message
	}
	return f.Pos + ": " + f.Message
}

// ofModule matches why nothing of a module can be imported: what the go command says of the module.
var ofModule = regexp.MustCompile(`^could not import .*: (\S+@v\S+: .*)\)$`)

// cause is what failures have in common of which one is told.
func (f Failure) cause() string {
	if why := ofModule.FindStringSubmatch(f.Message); why != nil {
		return why[1]
	}
	return f.Pos + f.Message
}

// ruleIn is a rule in a package.
type ruleIn struct{ rule, pkg string }

// gathered is what rules have found in packages, by rule.
type gathered struct {
	findings   map[string][]finding.Located
	evidence   map[string][]finding.Evidence
	configured map[ruleIn]finding.Severity
}

func newGathered() gathered {
	return gathered{map[string][]finding.Located{}, map[string][]finding.Evidence{}, map[ruleIn]finding.Severity{}}
}

// add adds what is found in a unit.
func (g gathered) add(u *unit, outcome map[string]Outcome) {
	for rule, out := range outcome {
		g.configured[ruleIn{rule, u.PkgPath}] = out.Severity
		g.findings[rule] = append(g.findings[rule], out.Findings...)
		g.evidence[rule] = append(g.evidence[rule], out.Evidence...)
	}
}

// finish runs the rules' whole-run steps, and returns the findings, sorted.
func (g gathered) finish(rules []finding.Rule) (all []finding.Located) {
	for _, rule := range rules {
		found, evidence := toldOnce(sorted(g.findings[rule.Name])), sortedEvidence(g.evidence[rule.Name])
		g.evidence[rule.Name] = evidence
		finding.Attest(found, evidence)
		if rule.Finish != nil {
			found = finished(rule, found, evidence)
		}
		for i, is := range found {
			found[i].Witnesses = finding.SortWitnesses(is.Witnesses)
			found[i].Severity = g.configured[ruleIn{is.Rule, is.Package}].Instead(is.Severity)
		}
		all = append(all, found...)
	}
	return toldOnce(sorted(all))
}

// found is what the rules have found in the unit, now or in an earlier run.
func (u *unit) found() map[string]Outcome {
	if u.entry != nil {
		return u.entry.Outcome
	}
	return u.outcome
}

// result joins the outcomes of the units and runs the rules' whole-run steps.
func (r *run) result(rules []finding.Rule) *Result {
	result := &Result{Broken: map[string]string{}}
	listed, analysed, files, modules := map[string]bool{}, map[string]bool{}, map[string]bool{}, map[string]bool{}
	found := newGathered()
	failed := map[string]bool{}
	for _, u := range r.units {
		for i, f := range u.failures {
			if source := i < u.listed || strings.Contains(f.Pos, ".go:"); source && result.Broken[u.Dir] == "" {
				result.Broken[u.Dir] = f.Message
			}
			if cause := f.cause(); (u.root || u.source) && !failed[cause] {
				failed[cause] = true
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
		found.add(u, u.found())
		for _, out := range u.found() {
			result.Read += out.Read
			result.Unread = append(result.Unread, out.Unread...)
		}
	}
	result.Findings = found.finish(rules)
	for _, rule := range rules {
		if rule.Notes != nil {
			result.Notes = append(result.Notes, rule.Notes(found.evidence[rule.Name])...)
		}
	}
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
