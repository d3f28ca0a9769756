package poollimit

import (
	_ "embed"
	"fmt"
	"reflect"
	"slices"

	"golang.org/x/tools/go/analysis"

	"github.com/poollint/poollint/internal/capacity"
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
	Name:             "poollimit",
	Doc:              ruledoc.MustExtract(doc),
	URL:              ruledoc.URL("poollimit"),
	Run:              run,
	RunDespiteErrors: true,
	Requires:         []*analysis.Analyzer{config.Analyzer, directive.Analyzer, lifecycle.Analyzer, capacity.Analyzer},
	ResultType:       reflect.TypeFor[*finding.Result](),
	Flags: config.Flags(map[string]string{
		"max-conns":       "pool.max_conns",
		"connect-timeout": "pool.connect_timeout",
		"env-files":       "pool.env_files",
	}),
}

// sharedFactor is how many times the limit of one test's pool a pool may take
// that all tests of a process share.
const sharedFactor = 5

func run(pass *analysis.Pass) (any, error) {
	report := finding.NewReporter(pass, finding.Warning)
	cfg := config.Of(pass)
	pools := pass.ResultOf[capacity.Analyzer].(*capacity.Package)
	for _, site := range pass.ResultOf[lifecycle.Analyzer].(*lifecycle.Package).Sites {
		most := cfg.Pool.MaxConns
		switch site.Verdict {
		case lifecycle.PerTest, lifecycle.Unassigned, lifecycle.Private:
		case lifecycle.Once:
			if !slices.ContainsFunc(site.Opens, func(o lifecycle.Open) bool { return !o.Closed }) {
				continue // an admin connection
			}
			most *= sharedFactor
		default:
			continue
		}
		open, bound, ok := loosest(pools, site)
		if !ok || bound.State == capacity.Given || bound.State == capacity.Limited && bound.N <= most {
			continue
		}
		f := fixer{pass: pass, site: site, bound: bound, pool: cfg.Pool}
		report.Report(finding.Finding{
			Diagnostic: analysis.Diagnostic{
				Pos: site.Call.Pos(), End: site.Call.End(),
				Message:        message(site, open, bound, most, f),
				SuggestedFixes: f.fixes(),
			},
			Key: string(site.Place),
		})
	}
	return report.Result(), nil
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

// message words a finding as "<what> opens a pool <how large>; <remedy>".
func message(site *lifecycle.Site, open lifecycle.Open, b capacity.Bound, most int, f fixer) string {
	what := open.Opener.Short() + " opens a pool"
	if !site.Direct && site.Callee != nil {
		what = fmt.Sprintf("%s opens a pool (%s)", dbapi.NameOf(site.Callee).Short(), open.Opener.Short())
	}
	return fmt.Sprintf("%s %s; %s", what, size(b, most), f.remedy(open))
}

// size says how many connections the pool may take.
func size(b capacity.Bound, most int) string {
	switch b.State {
	case capacity.Limited:
		return fmt.Sprintf("of %d connections (%s), more than %d", b.N, b.By, most)
	case capacity.CPUs:
		return fmt.Sprintf("whose limit (%s) grows with the number of CPUs", b.By)
	}
	switch l := b.Limit; {
	case l.Unlimited():
		return "without a limit"
	case l.PerCPU > 1:
		return fmt.Sprintf("without a limit of its own: %d connections for each CPU", l.PerCPU)
	case l.PerCPU > 0:
		return fmt.Sprintf("without a limit of its own: max(%d, CPUs) connections", l.Min)
	default:
		return fmt.Sprintf("without a limit of its own: %d connections", l.Fixed)
	}
}
