package newpool

import (
	"cmp"
	_ "embed"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"

	"github.com/poollint/poollint/internal/config"
	"github.com/poollint/poollint/internal/dbapi"
	"github.com/poollint/poollint/internal/finding"
	"github.com/poollint/poollint/internal/flow"
	"github.com/poollint/poollint/internal/lifecycle"
	"github.com/poollint/poollint/internal/ownership"
	"github.com/poollint/poollint/internal/parallel"
	"github.com/poollint/poollint/internal/rule"
	"github.com/poollint/poollint/internal/share"
	"github.com/poollint/poollint/internal/testlib"
)

//go:embed doc.go
var page string

// Rule is the rule, Analyzer its part for other drivers.
var (
	Rule = rule.New(rule.Spec{
		Page:     page,
		Severity: finding.Warning,
		Requires: []*analysis.Analyzer{lifecycle.Analyzer, flow.Analyzer, ownership.Analyzer, parallel.Analyzer},
		Run:      run,
		Data:     []any{opened{}, unassigned{}, test{}, hook{}, lead{}},
		Finish:   finish,
	})
	Analyzer = Rule.Analyzer
)

// test is the evidence: a test that reaches the opener at the key's place, on a database of
// its own or not; Single and Binary as in lifecycle, Serial as in parallel.
type test struct {
	Name                    string
	Private, Single, Serial bool
	Binary                  string
}

// Attests reports whether a finding of the opener rests on the test.
func (t test) Attests() bool { return !t.Private }

// hook is evidence that something that runs for each test reaches the opener, a spec or hook too.
type hook struct{}

// lead is evidence of a call on the way from a test to the opener.
type lead struct{}

// Attests reports that a finding of the opener rests on each call on the way to it.
func (lead) Attests() bool { return true }

func run(pass *analysis.Pass, report *finding.Reporter) {
	cfg := config.Of(pass)
	if cfg.Pool.SelfTest {
		return
	}
	pkg := pass.ResultOf[lifecycle.Analyzer].(*lifecycle.Package)
	if pkg.Cut.IsValid() {
		report.Note(pass.Fset.PositionFor(pkg.Cut, false), manyCalls)
	}
	helpers, sharer := parseHelpers(cfg.Pool.Helpers), share.New(pass)
	var sites []*lifecycle.Site
	for _, site := range pkg.Sites {
		if (site.Verdict == lifecycle.PerTest || site.Verdict == lifecycle.Unassigned) && !helpers.contain(pass, site) {
			sites = append(sites, site)
		}
	}
	watched := watchesGoroutines(pass)
	order, owners := pass.ResultOf[parallel.Analyzer].(*parallel.Package), pass.ResultOf[ownership.Analyzer].(*ownership.Package)
	causes := lifecycle.GroupByCause(sites)
	told := map[*lifecycle.Site]bool{} // by another site, which names their tests
	for first, all := range causes {
		for _, site := range all {
			told[site] = site != first && site.Callee == first.Callee
		}
	}
	for _, site := range sites {
		helper := helpers.choose(pass, site)
		mend := slices.Concat(fixes(pass, site, helper), sharer.Fixes(site))
		if told[site] && len(mend) == 0 {
			continue
		}
		data, turns := dataOf(site, helper, causes[site]), !watched && takeTurns(causes[site], owners, order)
		if o, ok := data.(opened); ok {
			o.Waits, o.Turns = pkg.Whole && !site.InTest, turns
			data = o
		}
		f := finding.At(site.Call, data, mend...)
		f.Key, f.Helper, f.Cause = string(site.Place), string(site.Helper()), site.Constructor()
		for _, other := range causes[site] {
			if other != site {
				f.Witnesses = append(f.Witnesses, report.Witness(other.Call.Pos()))
			}
		}
		if causes[site] == nil || site.Single || watched || turns && site.InTest {
			f.Severity = finding.Info
		}
		report.Report(f)
	}
	for _, site := range pkg.Helpers {
		if !helpers.contain(pass, site) {
			f := finding.At(site.Call, dataOf(site, helpers.choose(pass, site), nil), sharer.Fixes(site)...)
			f.Key = string(site.Place)
			report.Candidate(f)
		}
	}
	answers := map[lifecycle.Place]lifecycle.Place{} // the first site of a cause for all
	for first, all := range causes {
		for _, site := range all {
			if site.Callee == first.Callee {
				answers[site.Place] = first.Place
			}
		}
	}
	for _, at := range pkg.Reached {
		report.Evidence(string(cmp.Or(answers[at], at)), pass.Files[0].Package, hook{})
	}
	for _, l := range pkg.Leads {
		report.Evidence(string(cmp.Or(answers[l.To], l.To)), l.Call.Pos(), lead{})
	}
	for _, t := range pkg.Tests {
		if t.Decl == nil {
			continue
		}
		for _, open := range t.Opens {
			if open.Once {
				continue
			}
			report.Evidence(string(cmp.Or(answers[open.At], open.At)), t.Decl.Name.Pos(), test{t.Name, open.Private, t.Single, order.Serial([]string{t.Name}), t.Binary})
		}
	}
}

