package parallelpool

import (
	_ "embed"
	"slices"

	"golang.org/x/tools/go/analysis"

	"github.com/poollint/poollint/internal/config"
	"github.com/poollint/poollint/internal/dbapi"
	"github.com/poollint/poollint/internal/finding"
	"github.com/poollint/poollint/internal/flow"
	"github.com/poollint/poollint/internal/isolation"
	"github.com/poollint/poollint/internal/lifecycle"
	"github.com/poollint/poollint/internal/parallel"
	"github.com/poollint/poollint/internal/rule"
)

//go:embed doc.go
var page string

// Rule is the rule, Analyzer its part for other drivers.
var (
	Rule = rule.New(rule.Spec{
		Page:     page,
		Severity: finding.Warning,
		Requires: []*analysis.Analyzer{lifecycle.Analyzer, parallel.Analyzer, isolation.Analyzer, flow.Analyzer},
		Run:      run,
		Data:     []any{opened{}, wiped{}, shared{}, held{}, helper{}, test("")},
		Finish:   finish,
	})
	Analyzer = Rule.Analyzer
)

func run(pass *analysis.Pass, report *finding.Reporter) {
	c := newChecker(pass, pass.ResultOf[lifecycle.Analyzer].(*lifecycle.Package))
	c.walk(report)
	if !config.Of(pass).Pool.SelfTest {
		c.pools(report)
	}
	c.wipes(report)
	c.shareTenants(report)
	c.held(report)
}

// The evidence, by the place of an opener: helper says that no parallel test of its own
// package reaches it, test that a parallel test of another package does.
type (
	helper struct {
		Package string
		Opens   opened
	}
	test string // its name
)

// pools reports the openers that parallel tests reach one by one. A helper that
// tests of other packages reach is left to finish.
func (c *checker) pools(report *finding.Reporter) {
	for _, site := range c.pkg.Sites {
		if site.Verdict != lifecycle.PerTest && site.Verdict != lifecycle.Unassigned {
			continue
		}
		opens := dataOf(site)
		if !c.single {
			opens.Tests = c.opens[site.Place]
		}
		if len(opens.Tests) == 0 {
			report.Evidence(string(site.Place), site.Call.Pos(), helper{c.pass.Pkg.Path(), opens})
			continue
		}
		f := finding.At(site.Call, opens)
		f.Key = string(site.Place)
		report.Report(f)
	}
	for place, tests := range c.opens {
		if c.single || place.In(c.pass.Pkg) {
			continue
		}
		for _, name := range tests {
			report.Evidence(string(place), c.decls[name].Name.Pos(), test(name))
		}
	}
}

// dataOf returns what a site opens.
func dataOf(site *lifecycle.Site) opened {
	pools, conns := site.Pools()
	o := opened{By: site.Opens[0].Opener, Count: pools}
	if pools == 0 {
		o.Count, o.Conn = conns, true
	}
	if !site.Direct && site.Callee != nil {
		o.By = dbapi.NameOf(site.Callee)
	}
	return o
}

// finish reports the helpers that parallel tests of other packages reach.
func finish(findings []finding.Located, evidence []finding.Evidence) []finding.Located {
	tests := map[string][]string{}
	for _, e := range evidence {
		if name, ok := e.Data.(test); ok && !slices.Contains(tests[e.Key], string(name)) {
			tests[e.Key] = append(tests[e.Key], string(name))
		}
	}
	done := map[string]bool{}
	for _, f := range findings {
		done[f.Key] = true
	}
	for _, e := range evidence {
		h, ok := e.Data.(helper)
		if !ok || len(tests[e.Key]) == 0 || done[e.Key] {
			continue
		}
		done[e.Key] = true
		h.Opens.Tests = tests[e.Key]
		findings = append(findings, finding.Located{
			Data: h.Opens, Severity: finding.Warning, Key: e.Key, Package: h.Package, Pos: e.Pos, End: e.Pos,
		})
	}
	return findings
}
