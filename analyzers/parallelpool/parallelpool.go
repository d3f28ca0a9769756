package parallelpool

import (
	"cmp"
	_ "embed"
	"go/token"
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
		Data:     []any{opened{}, wiped{}, shared{}, held{}, helper{}, test{}, lead{}, opener("")},
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
// package reaches it, test that a parallel test does, lead that this call leads such a test to
// it, or makes it parallel. By the binary: the tests in it that open something.
type (
	helper struct {
		Package string
		Opens   opened
	}
	test struct {
		Name   string
		Single string // as in opened, of the package's tests
	}
	lead   struct{}
	opener string
)

// Attests reports that a finding of the opener rests on the test.
func (test) Attests() bool { return true }

// Attests reports that a finding of the opener rests on the call.
func (lead) Attests() bool { return true }

// pools reports the openers that parallel tests reach one by one. A helper that
// tests of other packages reach is left to finish.
func (c *checker) pools(report *finding.Reporter) {
	for _, site := range c.pkg.Sites {
		suites := site.Suite && len(c.opens[site.Place]) > 1 // at once
		if site.Verdict != lifecycle.PerTest && site.Verdict != lifecycle.Unassigned && !suites {
			continue
		}
		opens := dataOf(site)
		opens.Tests = c.opens[site.Place]
		if len(opens.Tests) == 0 {
			report.Evidence(string(site.Place), site.Call.Pos(), helper{c.pass.Pkg.Path(), opens})
			continue
		}
		opens.Single = c.single
		f := finding.At(site.Call, opens)
		f.Key = string(site.Place)
		if opens.Single != "" {
			f.Severity = finding.Info
		}
		report.Report(f)
	}
	for place, tests := range c.opens {
		for _, name := range tests {
			report.Evidence(string(place), c.named[name].Func.Decl.Name.Pos(), test{name, c.single})
			for _, call := range c.makingParallel(name) {
				report.Evidence(string(place), call, lead{})
			}
		}
	}
	for l := range c.leads {
		report.Evidence(string(l.to), l.by.Pos(), lead{})
	}
	for _, tests := range c.opens {
		for _, name := range tests {
			report.Evidence(ofParallel(c.binary()), c.named[name].Func.Decl.Name.Pos(), opener(name))
		}
	}
	for _, t := range c.pkg.Tests {
		if t.Decl != nil {
			report.Evidence(t.Binary, t.Decl.Name.Pos(), opener(t.Name))
		}
	}
}

// makingParallel returns the calls that make a test a parallel one.
func (c *checker) makingParallel(test string) (all []token.Pos) {
	for _, call := range c.named[test].Func.Calls {
		if c.parallel.IsParallel(call) {
			all = append(all, call.Expr.Pos())
		}
	}
	return all
}

// witnesses returns where tests begin, and where they are made parallel.
func (c *checker) witnesses(report *finding.Reporter, tests []string) (all []finding.Witness) {
	for _, name := range tests {
		for _, at := range append(c.makingParallel(name), c.named[name].Func.Decl.Name.Pos()) {
			all = append(all, report.Witness(at))
		}
	}
	return all
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

// finish reports the helpers that parallel tests of other packages reach, and tells whether the
// only test of a package that opens something is also the only one of its binary.
func finish(findings []finding.Located, evidence []finding.Evidence) []finding.Located {
	first, several := map[string]opener{}, map[string]bool{} // by binary
	for _, e := range evidence {
		if name, ok := e.Data.(opener); ok {
			first[e.Key] = cmp.Or(first[e.Key], name)
			several[e.Key] = several[e.Key] || first[e.Key] != name
		}
	}
	tests, multiplied := map[string][]string{}, map[string]bool{} // by opener
	for _, e := range evidence {
		if t, ok := e.Data.(test); ok && !slices.Contains(tests[e.Key], t.Name) {
			tests[e.Key] = append(tests[e.Key], t.Name)
			multiplied[e.Key] = multiplied[e.Key] || t.Single == "" || several[t.Single]
		}
	}
	done := map[string]bool{}
	for i, f := range findings {
		done[f.Key] = true
		if o, ok := f.Data.(opened); ok && several[o.Single] {
			o.Single = ""
			findings[i].Data, findings[i].Severity = o, finding.Warning
		}
	}
	var helpers []finding.Located
	for _, e := range evidence {
		h, ok := e.Data.(helper)
		if !ok || len(tests[e.Key]) == 0 || done[e.Key] {
			continue
		}
		done[e.Key] = true
		h.Opens.Tests = tests[e.Key]
		f := finding.Located{Data: h.Opens, Severity: finding.Warning, Key: e.Key, Package: h.Package, In: e.In, Pos: e.Pos, End: e.Pos}
		if !multiplied[e.Key] {
			h.Opens.Single = tests[e.Key][0]
			f.Data, f.Severity = h.Opens, finding.Info
		}
		helpers = append(helpers, f)
	}
	finding.Attest(helpers, evidence)
	return append(findings, helpers...)
}
