package poollimit

import (
	_ "embed"
	"go/ast"
	"slices"

	"golang.org/x/tools/go/analysis"

	"github.com/poollint/poollint/internal/capacity"
	"github.com/poollint/poollint/internal/config"
	"github.com/poollint/poollint/internal/dbapi"
	"github.com/poollint/poollint/internal/finding"
	"github.com/poollint/poollint/internal/flow"
	"github.com/poollint/poollint/internal/lifecycle"
	"github.com/poollint/poollint/internal/ownership"
	"github.com/poollint/poollint/internal/parallel"
	"github.com/poollint/poollint/internal/rewrite"
	"github.com/poollint/poollint/internal/rule"
	"github.com/poollint/poollint/internal/testscope"
)

//go:embed doc.go
var page string

// Rule is the rule, Analyzer its part for other drivers.
var (
	Rule = rule.New(rule.Spec{
		Page:     page,
		Severity: finding.Warning,
		Requires: []*analysis.Analyzer{lifecycle.Analyzer, capacity.Analyzer, flow.Analyzer, ownership.Analyzer, parallel.Analyzer},
		Run:      run,
		Data:     []any{loose{}},
		Finish:   finish,
	})
	Analyzer = Rule.Analyzer
)

// A cause is what several findings may have in common, of which the first is enough.
type cause struct {
	what     any // the place where a constructor opens, or the first site
	severity finding.Severity
	says     loose
}

// beneath returns what is said of the pool by whatever constructor it is reached: MustOpen over Open
// opens what that does.
func beneath(l loose) loose {
	l.Through = ""
	return l
}

// origin returns what the site has in common with others: a constructor opens in one place, on
// whatever database.
func origin(site *lifecycle.Site) any {
	if site.Constructor() != "" {
		return site.Opens[0].Site
	}
	return site.Cause
}

// sharedFactor times pool.max_conns is the limit for a pool that all tests of a process
// share.
const sharedFactor = 5

func run(pass *analysis.Pass, report *finding.Reporter) {
	j := judge{
		pass: pass, settings: config.Of(pass).Pool, files: rewrite.In(pass),
		pools: pass.ResultOf[capacity.Analyzer].(*capacity.Package), opens: pass.ResultOf[lifecycle.Analyzer].(*lifecycle.Package),
		owners: pass.ResultOf[ownership.Analyzer].(*ownership.Package), order: pass.ResultOf[parallel.Analyzer].(*parallel.Package),
	}
	var found []*finding.Finding
	first := map[cause]*finding.Finding{}
	for _, site := range j.opens.Sites {
		most, ok := j.most(site)
		if !ok {
			continue
		}
		if f := j.site(site, most); f != nil {
			f.Helper = string(site.Helper())
			if site.Constructor() != "" {
				f.Cause = string(site.Opens[0].Site) + " " + beneath(f.Data.(loose)).Message()
			}
			found = append(found, f)
			if answers := group(first, site, f); answers != nil {
				answers.Witnesses = append(answers.Witnesses, report.Witness(f.Pos))
			}
		}
	}
	for _, f := range found {
		report.Report(*f)
	}
	for _, site := range j.opens.Helpers {
		if f := j.site(site, j.settings.MaxConns); f != nil {
			report.Candidate(*f)
		}
	}
	for _, l := range j.pools.Configured() {
		in := declaration(pass, l.Call)
		if in == nil || !j.opens.IsTest(in) && testscope.Func(pass.TypesInfo, in, false) == 0 {
			continue
		}
		if f := j.bound(&lifecycle.Site{Call: l.Call, Callee: l.Callee}, lifecycle.Open{Opener: l.Opener}, l.Bound, j.settings.MaxConns*sharedFactor); f != nil {
			report.Report(*f)
		}
	}
}

// group has the first of the sites that have one cause answer for the others, other than at
// helpers for tests, which are reported once in any case. It returns the one that answers for f, if any.
func group(first map[cause]*finding.Finding, site *lifecycle.Site, f *finding.Finding) *finding.Finding {
	if f.Helper != "" {
		return nil
	}
	c := cause{origin(site), f.Severity, beneath(f.Data.(loose))}
	if first[c] == nil {
		first[c] = f
		return nil
	}
	if f.Severity == "" {
		f.Severity = finding.Info
	}
	data := first[c].Data.(loose)
	data.Calls++
	first[c].Data = data
	return first[c]
}

// A judge decides which pools of a package may take too many connections.
type judge struct {
	pass     *analysis.Pass
	settings config.Pool
	pools    *capacity.Package
	opens    *lifecycle.Package
	owners   *ownership.Package
	order    *parallel.Package
	files    *rewrite.Files
}

