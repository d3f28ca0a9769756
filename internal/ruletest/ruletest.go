// Package ruletest runs a rule over testdata as the command does, with our own
// driver: it lists, type-checks and analyses the packages once and ends with the
// rule's whole-run step. What comes of it is compared with comments in the code:
//
//	db, err := sql.Open("postgres", dsn) // want `^sql.Open opens a pool`
//	db := dbtest.Open(t)                 // want info:"decided" note:"not followed"
//	func open() *sql.DB {                // want open:"opens sql.Open"
//
// A string is a regular expression that a finding's message on that line must
// match. With a name before it, it is for something else: info for a finding of
// severity info, suppressed for the reason of the directive that silences one,
// note for a note, the name of an object for a fact about it, package for a fact
// about the package, any other name for what a test of a fact analyzer says of
// its result (see [Facts]). A line may hold several; "want +1 …" is for the next
// line. What is found and not wanted, and what is wanted and not found, fails
// the test, but for findings that only info and suppressed name, and facts about
// packages: those may go without saying.
//
// The files are those of a module, or of txtar archives that are laid out in it:
// see [Run].
package ruletest

import (
	"path/filepath"
	"slices"
	"testing"

	"github.com/poollint/poollint/internal/config"
	"github.com/poollint/poollint/internal/dbapi"
	"github.com/poollint/poollint/internal/driver"
	"github.com/poollint/poollint/internal/finding"
)

// Run runs the rule over packages of the module in the directory dir and compares
// what it finds with what the code wants. It returns the result of the run, whose
// paths are those of the copy that was analysed.
//
// A pattern is one of go list's, relative to dir, or a glob of txtar archives,
// relative to the test. An archive NAME.txtar is laid out as the folder NAME of
// the module, so that its packages can import all that the module requires; if no
// other patterns are given, the module has nothing but archives and is named
// example.com. All is loaded at once: give one Run all that a rule is to be tested on.
//
// The whole-run step sees one case at a time: a folder of an archive, or one of
// the module, with all below it.
//
// Where a file.go.golden stands beside file.go, it is what the fixes of the
// findings make of it, or a txtar archive: what those do with the message that a
// section is named for. Once a folder has one, all its fixes need one.
func Run(t *testing.T, rule finding.Rule, dir string, patterns ...string) *driver.Result {
	t.Helper()
	m, err := layOut(t.TempDir(), dir, patterns)
	if err != nil {
		t.Fatal(err)
	}
	result, errs := m.run(t, rule)
	for _, err := range errs {
		t.Error(err)
	}
	return result
}

// run analyses the module and returns all that is not as the code wants it.
func (m *module) run(t testing.TB, rule finding.Rule) (*driver.Result, []error) {
	settings, err := config.Load(m.dir, false)
	if err != nil {
		return nil, []error{err}
	}
	result, err := driver.Run(t.Context(), driver.Options{
		Dir:       m.dir,
		Patterns:  m.patterns,
		Tests:     true,
		Rules:     []finding.Rule{m.byCase(rule)},
		Libraries: libraries(settings),
	})
	if err != nil {
		return nil, []error{err}
	}
	var errs []error
	for _, failure := range result.Failures {
		errs = append(errs, m.rename(failure))
	}
	return result, slices.Concat(errs, m.compare(result), m.compareFixes(result.Findings))
}

// libraries returns the packages that make others worth looking at, as the command does.
func libraries(c *config.Config) []string {
	paths := append(dbapi.Packages(), dbapi.RunPackages()...)
	for _, name := range slices.Concat(c.API.Openers, c.API.Queries) {
		paths = append(paths, dbapi.Name(name).Package())
	}
	return paths
}

// byCase has the rule's whole-run step see one case at a time.
func (m *module) byCase(rule finding.Rule) finding.Rule {
	finish := rule.Finish
	if finish == nil {
		return rule
	}
	rule.Finish = func(found []finding.Located, evidence []finding.Evidence) (all []finding.Located) {
		type part struct {
			found    []finding.Located
			evidence []finding.Evidence
		}
		parts := map[string]part{}
		for _, f := range found {
			p := parts[m.caseOf(f.Pos.Filename)]
			p.found = append(p.found, f)
			parts[m.caseOf(f.Pos.Filename)] = p
		}
		for _, e := range evidence {
			p := parts[m.caseOf(e.Pos.Filename)]
			p.evidence = append(p.evidence, e)
			parts[m.caseOf(e.Pos.Filename)] = p
		}
		for _, p := range parts {
			all = append(all, finish(p.found, p.evidence)...)
		}
		return all
	}
	return rule
}

// caseOf returns the folder that is one case.
func (m *module) caseOf(file string) string {
	for dir := filepath.Dir(file); ; dir = filepath.Dir(dir) {
		if above := filepath.Dir(dir); above == m.dir && !m.archives[dir] || m.archives[above] || above == dir {
			return dir
		}
	}
}