// takeTurns reports whether sites open connections which the functions around them close again, in
// tests that run one after another, as far as those are of this package: one is open at a time.
func takeTurns(sites []*lifecycle.Site, owners *ownership.Package, order *parallel.Package) bool {
	return len(sites) > 0 && !slices.ContainsFunc(sites, func(s *lifecycle.Site) bool {
		return s.Verdict != lifecycle.PerTest || s.Named().Kind != dbapi.Conn || !owners.Closes(s.Call) || s.InTest && !order.Serial(s.Tests)
	})
}

// watchesGoroutines reports whether the package's TestMain fails if a goroutine is left: a pool
// that all tests share is in its way.
func watchesGoroutines(pass *analysis.Pass) bool {
	for _, f := range flow.Of(pass).Funcs() {
		for _, c := range f.Calls {
			if c.Fn != nil && testlib.WatchesGoroutines(string(dbapi.NameOf(c.Fn))) {
				return true
			}
		}
	}
	return false
}

// dataOf returns the data of the finding for a site, with the helper to use instead and the
// sites that it answers for.
func dataOf(site *lifecycle.Site, helper dbapi.Name, all []*lifecycle.Site) finding.Data {
	first := site.Named()
	c := call{Opener: first.Opener, Conn: first.Kind == dbapi.Conn}
	if !site.Direct && site.Callee != nil {
		c.Through = dbapi.NameOf(site.Callee)
	}
	if site.Verdict == lifecycle.Unassigned {
		return unassigned{c, site.Meant.Name()}
	}
	o := opened{Call: c, Helper: helper, Caching: site.DDL && first.Opener.CachesPlans()}
	if site.InTest { // else what is known depends on the variant of the package
		o.Tests = site.Tests
		for _, other := range all {
			if other.Callee != site.Callee {
				continue
			}
			for _, name := range other.Tests {
				if !slices.Contains(o.Tests, name) {
					o.Tests = append(slices.Clip(o.Tests), name)
				}
			}
		}
		o.Once, o.Single = site.Alone, site.Single
		o.Alone = len(o.Tests) == 1 && site.Func != nil && strings.HasSuffix(o.Tests[0], site.Func.Name.Name)
	}
	return o
}

// finish adds the tests of all packages that reach an opener: tests of other packages may
// call a helper. One that all of them give a database of their own is not reported, and one that
// each calls once, as the only test of its package that opens anything, is info, as are connections
// that tests open in turn. Nor is one in production code that no test of the run reaches. One constructor is told once, whatever packages call it. A helper
// that does not take the running test is reported in place of the tests that call it, since
// only here it is known that there are any.
func finish(findings []finding.Located, evidence []finding.Evidence) []finding.Located {
	tests, private, several, together := map[string][]string{}, map[string]bool{}, map[string]bool{}, map[string]bool{} // by opener
	first := map[string]string{}                                                                                        // test, by binary
	reached := map[string]bool{}
	for _, e := range evidence {
		switch t := e.Data.(type) {
		case hook:
			reached[e.Key] = true
		case test:
			first[t.Binary] = cmp.Or(first[t.Binary], t.Name)
			several[t.Binary] = several[t.Binary] || first[t.Binary] != t.Name
		}
	}
	for _, e := range evidence {
		t, ok := e.Data.(test)
		if !ok {
			continue
		}
		several[e.Key] = several[e.Key] || !t.Single || several[t.Binary]
		if t.Private {
			private[e.Key] = true
		} else {
			tests[e.Key] = append(tests[e.Key], t.Name)
			together[e.Key] = together[e.Key] || !t.Serial
		}
	}
	findings = slices.DeleteFunc(findings, func(f finding.Located) bool {
		o, ok := f.Data.(opened)
		return ok && !f.Candidate && (private[f.Key] || o.Waits && !reached[f.Key]) && len(o.Tests)+len(tests[f.Key]) == 0
	})
	for i, f := range findings {
		switch o, ok := f.Data.(opened); {
		case !ok || f.Candidate || len(tests[f.Key]) == 0:
		case o.Turns && !together[f.Key]:
			findings[i].Severity = finding.Info
		case several[f.Key] && (o.Single || o.Turns):
			findings[i].Severity = finding.Warning
		case !several[f.Key] && f.Helper == "":
			findings[i].Severity = finding.Info
		}
	}
	findings, gathered := finding.Gather(findings)
	for i, f := range findings {
		names := tests[f.Key]
		if f.Candidate {
			names = nil
			for _, key := range gathered[f.Key] {
				names = append(names, tests[key]...)
			}
		}
		if o, ok := f.Data.(opened); ok && len(names) > 0 {
			o.Tests = names
			findings[i].Data = o
		}
	}
	for i, others := range finding.Join(findings, weight) {
		if o, ok := findings[i].Data.(opened); ok {
			o.Elsewhere = elsewhere(findings[i], o.Call, others)
			findings[i].Data = o
		}
	}
	return findings
}

// weight is the number of tests that a finding tells of.
func weight(d finding.Data) int {
	o, _ := d.(opened)
	return len(o.Tests)
}

// elsewhere counts the packages of other findings that say the same of the same call.
func elsewhere(first finding.Located, same call, others []finding.Located) int {
	packages := map[string]bool{}
	for _, f := range others {
		if o, ok := f.Data.(opened); ok && o.Call == same && f.Tested() != first.Tested() {
			packages[f.Tested()] = true
		}
	}
	return len(packages)
}
