package budget

import (
	"go/ast"
	"go/token"
	"reflect"
	"slices"

	"golang.org/x/tools/go/analysis"

	"github.com/poollint/poollint/internal/capacity"
	"github.com/poollint/poollint/internal/config"
	"github.com/poollint/poollint/internal/dbapi"
	"github.com/poollint/poollint/internal/directive"
	"github.com/poollint/poollint/internal/finding"
	"github.com/poollint/poollint/internal/flow"
	"github.com/poollint/poollint/internal/lifecycle"
	"github.com/poollint/poollint/internal/ownership"
	"github.com/poollint/poollint/internal/parallel"
	"github.com/poollint/poollint/internal/testscope"
)

// Analyzer finds the pools of a package and the tests that open them. The evidence in its
// result is a record.
var Analyzer = &analysis.Analyzer{
	Name:       "poollintbudget",
	Doc:        "read the pools of a package and the tests that open them",
	Run:        run,
	Requires:   []*analysis.Analyzer{directive.Analyzer, lifecycle.Analyzer, capacity.Analyzer, ownership.Analyzer, parallel.Analyzer, flow.Analyzer},
	FactTypes:  []analysis.Fact{new(takes)},
	ResultType: reflect.TypeFor[*finding.Result](),
}

// A record is the pools of one package, and the tests that open them.
type record struct {
	Package string
	Pools   []pool            // opened by calls that stand in the package, or by helpers that it calls
	Process []lifecycle.Place // opened once a process
	Tests   []test
	Limits  map[lifecycle.Place]int // what options of testpool set
}

// A pool is a pool or a single connection that a call opens.
type pool struct {
	At      lifecycle.Place // the call
	Where   token.Position  // of the call, if it stands in the package
	Opener  dbapi.Name
	Conns   int // at most; 0: PerCPU or unlimited
	PerCPU  int // connections for each CPU, but at least Least
	Least   int
	By      string // what sets the limit; empty for the library's default
	Servers []string
	Arm     lifecycle.Place // the first call of those of which one alone opens; At if there is no other
	Perhaps bool            // the call may open another instead
	Brief   bool            // opened and closed by one helper, or expected to fail: no test holds it
}

// A test is a test with the pools that it opens.
type test struct {
	Name     string
	Parallel bool
	Many     bool // parallel subtests of a loop open pools
	Opens    []lifecycle.Place
	Leaks    []leak // of Opens: never released
}

// A leak is a pool that a test opens and nobody releases.
type leak struct {
	At    lifecycle.Place
	Times int
}

func run(pass *analysis.Pass) (any, error) {
	report := finding.NewReporter(pass, finding.Info)
	r := newReader(pass)
	if config.Dependency(pass) {
		return report.Result(), nil
	}
	r.exportTakes()
	r.pools()
	r.process()
	r.tests()
	if len(r.record.Pools)+len(r.record.Process)+len(r.record.Tests)+len(r.record.Limits) > 0 {
		report.Evidence(pass.Pkg.Path(), pass.Files[0].Package, r.record)
	}
	return report.Result(), nil
}

// A reader makes the record of a package.
type reader struct {
	pass     *analysis.Pass
	life     *lifecycle.Package
	caps     *capacity.Package
	parallel *parallel.Package
	code     *flow.Package
	left     int // calls to look at
	sites    map[ast.Node]*lifecycle.Site
	lost     map[ast.Node]bool // calls whose handle nobody releases
	specs    map[*flow.Func]*test
	record   record
}

func newReader(pass *analysis.Pass) *reader {
	r := &reader{
		pass:     pass,
		life:     pass.ResultOf[lifecycle.Analyzer].(*lifecycle.Package),
		caps:     pass.ResultOf[capacity.Analyzer].(*capacity.Package),
		parallel: pass.ResultOf[parallel.Analyzer].(*parallel.Package),
		code:     flow.Of(pass),
		left:     parallel.MaxCalls,
		sites:    map[ast.Node]*lifecycle.Site{},
		lost:     map[ast.Node]bool{},
		specs:    map[*flow.Func]*test{},
	}
	r.record.Package, r.record.Limits = pass.Pkg.Path(), map[lifecycle.Place]int{}
	for _, site := range r.life.Sites {
		r.sites[site.Call] = site
	}
	for _, h := range pass.ResultOf[ownership.Analyzer].(*ownership.Package).Handles {
		if h.Kind.Own() && h.Fate.Lost() {
			r.lost[h.Expr()] = true
		}
	}
	return r
}

// pools records what the calls of the package open.
func (r *reader) pools() {
	for _, site := range r.life.Sites {
		switch site.Verdict {
		case lifecycle.Documentation, lifecycle.Unused, lifecycle.Failing:
			continue
		}
		for _, o := range site.Opens {
			if !o.Opener.SQL() {
				continue
			}
			p := pool{
				At: site.Place, Where: r.pass.Fset.PositionFor(site.Call.Pos(), false), Opener: o.Opener,
				Arm: site.Arm.Place, Perhaps: o.Perhaps,
				Brief: site.Verdict == lifecycle.Probe || o.Closed && site.Verdict == lifecycle.Once,
				Conns: 1,
			}
			if bound, ok := r.caps.Of(site.Call, o.Site); ok && o.Kind == dbapi.Pool {
				p.limit(bound)
			}
			r.record.Pools = append(r.record.Pools, p)
		}
	}
}

