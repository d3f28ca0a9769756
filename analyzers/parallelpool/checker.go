package parallelpool

import (
	"go/ast"
	"go/types"
	"maps"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"

	"github.com/poollint/poollint/internal/config"
	"github.com/poollint/poollint/internal/dbapi"
	"github.com/poollint/poollint/internal/finding"
	"github.com/poollint/poollint/internal/flow"
	"github.com/poollint/poollint/internal/isolation"
	"github.com/poollint/poollint/internal/lifecycle"
	"github.com/poollint/poollint/internal/parallel"
	"github.com/poollint/poollint/internal/rewrite"
	"github.com/poollint/poollint/internal/tenantuse"
)

// A checker gathers what the parallel tests of a package do.
type checker struct {
	pass     *analysis.Pass
	info     *types.Info
	pkg      *lifecycle.Package
	parallel *parallel.Package
	code     *flow.Package
	queries  *dbapi.Queries
	cat      *dbapi.Catalogue
	helpers  []dbapi.Name // functions that hand out the shared pool
	sites    map[*ast.CallExpr]*lifecycle.Site
	files    *rewrite.Files

	tests   int // tests and subtests that run in parallel
	named   map[string]*parallel.Test
	reached map[*ast.FuncDecl][]lifecycle.Open // by tests
	isolate map[*ast.FuncDecl]bool             // tests with a database of their own
	single  string                             // if nothing multiplies: of whom one alone opens something; a binary, or its parallel tests
	units   map[*flow.Func]bool                // parallel tests and subtests that open something, and whether a loop starts them
	opens   map[lifecycle.Place][]string
	leads   map[leading]bool
	wiped   map[*flow.Call]*wipe // nil of those that wipe nothing
	lent    map[*flow.Func][]loan
	starts  map[starter][]*flow.Func

	sharing  map[sourced]bool
	byOrigin map[*types.Var][]*types.Var // handles by where they come from, see faces

	finder   *tenantuse.Finder
	fixtures map[*flow.Func][]tenantuse.Use
	uses     map[*flow.Func][]tenantuse.Use
	rows     map[*flow.Func][]tenantuse.Use
	tenants  []tenant
	handles  map[*flow.Func]bool     // functions that have a handle of the shared database
	database map[*parallel.Test]bool // tests that run one of them
	left     *isolation.Package
}

func newChecker(pass *analysis.Pass, pkg *lifecycle.Package) *checker {
	cfg := config.Of(pass)
	c := &checker{
		pass: pass, info: pass.TypesInfo, pkg: pkg,
		parallel: pass.ResultOf[parallel.Analyzer].(*parallel.Package),
		code:     flow.Of(pass),
		queries:  dbapi.NewQueries(cfg.API.Queries),
		cat:      dbapi.NewCatalogue(cfg.API.Openers),
		helpers:  []dbapi.Name{"github.com/poollint/poollint/testpool.Get", "github.com/poollint/poollint/testpool.DB"},
		named:    map[string]*parallel.Test{},
		leads:    map[leading]bool{},
		reached:  map[*ast.FuncDecl][]lifecycle.Open{},
		isolate:  map[*ast.FuncDecl]bool{},
		opens:    map[lifecycle.Place][]string{},
		units:    map[*flow.Func]bool{},
		wiped:    map[*flow.Call]*wipe{},
		lent:     map[*flow.Func][]loan{},
		sharing:  map[sourced]bool{},
		starts:   map[starter][]*flow.Func{},
		uses:     map[*flow.Func][]tenantuse.Use{},
		rows:     map[*flow.Func][]tenantuse.Use{},
		database: map[*parallel.Test]bool{},
		left:     pass.ResultOf[isolation.Analyzer].(*isolation.Package),
		sites:    map[*ast.CallExpr]*lifecycle.Site{},
		files:    rewrite.In(pass),
	}
	for _, site := range pkg.Sites {
		c.sites[site.Call] = site
	}
	c.finder = tenantuse.New(c.info, c.code, c.queries, cfg.Slug.Names)
	c.fixtures = c.finder.Fixtures()
	for _, name := range cfg.Pool.Helpers {
		c.helpers = append(c.helpers, dbapi.Name(name))
	}
	for _, test := range pkg.Tests {
		if test.Single {
			c.single = test.Binary
		}
		if test.Decl != nil {
			c.reached[test.Decl] = test.Opens
			c.isolate[test.Decl] = slices.ContainsFunc(test.Opens, func(o lifecycle.Open) bool { return o.Private })
		}
	}
	c.handles = c.holders()
	return c
}

