package driver

import (
	"encoding/gob"
	"errors"
	"fmt"
	"go/token"
	"reflect"
	"runtime/debug"
	"slices"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/packages"

	"github.com/poollint/poollint/internal/config"
	"github.com/poollint/poollint/internal/finding"
)

type rule = finding.Rule

// An Outcome is what one rule found in one package. It is plain data.
type Outcome struct {
	Severity finding.Severity // that the configuration sets for the findings
	Findings []finding.Located
	Evidence []finding.Evidence
	Read     int // queries that were judged
	Unread   []Unread
}

// analysed is the result of analysing a unit.
type analysed struct {
	outcome map[string]Outcome // by rule
	facts   *facts
	notes   []finding.Note
	matches []config.Match
	read    *config.Files // what analyzers read
	reads   []*readList   // the same, as written to the cache
}

// A plan is the order in which the analyzers run on a package.
type plan struct {
	all   []*analysis.Analyzer // the rules and what they require, dependencies first
	facts []*analysis.Analyzer // those of them that make facts, and what these require
	rules map[*analysis.Analyzer]bool
}

func newPlan(rules []rule) *plan {
	p := &plan{rules: map[*analysis.Analyzer]bool{}}
	var ruleAnalyzers, factAnalyzers []*analysis.Analyzer
	for _, r := range rules {
		p.rules[r.Analyzer] = true
		ruleAnalyzers = append(ruleAnalyzers, r.Analyzer)
	}
	p.all = inOrder(ruleAnalyzers)
	for _, a := range p.all {
		if len(a.FactTypes) > 0 {
			factAnalyzers = append(factAnalyzers, a)
		}
		for _, fact := range a.FactTypes {
			gob.Register(fact)
		}
	}
	p.facts = inOrder(factAnalyzers)
	return p
}

// inOrder returns the analyzers and what they require, dependencies first.
func inOrder(analyzers []*analysis.Analyzer) (order []*analysis.Analyzer) {
	var visit func(a *analysis.Analyzer)
	visit = func(a *analysis.Analyzer) {
		if slices.Contains(order, a) {
			return
		}
		for _, req := range a.Requires {
			visit(req)
		}
		order = append(order, a)
	}
	for _, a := range analyzers {
		visit(a)
	}
	return order
}

// analyse runs the plan on a unit that is type-checked. Where types are incomplete, only
// analyzers with RunDespiteErrors run.
func (r *run) analyse(u *unit, rules bool) {
	u.outcome = map[string]Outcome{}
	u.facts = r.store.open(u)
	if u.seen != nil {
		u.facts.exportPackage(u.seen)
	}
	order := r.plan.facts
	if rules {
		order = r.plan.all
	}
	results := map[*analysis.Analyzer]any{}
	failed := map[*analysis.Analyzer]bool{}
	for _, a := range order {
		if u.illTyped && !a.RunDespiteErrors ||
			slices.ContainsFunc(a.Requires, func(req *analysis.Analyzer) bool { return failed[req] }) {
			failed[a] = true
			continue
		}
		result, err := protected(a, r.pass(a, u, results))
		if err != nil {
			failed[a] = true
			u.unsure = u.unsure || a == config.Analyzer // what was read to get there is not known
			if !u.illTyped {                            // else the error in the source is reported already
				u.analyzerFailed(a, err)
			}
			continue
		}
		results[a] = result
		if rules && r.plan.rules[a] {
			result := result.(*finding.Result)
			u.outcome[a.Name] = r.outcome(a, u, result)
			u.notes = append(u.notes, result.Notes...)
		}
	}
	u.facts.seal()
	if settings, ok := results[config.Analyzer].(*config.Config); ok && settings.Files != nil { // none where no file could be read
		u.read = settings.Files
		u.notes = append(u.notes, u.read.Notes()...)
		u.matches = u.read.Matches()
	}
}

// analyzerFailed records an analyzer's error: mistakes in the configuration with their
// positions, any other with the analyzer's name.
func (u *unit) analyzerFailed(a *analysis.Analyzer, err error) {
	mistakes := config.MistakesOf(err)
	for _, mistake := range mistakes {
		u.failf(fmt.Sprintf("%s:%d:%d", mistake.Path, mistake.Line, mistake.Column), "%s", mistake.Message)
	}
	if mistakes != nil {
		return
	}
	u.failf("", "%s: %v", a.Name, err)
	var crash *crash
	if errors.As(err, &crash) {
		u.failures[len(u.failures)-1].Stack = crash.stack
	}
}

