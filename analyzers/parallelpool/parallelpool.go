package parallelpool

import (
	_ "embed"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"

	"github.com/poollint/poollint/internal/config"
	"github.com/poollint/poollint/internal/dbapi"
	"github.com/poollint/poollint/internal/directive"
	"github.com/poollint/poollint/internal/finding"
	"github.com/poollint/poollint/internal/lifecycle"
	"github.com/poollint/poollint/internal/parallel"
	"github.com/poollint/poollint/internal/ruledoc"
)

//go:embed doc.go
var doc string

// Analyzer is the rule.
var Analyzer = &analysis.Analyzer{
	Name:             "parallelpool",
	Doc:              ruledoc.MustExtract(doc),
	URL:              ruledoc.URL("parallelpool"),
	Run:              run,
	RunDespiteErrors: true,
	Requires:         []*analysis.Analyzer{config.Analyzer, directive.Analyzer, lifecycle.Analyzer, parallel.Analyzer},
	ResultType:       reflect.TypeFor[*finding.Result](),
}

func run(pass *analysis.Pass) (any, error) {
	report := finding.NewReporter(pass, finding.Warning)
	pkg := pass.ResultOf[lifecycle.Analyzer].(*lifecycle.Package)
	if !pkg.Reaches() {
		return report.Result(), nil
	}
	c := newChecker(pass, pkg)
	c.walk(report)
	if !config.Of(pass).Pool.SelfTest {
		c.pools(report)
	}
	c.wipes(report)
	c.tenants(report)
	c.held(report)
	return report.Result(), nil
}

// pools reports the openers that parallel tests reach one by one. A helper that
// tests of other packages reach is left to Finish.
func (c *checker) pools(report *finding.Reporter) {
	for _, site := range c.pkg.Sites {
		if site.Verdict != lifecycle.PerTest && site.Verdict != lifecycle.Unassigned {
			continue
		}
		tests := c.opens[site.Place]
		if len(tests) == 0 {
			report.Evidence(string(site.Place), site.Call.Pos(), candidate+what(site))
			continue
		}
		report.Report(finding.Finding{
			Diagnostic: analysis.Diagnostic{
				Pos: site.Call.Pos(), End: site.Call.End(),
				Message: message(what(site), tests),
			},
			Key: string(site.Place),
		})
	}
	for place, tests := range c.opens {
		if strings.HasPrefix(string(place), c.pass.Pkg.Path()+"/") {
			continue
		}
		for _, test := range tests {
			report.Evidence(string(place), c.decls[test].Name.Pos(), test)
		}
	}
}

// candidate marks the evidence of a helper, whose other evidence are the names
// of parallel tests.
const candidate = "opener: "

// what says what a site opens: "store.New opens a pool".
func what(site *lifecycle.Site) string {
	kind := "a pool"
	switch first := site.Opens[0]; {
	case len(site.Opens) > 1:
		kind = fmt.Sprintf("%d pools", len(site.Opens))
	case first.Kind == dbapi.Conn:
		kind = "a connection"
	}
	name := site.Opens[0].Opener
	if !site.Direct && site.Callee != nil {
		name = dbapi.NameOf(site.Callee)
	}
	return name.Short() + " opens " + kind
}

// maxNames is how many tests a message names.
const maxNames = 3

func message(what string, tests []string) string {
	whom := "this parallel test"
	if len(tests) > 1 {
		whom = fmt.Sprintf("each of %d parallel tests (%s)", len(tests), enumerate(tests))
	} else if len(tests) == 1 {
		whom = "the parallel test " + tests[0]
	}
	return fmt.Sprintf("%s for %s, so that -parallel multiplies its connections; open one a process and share it", what, whom)
}

func enumerate(names []string) string {
	shown := strings.Join(names[:min(len(names), maxNames)], ", ")
	if len(names) > maxNames {
		shown += ", …"
	}
	return shown
}

// Finish reports the helpers that parallel tests of other packages reach.
func Finish(findings []finding.Located, evidence []finding.Evidence) []finding.Located {
	tests := map[string][]string{}
	for _, e := range evidence {
		if !strings.HasPrefix(e.Text, candidate) && !slices.Contains(tests[e.Key], e.Text) {
			tests[e.Key] = append(tests[e.Key], e.Text)
		}
	}
	done := map[string]bool{}
	for _, f := range findings {
		done[f.Key] = true
	}
	for _, e := range evidence {
		what, ok := strings.CutPrefix(e.Text, candidate)
		if !ok || len(tests[e.Key]) == 0 || done[e.Key] {
			continue
		}
		done[e.Key] = true
		path, _, _ := strings.Cut(e.Key, ".go:")
		findings = append(findings, finding.Located{
			Rule:     Analyzer.Name,
			Message:  message(what, tests[e.Key]),
			Severity: finding.Warning,
			Key:      e.Key,
			URL:      Analyzer.URL,
			Package:  path[:strings.LastIndex(path, "/")],
			Pos:      e.Pos,
			End:      e.Pos,
		})
	}
	return findings
}
