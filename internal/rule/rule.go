// Package rule makes rules: what all of them have in common stands here once.
package rule

import (
	"flag"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"

	"github.com/poollint/poollint/internal/config"
	"github.com/poollint/poollint/internal/directive"
	"github.com/poollint/poollint/internal/finding"
	"github.com/poollint/poollint/internal/lifecycle"
	"github.com/poollint/poollint/internal/ruledoc"
)

// A Spec is what a rule has of its own.
type Spec struct {
	Page     string               // the text of its doc.go, which also names it
	Severity finding.Severity     // of findings without one of their own
	Requires []*analysis.Analyzer // besides those of configuration and directives

	// Run judges one package. It is not called for packages that cannot touch a
	// database handle if Requires has lifecycle.Analyzer.
	Run func(pass *analysis.Pass, report *finding.Reporter)

	// See finding.Rule.
	Data   []any
	Finish func(findings []finding.Located, evidence []finding.Evidence) []finding.Located
	Notes  func(evidence []finding.Evidence) []finding.Note
}

// flagsSection is the section of the page on the rule's flags.
func flagsSection(name string, flags *flag.FlagSet) string {
	var b strings.Builder
	b.WriteString("\n# Flags\n\nEach overrides a key of the configuration, here with its default, for the whole run:\n")
	flags.VisitAll(func(f *flag.Flag) { fmt.Fprintf(&b, "  - -%s.%s: %s.\n", name, f.Name, f.Usage) })
	return b.String()
}

// New returns the rule. It panics if the page does not open with "Package NAME".
func New(s Spec) finding.Rule {
	doc := ruledoc.MustExtract(s.Page)
	name, _, _ := strings.Cut(doc, " ")
	flags := config.Flags(name)
	a := &analysis.Analyzer{
		Name:             name,
		Doc:              doc + flagsSection(name, &flags),
		URL:              ruledoc.URL(name),
		Requires:         append([]*analysis.Analyzer{config.Analyzer, directive.Analyzer}, s.Requires...),
		Flags:            flags,
		ResultType:       reflect.TypeFor[*finding.Result](),
		RunDespiteErrors: true,
	}
	handles := slices.Contains(s.Requires, lifecycle.Analyzer)
	a.Run = func(pass *analysis.Pass) (any, error) {
		report := finding.NewReporter(pass, s.Severity)
		settings := config.Of(pass)
		own := settings.Rule(name)
		if own.Severity == config.Off {
			return report.Result(), nil
		}
		report.Configure(finding.Settings{Severity: own.Configured(), Exempt: func(file string) bool {
			rel, ok := settings.Files.Rel(file)
			return ok && own.Exempts(rel) != ""
		}})
		if !handles || pass.ResultOf[lifecycle.Analyzer].(*lifecycle.Package).Reaches() {
			s.Run(pass, report)
		}
		return report.Result(), nil
	}
	return finding.Rule{Analyzer: a, Data: s.Data, Finish: s.Finish, Notes: s.Notes}
}