// protected runs an analyzer; a panic becomes an error.
func protected(a *analysis.Analyzer, pass *analysis.Pass) (result any, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = &crash{p, debug.Stack()}
		}
	}()
	result, err = a.Run(pass)
	if err == nil && reflect.TypeOf(result) != a.ResultType {
		err = fmt.Errorf("internal error: the result is a %T, not a %v", result, a.ResultType)
	}
	return result, err
}

// crash is the error of an analyzer that panicked.
type crash struct {
	value any
	stack []byte
}

func (c *crash) Error() string { return fmt.Sprintf("internal error: panic: %v", c.value) }

func (r *run) pass(a *analysis.Analyzer, u *unit, results map[*analysis.Analyzer]any) *analysis.Pass {
	inputs := map[*analysis.Analyzer]any{}
	for _, req := range a.Requires {
		inputs[req] = results[req]
	}
	return &analysis.Pass{
		Analyzer:          a,
		Fset:              r.fset,
		Files:             u.files,
		OtherFiles:        u.OtherFiles,
		IgnoredFiles:      u.IgnoredFiles,
		Pkg:               u.types,
		TypesInfo:         u.info,
		TypesSizes:        r.sizes,
		Module:            module(u.Module),
		ResultOf:          inputs,
		Report:            func(analysis.Diagnostic) {}, // the rules' results have the findings
		ReadFile:          func(name string) ([]byte, error) { return r.readFile(u, name) },
		ImportObjectFact:  u.facts.object,
		ExportObjectFact:  u.facts.exportObject,
		ImportPackageFact: u.facts.pkg,
		ExportPackageFact: u.facts.exportPackage,
		AllObjectFacts:    func() []analysis.ObjectFact { return u.facts.allObjects(a.FactTypes) },
		AllPackageFacts:   func() []analysis.PackageFact { return u.facts.allPackages(a.FactTypes) },
	}
}

// readFile reads a file of the package, and no other.
func (r *run) readFile(u *unit, name string) ([]byte, error) {
	for _, files := range [][]string{u.GoFiles, u.OtherFiles, u.IgnoredFiles} {
		if slices.Contains(files, name) {
			return r.overlay.read(name)
		}
	}
	return nil, fmt.Errorf("%s is no file of %s", name, u.ID)
}

func module(m *packages.Module) *analysis.Module {
	if m == nil {
		return nil
	}
	return &analysis.Module{
		Path: m.Path, Version: m.Version, Replace: module(m.Replace), Time: m.Time,
		Main: m.Main, Indirect: m.Indirect, Dir: m.Dir, GoMod: m.GoMod, GoVersion: m.GoVersion,
	}
}

// outcome resolves the positions in a rule's result.
func (r *run) outcome(a *analysis.Analyzer, u *unit, result *finding.Result) Outcome {
	out := Outcome{Severity: result.Severity, Evidence: result.Evidence, Read: result.Read}
	for _, f := range result.Findings {
		located := finding.Located{
			Rule:       a.Name,
			Data:       f.Data,
			Message:    f.Message,
			Severity:   f.Severity,
			Tier:       f.Tier,
			Key:        f.Key,
			Helper:     f.Helper,
			Candidate:  f.Candidate,
			Cause:      f.Cause,
			Suppressed: f.Suppressed,
			URL:        f.URL,
			Package:    u.PkgPath,
			In:         f.In,
			Witnesses:  f.Witnesses,
			Pos:        r.position(f.Pos),
			End:        r.position(f.End),
		}
		for _, fix := range f.SuggestedFixes {
			located.Fixes = append(located.Fixes, r.fix(fix))
		}
		out.Findings = append(out.Findings, located)
	}
	for _, unread := range result.Unread {
		out.Unread = append(out.Unread, Unread{Rule: a.Name, Why: unread.Why, Pos: r.position(unread.Pos)})
	}
	return out
}

func (r *run) fix(fix analysis.SuggestedFix) finding.Fix {
	f := finding.Fix{Message: fix.Message}
	for _, edit := range fix.TextEdits {
		start, end := r.position(edit.Pos), r.position(edit.End)
		if !edit.End.IsValid() {
			end = start
		}
		f.Edits = append(f.Edits, finding.Edit{
			Path: start.Filename, Start: start.Offset, End: end.Offset, New: string(edit.NewText),
		})
	}
	return f
}

// position returns the position in the file that was read. Line directives do not count.
func (r *run) position(pos token.Pos) token.Position {
	if !pos.IsValid() {
		return token.Position{}
	}
	return r.fset.PositionFor(pos, false)
}