// most returns how many connections a site's pool may take; not ok if the rule leaves the
// pool alone.
func (j judge) most(site *lifecycle.Site) (most int, ok bool) {
	if site.Admin {
		return 0, false
	}
	switch site.Verdict {
	case lifecycle.PerTest, lifecycle.Unassigned, lifecycle.Private:
		return j.settings.MaxConns, true
	case lifecycle.Once:
		if site.Around || slices.ContainsFunc(site.Opens, func(o lifecycle.Open) bool { return !o.Closed }) { // else an admin connection
			return j.settings.MaxConns * sharedFactor, true
		}
	}
	return 0, false
}

// site judges the pool of a site that may take the most connections; nil if it is fine.
func (j judge) site(site *lifecycle.Site, most int) *finding.Finding {
	open, bound, ok := loosest(j.pools, site)
	if !ok {
		return nil
	}
	return j.bound(site, open, bound, most)
}

// bound judges the bound of a pool; nil if it is fine.
func (j judge) bound(site *lifecycle.Site, open lifecycle.Open, bound capacity.Bound, most int) *finding.Finding {
	if bound.State == capacity.Given || bound.State == capacity.Limited && bound.N <= most {
		return nil
	}
	fixer := fixer{pass: j.pass, site: site, opens: j.opens.Func(site.Callee).Opens, bound: bound, pool: j.settings, file: j.files.At(site.Call.Pos())}
	if held := fixer.held(); held > most {
		if bound.State == capacity.Limited && bound.N <= held {
			return nil
		}
		most, fixer.pool.MaxConns, fixer.waits = held, held, true
	}
	pkg, name := j.pools.Field(site.Call, open.Site)
	if ast.IsExported(name) || pkg == j.pass.Pkg.Path() {
		fixer.field = name
	}
	if name != "" && site.Callee != nil {
		fixer.option = j.opens.OptionFor(site.Callee, name)
	}
	data := loose{Opener: open.Opener, Limit: limitOf(bound), Most: most, Remedy: fixer.remedy(), Calls: 1}
	if !site.Direct && site.Callee != nil {
		data.Through = dbapi.NameOf(site.Callee)
	}
	f := finding.At(site.Call, data, fixer.fixes()...)
	f.Key = string(site.Place)
	if bound.State == capacity.Limited && bound.N <= config.Decided || site.Started || j.apart(site) {
		f.Severity = finding.Info
	}
	return &f
}

// apart reports whether one serial test opens the pool, once, on a database of its own, and closes it:
// it takes what that test's statements take.
func (j judge) apart(site *lifecycle.Site) bool {
	return site.Verdict == lifecycle.Private && site.Direct && site.Alone && j.owners.Closes(site.Call) && j.order.Serial(site.Tests)
}

func limitOf(b capacity.Bound) limit {
	l := limit{State: b.State, Fixed: b.Limit.Fixed, PerCPU: b.Limit.PerCPU, Min: b.Limit.Min}
	if b.State != capacity.Default { // else a limit may be set there, and is not
		l.N, l.By, l.From = b.N, b.By, b.From
	}
	return l
}

// finish reports a helper that does not take the running test in place of the tests
// that call it, and a constructor once.
func finish(findings []finding.Located, _ []finding.Evidence) []finding.Located {
	findings, _ = finding.Gather(findings)
	for i, others := range finding.Join(findings, nil) {
		first := findings[i].Data.(loose)
		packages := map[string]bool{findings[i].Tested(): true}
		for _, f := range others {
			first.Calls += f.Data.(loose).Calls
			packages[f.Tested()] = true
		}
		first.Packages = len(packages)
		findings[i].Data = first
	}
	return findings
}

// declaration returns the function around a call; nil if there is none.
func declaration(pass *analysis.Pass, call *ast.CallExpr) *ast.FuncDecl {
	for _, file := range pass.Files {
		if call.Pos() < file.FileStart || file.FileEnd <= call.Pos() {
			continue
		}
		for _, d := range file.Decls {
			if fn, ok := d.(*ast.FuncDecl); ok && fn.Pos() <= call.Pos() && call.Pos() < fn.End() {
				return fn
			}
		}
	}
	return nil
}

// loosest returns the pool of a site that may take the most connections.
func loosest(pools *capacity.Package, site *lifecycle.Site) (open lifecycle.Open, bound capacity.Bound, ok bool) {
	for _, o := range site.Opens {
		if o.Kind != dbapi.Pool || !o.Opener.SQL() {
			continue
		}
		b, found := pools.Of(site.Call, o.Site)
		if found && limitable(b.Limit) && (!ok || b.Looser(bound)) {
			open, bound, ok = o, b, true
		}
	}
	return open, bound, ok
}

// limitable reports whether there is a way to limit the pool at all.
func limitable(l *dbapi.Limit) bool {
	return l != nil && (l.Param != "" || l.Field != "" || l.Setter != "" || l.Option != "")
}
