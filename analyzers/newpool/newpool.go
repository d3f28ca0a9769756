package newpool

import (
	_ "embed"
	"fmt"
	"reflect"
	"strings"

	"golang.org/x/tools/go/analysis"

	"github.com/poollint/poollint/internal/config"
	"github.com/poollint/poollint/internal/dbapi"
	"github.com/poollint/poollint/internal/directive"
	"github.com/poollint/poollint/internal/finding"
	"github.com/poollint/poollint/internal/lifecycle"
	"github.com/poollint/poollint/internal/ruledoc"
)

//go:embed doc.go
var doc string

// Analyzer is the rule.
var Analyzer = &analysis.Analyzer{
	Name:             "newpool",
	Doc:              ruledoc.MustExtract(doc),
	URL:              ruledoc.URL("newpool"),
	Run:              run,
	RunDespiteErrors: true,
	Requires:         []*analysis.Analyzer{config.Analyzer, directive.Analyzer, lifecycle.Analyzer},
	ResultType:       reflect.TypeFor[*finding.Result](),
	Flags: config.Flags(map[string]string{
		"helpers":   "pool.helpers",
		"self-test": "pool.self_test",
	}),
}

func run(pass *analysis.Pass) (any, error) {
	report := finding.NewReporter(pass, finding.Warning)
	cfg := config.Of(pass)
	if cfg.Pool.SelfTest {
		return report.Result(), nil
	}
	pkg := pass.ResultOf[lifecycle.Analyzer].(*lifecycle.Package)
	if pkg.Cut.IsValid() {
		report.Note(pass.Fset.PositionFor(pkg.Cut, false), "too many calls lead to what opens pools; not all were followed to the tests that make them")
	}
	helpers := parseHelpers(cfg.Pool.Helpers)
	for _, site := range pkg.Sites {
		if helpers.contain(pass, site) {
			continue
		}
		switch site.Verdict {
		case lifecycle.PerTest, lifecycle.Unassigned:
			helper := helpers.choose(pass, site)
			report.Report(finding.Finding{
				Diagnostic: analysis.Diagnostic{
					Pos: site.Call.Pos(), End: site.Call.End(),
					Message:        message(site, helper),
					SuggestedFixes: fixes(pass, site, helper),
				},
				Key: string(site.Place),
			})
			if at := site.Helper(); at != "" {
				report.Belongs(string(site.Place), site.Call.Pos(), string(at))
			}
		}
	}
	for _, site := range pkg.Helpers {
		if !helpers.contain(pass, site) {
			report.Candidate(finding.Finding{
				Diagnostic: analysis.Diagnostic{
					Pos: site.Call.Pos(), End: site.Call.End(),
					Message: message(site, helpers.choose(pass, site)),
				},
				Key: string(site.Place),
			})
		}
	}
	for _, test := range pkg.Tests {
		if test.Decl == nil {
			continue
		}
		for _, open := range test.Opens {
			report.Evidence(string(open.At), test.Decl.Name.Pos(), test.Name)
		}
	}
	return report.Result(), nil
}

// message words a finding as "<what> opens a pool for <whom>; <remedy>", which
// Finish takes apart again.
func message(site *lifecycle.Site, helper dbapi.Name) string {
	if site.Verdict == lifecycle.Unassigned {
		return fmt.Sprintf("%s, but the package variable %s that should share it is never assigned; assign with = instead of :=",
			what(site), site.Meant.Name())
	}
	whom := everyTest
	if site.InTest { // else what is known depends on the variant of the package
		own := site.Func != nil && len(site.Tests) == 1 && strings.HasSuffix(site.Tests[0], site.Func.Name.Name)
		whom = testsOf(site.Tests, own)
	}
	return what(site) + forWhom + whom + remedyMark + remedy(site, helper)
}

const (
	forWhom    = " for "
	everyTest  = "each test"
	remedyMark = "; "
	maxNames   = 3 // tests that a message names
)

// what says what the call opens: "store.New opens a pool (pgxpool.New)".
func what(site *lifecycle.Site) string {
	first := site.Opens[0]
	kind := "a pool"
	if first.Kind == dbapi.Conn {
		kind = "a connection"
	}
	opener := first.Opener.Short()
	if site.Direct || site.Callee == nil {
		return fmt.Sprintf("%s opens %s", opener, kind)
	}
	return fmt.Sprintf("%s opens %s (%s)", dbapi.NameOf(site.Callee).Short(), kind, opener)
}

// testsOf names the tests that reach an opener; own says that it stands in the
// only one.
func testsOf(tests []string, own bool) string {
	switch {
	case own:
		return "this test alone"
	case len(tests) == 0:
		return everyTest
	case len(tests) == 1:
		return tests[0] + " alone"
	}
	names := strings.Join(tests[:min(len(tests), maxNames)], ", ")
	if len(tests) > maxNames {
		names += ", …"
	}
	return fmt.Sprintf("each of %d tests (%s)", len(tests), names)
}

// Finish adds the tests of all packages to the messages: a helper is reached
// from packages that its own does not know. One that does not take the running test
// is only seen to be one here; it is reported in place of the tests that call it.
func Finish(findings []finding.Located, evidence []finding.Evidence) []finding.Located {
	tests := map[string][]string{} // by opener
	seen := map[finding.Evidence]bool{}
	for _, e := range evidence {
		if !seen[e] { // a package may have been analysed in two variants
			seen[e] = true
			tests[e.Key] = append(tests[e.Key], e.Text)
		}
	}
	findings, gathered := finding.Gather(findings, evidence)
	for place, keys := range gathered {
		for _, key := range keys {
			tests[place] = append(tests[place], tests[key]...)
		}
	}
	for i, f := range findings {
		start, rest, ok := strings.Cut(f.Message, forWhom)
		at := strings.LastIndex(rest, remedyMark)
		if names := tests[f.Key]; ok && at >= 0 && len(names) > 0 && !strings.HasPrefix(rest, "this test") {
			findings[i].Message = start + forWhom + testsOf(names, false) + rest[at:]
		}
	}
	return findings
}
