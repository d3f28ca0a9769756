package poollimit

import (
	_ "embed"
	"fmt"
	"go/ast"
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
	"github.com/poollint/poollint/internal/testscope"
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
	pkg := pass.ResultOf[lifecycle.Analyzer].(*lifecycle.Package)
	pools := pass.ResultOf[capacity.Analyzer].(*capacity.Package)
	texts := map[string][]byte{}
	judge := func(site *lifecycle.Site, opener dbapi.Name, bound capacity.Bound, most int, tell func(finding.Finding)) {
		if bound.State == capacity.Given || bound.State == capacity.Limited && bound.N <= most {
			return
		}
		f := fixer{pass: pass, site: site, bound: bound, pool: config.Of(pass).Pool, texts: texts}
		tell(finding.Finding{
			Diagnostic: analysis.Diagnostic{
				Pos: site.Call.Pos(), End: site.Call.End(),
				Message:        message(site, opener, bound, most, f.remedy()),
				SuggestedFixes: f.fixes(),
			},
			Key: string(site.Place),
		})
	}
	for _, site := range pkg.Sites {
		most := config.Of(pass).Pool.MaxConns
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
		if open, bound, ok := loosest(pools, site); ok {
			judge(site, open.Opener, bound, most, report.Report)
			if at := site.Helper(); at != "" {
				report.Belongs(string(site.Place), site.Call.Pos(), string(at))
			}
		}
	}
	for _, site := range pkg.Helpers {
		if open, bound, ok := loosest(pools, site); ok {
			judge(site, open.Opener, bound, config.Of(pass).Pool.MaxConns, report.Candidate)
		}
	}
	for _, l := range pools.Lendings() {
		if in := declaration(pass, l.Call); in != nil && (pkg.IsTest(in) || testscope.Func(pass.TypesInfo, in, false) != 0) {
			judge(&lifecycle.Site{Call: l.Call, Callee: l.Callee}, l.Opener, l.Bound, config.Of(pass).Pool.MaxConns*sharedFactor, report.Report)
		}
	}
	return report.Result(), nil
}

// Finish reports a helper that does not take the running test in place of the tests
// that call it.
func Finish(findings []finding.Located, evidence []finding.Evidence) []finding.Located {
	findings, _ = finding.Gather(findings, evidence)
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

// message words a finding as "<what> opens a pool <how large>; <remedy>".
func message(site *lifecycle.Site, opener dbapi.Name, b capacity.Bound, most int, remedy string) string {
	what := opener.Short() + " opens a pool"
	if !site.Direct && site.Callee != nil {
		what = fmt.Sprintf("%s opens a pool (%s)", dbapi.NameOf(site.Callee).Short(), opener.Short())
	}
	return fmt.Sprintf("%s %s; %s", what, size(b, most), remedy)
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