// leading says that a call in what parallel tests run leads to what opens at a place.
type leading struct {
	to lifecycle.Place
	by *ast.CallExpr
}

// holders returns the functions that mention, or call for, a handle of the shared database.
func (c *checker) holders() map[*flow.Func]bool {
	all := map[*flow.Func]bool{}
	for _, f := range c.code.Funcs() {
		all[f] = slices.ContainsFunc(f.Calls, func(call *flow.Call) bool {
			t := c.info.TypeOf(call.Expr)
			return t != nil && dbapi.Handle(t) && c.shared(call.Expr)
		})
	}
	for obj := range c.code.Mentioned() {
		v, ok := obj.(*types.Var)
		if !ok || !c.sharedVar(v, maxSources) && !c.madeFrom(v) {
			continue
		}
		for _, at := range c.code.Mentions(v) {
			if f := c.code.Around(at); f != nil {
				all[f] = true
			}
		}
	}
	return all
}

// madeFrom reports whether a package variable is given something that is made from a handle of
// the shared database.
func (c *checker) madeFrom(v *types.Var) bool {
	return flow.Global(v) && !dbapi.Handle(v.Type()) && slices.ContainsFunc(c.sources(v), func(s ast.Expr) bool {
		call, ok := ast.Unparen(s).(*ast.CallExpr)
		return ok && slices.ContainsFunc(call.Args, func(arg ast.Expr) bool {
			t := c.info.TypeOf(arg)
			return t != nil && dbapi.Handle(t) && c.shared(arg)
		})
	})
}

// walk visits what the tests run and notes what runs in parallel.
func (c *checker) walk(report *finding.Reporter) {
	left := parallel.MaxCalls
	reaching := map[lifecycle.Place][]string{} // what the top level of parallel tests reaches by other ways
	for _, test := range c.parallel.Tests {
		c.named[test.Name] = test
		opens := c.opensShared(test.Func.Decl)
		if test.Parallel {
			c.tests++
		}
		c.parallel.WalkUnits(test.Func, &left, func(f *flow.Func, at parallel.Where) {
			c.database[test] = c.database[test] || c.handles[f] || opens && (c.takesHandle(f) || c.worksElsewhere(f))
			if at.Late {
				c.cleanup(test, f, at)
				return
			}
			if at.Parallel {
				c.function(test, f, at)
			}
			if at.Unit == test.Func && !c.isolate[test.Func.Decl] {
				c.rowsOf(test, f)
			}
		})
		if test.Parallel && !c.isolate[test.Func.Decl] {
			for _, o := range c.opensOf(test.Func.Decl) {
				reaching[o.At] = append(reaching[o.At], test.Name)
			}
		}
	}
	if left <= 0 {
		report.Note(c.pass.Fset.PositionFor(c.parallel.Tests[0].Func.Decl.Pos(), false), "the tests of the package call too much code; not all was looked at for what runs in parallel")
	}
	for place, tests := range reaching {
		known := map[string]bool{}
		for _, test := range c.opens[place] {
			known[test] = true
		}
		for _, test := range tests {
			if !known[test] {
				c.opened(place, test, parallel.Where{})
			}
		}
	}
	c.findAlone()
}

// binary is the path of the package whose tests one process runs.
func (c *checker) binary() string { return strings.TrimSuffix(c.pass.Pkg.Path(), "_test") }

// ofParallel names the parallel tests of a binary among evidence.
func ofParallel(binary string) string { return "parallel tests of " + binary }

// findAlone notes where of the package's parallel tests and subtests one alone opens something.
func (c *checker) findAlone() {
	if c.single == "" && len(c.units) == 1 && !slices.Contains(slices.Collect(maps.Values(c.units)), true) {
		c.single = ofParallel(c.binary())
	}
}