// limit sets the pool's limit and servers from a bound.
func (p *pool) limit(b capacity.Bound) {
	p.Servers = b.Servers
	switch {
	case b.N > 0:
		p.Conns, p.By = b.N, b.By
	case b.State == capacity.CPUs:
		p.Conns, p.PerCPU, p.Least, p.By = 0, 1, 1, b.By
	default:
		p.Conns, p.PerCPU, p.Least = b.Limit.Fixed, b.Limit.PerCPU, b.Limit.Min
		if b.State == capacity.Given {
			p.By = "the default, where code sets what cannot be read"
		}
	}
}

// process records what the package's binary opens once, and for each spec.
func (r *reader) process() {
	for _, f := range r.code.Funcs() {
		if f.Parent != nil || f.When&testscope.Once == 0 {
			continue
		}
		r.parallel.Walk(f, &r.left, func(f *flow.Func, _ parallel.Where) {
			for _, call := range f.Calls {
				if r.runsBySpec(call) {
					continue
				}
				for _, o := range append(r.opens(call.Expr), r.fromTestpool(call.Expr)...) {
					r.once(o.At)
				}
			}
		})
	}
}

func (r *reader) once(at lifecycle.Place) {
	if at != "" && !slices.Contains(r.record.Process, at) {
		r.record.Process = append(r.record.Process, at)
	}
}

// opens returns what a call opens: itself, or by what it calls in other packages.
func (r *reader) opens(call *ast.CallExpr) []lifecycle.Open {
	if site := r.sites[call]; site != nil {
		return site.Opens
	}
	fn := dbapi.Callee(r.pass.TypesInfo, call)
	if fn == nil || fn.Pkg() == r.pass.Pkg {
		return nil // its own calls are visited
	}
	opens := r.life.Func(fn).Opens
	for _, o := range opens {
		r.foreign(call, o)
	}
	return opens
}

// foreign records a pool that a helper of another package opens, in case that package is
// not part of the run.
func (r *reader) foreign(call *ast.CallExpr, o lifecycle.Open) {
	bound, ok := r.caps.Of(call, o.Site)
	if !ok || !o.Opener.SQL() || o.Closed {
		return
	}
	p := pool{At: o.At, Opener: o.Opener, Conns: 1}
	p.limit(bound)
	r.add(p)
}

// add records a pool, once.
func (r *reader) add(p pool) {
	if !slices.ContainsFunc(r.record.Pools, func(q pool) bool { return q.At == p.At }) {
		r.record.Pools = append(r.record.Pools, p)
	}
}

// tests records what the tests open.
func (r *reader) tests() {
	for _, f := range r.code.Funcs() {
		if t := r.specs[f]; t != nil {
			r.keep(*t)
		}
	}
	reaching := map[*ast.FuncDecl]*lifecycle.Test{}
	for _, lt := range r.life.Tests {
		reaching[lt.Decl] = lt
	}
	for _, pt := range r.parallel.Tests {
		t := test{Name: pt.Name}
		if lt := reaching[pt.Func.Decl]; lt != nil {
			t.Name = lt.Name
			r.opensOf(lt, &t)
		}
		r.walk(pt, &t)
		r.keep(t)
	}
}

// opensOf notes what a test opens.
func (r *reader) opensOf(lt *lifecycle.Test, t *test) {
	for _, o := range lt.Opens {
		if o.Once {
			r.once(o.At)
		} else if o.At != "" {
			t.Opens = append(t.Opens, o.At)
		}
	}
}

func (r *reader) keep(t test) {
	if len(t.Opens) > 0 {
		r.record.Tests = append(r.record.Tests, t)
	}
}

// walk notes what runs in parallel in a test, and what it leaks.
func (r *reader) walk(pt *parallel.Test, t *test) {
	t.Parallel = pt.Parallel
	r.parallel.Walk(pt.Func, &r.left, func(f *flow.Func, at parallel.Where) {
		for _, call := range f.Calls {
			r.call(call, r.parallel.At(call, at), t)
		}
	})
}

// call notes what a call in a test opens.
func (r *reader) call(call *flow.Call, at parallel.Where, t *test) {
	opens := r.opens(call.Expr)
	for _, o := range r.fromTestpool(call.Expr) {
		switch {
		case o.Once:
			r.once(o.At)
		case !slices.Contains(t.Opens, o.At):
			t.Opens = append(t.Opens, o.At)
		}
		opens = append(opens, o)
	}
	for _, o := range opens {
		if o.Once || !slices.Contains(t.Opens, o.At) {
			continue
		}
		t.Parallel = t.Parallel || at.Parallel
		t.Many = t.Many || at.Repeated
		if r.lost[call.Expr] {
			t.Leaks = append(t.Leaks, leak{o.At, at.Times})
		}
	}
}
