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

func run(pass *analysis.Pass, report *finding.Reporter) {
	cfg := config.Of(pass)
	if cfg.Pool.SelfTest {
		return
	}
	pkg := pass.ResultOf[lifecycle.Analyzer].(*lifecycle.Package)
	if pkg.Cut.IsValid() {
		report.Note(pass.Fset.PositionFor(pkg.Cut, false), manyCalls)
	}
	c := checker{
		pass: pass, report: report, pkg: pkg, helpers: parseHelpers(cfg.Pool.Helpers), sharer: share.New(pass), watched: watchesGoroutines(pass),
		order: pass.ResultOf[parallel.Analyzer].(*parallel.Package), owners: pass.ResultOf[ownership.Analyzer].(*ownership.Package),
	}
	sites := c.sites()
	causes := lifecycle.GroupByCause(sites)
	answers := answering(causes)
	for _, site := range sites {
		c.tell(site, causes[site], answers)
	}
	for _, site := range pkg.Helpers {
		if !c.helpers.contain(pass, site) {
			f := finding.At(site.Call, dataOf(site, c.helpers.choose(pass, site), nil), c.sharer.Fixes(site)...)
			f.Key = string(site.Place)
			report.Candidate(f)
		}
	}
	c.attest(answers)
}

// checker looks at one package.
type checker struct {
	pass    *analysis.Pass
	report  *finding.Reporter
	pkg     *lifecycle.Package
	helpers helpers
	sharer  *share.Sharer
	order   *parallel.Package
	owners  *ownership.Package
	watched bool // its TestMain fails if a goroutine is left
}

// sites returns the calls that may be told of.
func (c *checker) sites() []*lifecycle.Site {
	var sites []*lifecycle.Site
	for _, site := range c.pkg.Sites {
		if (site.Verdict == lifecycle.PerTest || site.Verdict == lifecycle.Unassigned) && !c.helpers.contain(c.pass, site) {
			sites = append(sites, site)
		}
	}
	return sites
}

// answering returns, for each site whose cause is told at a call of the same function, the
// place of that call.
func answering(causes map[*lifecycle.Site][]*lifecycle.Site) map[lifecycle.Place]lifecycle.Place {
	answers := map[lifecycle.Place]lifecycle.Place{}
	for first, all := range causes {
		for _, site := range all {
			if site.Callee == first.Callee {
				answers[site.Place] = first.Place
			}
		}
	}
	return answers
}

// tell reports a site, which answers for all sites of its cause, if it is given some. One that
// another answers for is told only for its fix.
func (c *checker) tell(site *lifecycle.Site, all []*lifecycle.Site, answers map[lifecycle.Place]lifecycle.Place) {
	helper := c.helpers.choose(c.pass, site)
	mend := slices.Concat(fixes(c.pass, site, helper), c.sharer.Fixes(site))
	if cmp.Or(answers[site.Place], site.Place) != site.Place && len(mend) == 0 {
		return
	}
	data, turns := dataOf(site, helper, all), !c.watched && (c.takeTurns(all) || spared(all))
	if o, ok := data.(opened); ok {
		o.Waits, o.Turns = c.pkg.Whole && !site.InTest, turns
		data = o
	}
	f := finding.At(site.Call, data, mend...)
	f.Key, f.Helper, f.Cause = string(site.Place), string(site.Helper()), site.Constructor()
	for _, other := range all {
		if other != site {
			f.Witnesses = append(f.Witnesses, c.report.Witness(other.Call.Pos()))
		}
	}
	if all == nil || site.Single || site.Dials || c.watched || turns && site.InTest {
		f.Severity = finding.Info
	}
	c.report.Report(f)
}

// takeTurns reports whether sites open connections, or clients of servers that allow thousands, which
// the functions around them close again, in tests that run one after another, as far as those are of
// this package: one is open at a time.
func (c *checker) takeTurns(sites []*lifecycle.Site) bool {
	return len(sites) > 0 && !slices.ContainsFunc(sites, func(s *lifecycle.Site) bool {
		open := s.Named()
		return s.Verdict != lifecycle.PerTest || open.Kind != dbapi.Conn && open.Opener.SQL() || !c.owners.Closes(s.Call) && !(s.InTest && s.Ended) || s.InTest && !c.order.Serial(s.Tests)
	})
}

// spared reports whether a site opens a client of a server that allows thousands, once, and in test
// code that one test alone reaches.
func spared(sites []*lifecycle.Site) bool {
	return len(sites) == 1 && sites[0].Verdict == lifecycle.PerTest && sites[0].InTest && sites[0].Alone && !sites[0].Named().Opener.SQL()
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