// cleanup notes what a function wipes that runs when a test, or a subtest, that runs in parallel
// is over.
func (c *checker) cleanup(test *parallel.Test, f *flow.Func, at parallel.Where) {
	if !at.Parallel || c.isolate[test.Func.Decl] {
		return
	}
	for _, call := range f.Calls {
		if call.Fn != nil {
			c.query(test, call, at.Unit)
		}
	}
}

// function notes what a function does that a test runs in parallel.
func (c *checker) function(test *parallel.Test, f *flow.Func, at parallel.Where) {
	if at.Subtest && c.parallel.CallsParallel(f) {
		c.tests++
		if at.Repeated {
			c.tests++
		}
	}
	if c.isolate[test.Func.Decl] {
		return
	}
	for _, call := range f.Calls {
		c.call(test, call, at)
	}
	c.tenantsOf(test, f, at)
}

// opensShared reports whether a test reaches what opens the shared database.
func (c *checker) opensShared(decl *ast.FuncDecl) bool {
	return slices.ContainsFunc(c.reached[decl], onShared)
}

func onShared(o lifecycle.Open) bool { return !o.Private && !o.Closed && o.Opener.SQL() }

// takesHandle reports whether a call in a function hands out a handle.
func (c *checker) takesHandle(f *flow.Func) bool {
	return slices.ContainsFunc(f.Calls, func(call *flow.Call) bool {
		results, ok := c.info.TypeOf(call.Expr).(*types.Tuple)
		if !ok {
			t := c.info.TypeOf(call.Expr)
			return t != nil && dbapi.Handle(t)
		}
		return results.Len() > 0 && dbapi.Handle(results.At(0).Type())
	})
}

// worksElsewhere reports whether a call in a function leads to the shared database in another
// package, which keeps the handle to itself.
func (c *checker) worksElsewhere(f *flow.Func) bool {
	return slices.ContainsFunc(f.Calls, func(call *flow.Call) bool {
		return call.Fn != nil && call.Fn.Pkg() != c.pass.Pkg && slices.ContainsFunc(c.pkg.Func(call.Fn).Opens, onShared)
	})
}

// opensOf returns what the test reaches, as far as it opens it for itself.
func (c *checker) opensOf(decl *ast.FuncDecl) []lifecycle.Open {
	return slices.DeleteFunc(slices.Clone(c.reached[decl]), func(o lifecycle.Open) bool { return o.Once || o.Private || o.Closed })
}

// opened notes that a test reaches what opens at a place. Tests come one after
// another: one that is known is the last.
func (c *checker) opened(place lifecycle.Place, test string, at parallel.Where) {
	tests := c.opens[place]
	if unit := at.Unit; place != "" {
		c.units[unit] = c.units[unit] || at.Repeated || unit != nil && len(unit.Uses) > 1 // t.Run("a", sub); t.Run("b", sub)
	}
	if place != "" && (len(tests) == 0 || tests[len(tests)-1] != test) {
		c.opens[place] = append(tests, test)
	}
}

// call notes what a call in a parallel test opens or wipes.
func (c *checker) call(test *parallel.Test, call *flow.Call, at parallel.Where) {
	if site := c.sites[call.Expr]; site != nil {
		c.opened(site.Place, test.Name, at)
	}
	if call.Fn == nil {
		return
	}
	for _, o := range c.pkg.Func(call.Fn).Opens {
		if !o.Once && !o.Private && !o.Closed {
			c.opened(o.At, test.Name, at)
			c.leads[leading{o.At, call.Expr}] = true
		}
	}
	c.query(test, call, at.Unit)
}

// sources returns what a variable is given: by assignments, and by the calls of the
// function that it is a parameter of.
func (c *checker) sources(v *types.Var) []ast.Expr {
	var all []ast.Expr
	for _, s := range c.code.Into(v) {
		if s.Whole(v) {
			all = append(all, s.Src)
		}
	}
	if param, ok := c.code.Param(v); ok {
		for _, call := range param.Of.Callers {
			all = append(all, call.Args(param.Of.Sig, param.I)...)
		}
	}
	return all
}
