package parallelpool

import (
	"go/ast"
	"go/types"
	"slices"

	"golang.org/x/tools/go/analysis"

	"github.com/poollint/poollint/internal/config"
	"github.com/poollint/poollint/internal/dbapi"
	"github.com/poollint/poollint/internal/finding"
	"github.com/poollint/poollint/internal/lifecycle"
	"github.com/poollint/poollint/internal/parallel"
)

// A checker gathers what the parallel tests of a package do.
type checker struct {
	pass     *analysis.Pass
	info     *types.Info
	pkg      *lifecycle.Package
	parallel *parallel.Package
	queries  *dbapi.Queries
	cat      *dbapi.Catalogue
	helpers  []dbapi.Name // functions that hand out the shared pool

	tests   int // tests and subtests that run in parallel
	decls   map[string]*ast.FuncDecl
	isolate map[*ast.FuncDecl]bool // tests with a database of their own
	opens   map[lifecycle.Place][]string
	wiped   []wipe
	named   []tenant
	sources map[*types.Var][]ast.Expr // what is assigned to a variable
	effects map[string]effect         // of texts of SQL
	sharing map[*ast.FuncDecl]bool    // whether a test uses a handle that it shares
}

func newChecker(pass *analysis.Pass, pkg *lifecycle.Package) *checker {
	cfg := config.Of(pass)
	c := &checker{
		pass: pass, info: pass.TypesInfo, pkg: pkg,
		parallel: pass.ResultOf[parallel.Analyzer].(*parallel.Package),
		queries:  dbapi.NewQueries(cfg.API.Queries),
		cat:      dbapi.NewCatalogue(cfg.API.Openers),
		helpers:  []dbapi.Name{"github.com/poollint/poollint/testpool.Get", "github.com/poollint/poollint/testpool.DB"},
		decls:    map[string]*ast.FuncDecl{},
		isolate:  map[*ast.FuncDecl]bool{},
		opens:    map[lifecycle.Place][]string{},
		sources:  map[*types.Var][]ast.Expr{},
		effects:  map[string]effect{},
		sharing:  map[*ast.FuncDecl]bool{},
	}
	for _, name := range cfg.Pool.Helpers {
		c.helpers = append(c.helpers, dbapi.Name(name))
	}
	for _, test := range pkg.Tests {
		if test.Decl != nil && slices.ContainsFunc(test.Opens, func(o lifecycle.Open) bool { return o.Private }) {
			c.isolate[test.Decl] = true
		}
	}
	for _, file := range pass.Files {
		ast.Inspect(file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.AssignStmt:
				for i, l := range n.Lhs {
					if v := c.variable(l); v != nil {
						c.sources[v] = append(c.sources[v], n.Rhs[min(i, len(n.Rhs)-1)])
					}
				}
			case *ast.ValueSpec:
				for i, name := range n.Names {
					if v := c.variable(name); v != nil && len(n.Values) > 0 {
						c.sources[v] = append(c.sources[v], n.Values[min(i, len(n.Values)-1)])
					}
				}
			case *ast.CallExpr:
				c.parameters(n)
			}
			return true
		})
	}
	return c
}

// parameters notes what a call gives to the parameters of a function of the package.
func (c *checker) parameters(call *ast.CallExpr) {
	fn := dbapi.Callee(c.info, call)
	if fn == nil || fn.Pkg() != c.pass.Pkg || fn.Signature().Variadic() {
		return
	}
	params := fn.Origin().Signature().Params()
	for i, arg := range call.Args {
		if i < params.Len() && len(call.Args) == params.Len() {
			c.sources[params.At(i)] = append(c.sources[params.At(i)], arg)
		}
	}
}

// walk visits the tests and notes what runs in parallel.
func (c *checker) walk(report *finding.Reporter) {
	left := parallel.MaxNodes
	sites := map[ast.Node]*lifecycle.Site{}
	for _, site := range c.pkg.Sites {
		sites[site.Call] = site
	}
	reaching := map[lifecycle.Place][]string{} // what the top level of parallel tests reaches by other ways
	for _, test := range c.parallel.Tests {
		c.decls[test.Name] = test.Decl
		if test.Parallel {
			c.tests++
		}
		c.parallel.Walk(test, &left, func(n ast.Node, at parallel.Where) {
			if lit, ok := n.(*ast.FuncLit); ok && at.Parallel && at.Depth == 0 && c.startsParallel(lit) {
				c.tests++
				if at.Repeated {
					c.tests++
				}
			}
			if !at.Parallel {
				return
			}
			switch n := n.(type) {
			case *ast.CallExpr:
				c.call(test, n, sites[n])
				c.tenantArguments(test, n, at)
			case *ast.CompositeLit:
				c.tenantFields(test, n, at)
			}
		})
		if test.Parallel {
			for _, o := range c.opensOf(test.Decl) {
				reaching[o.At] = append(reaching[o.At], test.Name)
			}
		}
	}
	if left == 0 {
		report.Note(c.pass.Fset.PositionFor(c.parallel.Tests[0].Decl.Pos(), false), "the tests of the package call too much code; not all was looked at for what runs in parallel")
	}
	for place, tests := range reaching {
		known := map[string]bool{}
		for _, test := range c.opens[place] {
			known[test] = true
		}
		for _, test := range tests {
			if !known[test] {
				c.opened(place, test)
			}
		}
	}
}

// startsParallel reports whether the literal itself calls t.Parallel.
func (c *checker) startsParallel(lit *ast.FuncLit) bool { return c.parallel.CallsParallel(lit.Body) }

// opensOf returns what the test reaches, as far as it opens it for itself.
func (c *checker) opensOf(decl *ast.FuncDecl) []lifecycle.Open {
	for _, test := range c.pkg.Tests {
		if test.Decl == decl {
			return slices.DeleteFunc(slices.Clone(test.Opens), func(o lifecycle.Open) bool { return o.Once || o.Private || o.Closed })
		}
	}
	return nil
}

// opened notes that a test reaches what opens at a place. Tests come one after
// another: one that is known is the last.
func (c *checker) opened(place lifecycle.Place, test string) {
	tests := c.opens[place]
	if place != "" && (len(tests) == 0 || tests[len(tests)-1] != test) {
		c.opens[place] = append(tests, test)
	}
}

// call notes what a call in a parallel test opens or wipes.
func (c *checker) call(test *parallel.Test, call *ast.CallExpr, site *lifecycle.Site) {
	if site != nil {
		c.opened(site.Place, test.Name)
	}
	fn := dbapi.Callee(c.info, call)
	if fn == nil {
		return
	}
	for _, o := range c.pkg.Func(fn).Opens {
		if !o.Once && !o.Private && !o.Closed {
			c.opened(o.At, test.Name)
		}
	}
	c.query(test, call, fn)
}

func (c *checker) variable(e ast.Expr) *types.Var {
	switch e := ast.Unparen(e).(type) {
	case *ast.Ident:
		v, _ := c.info.ObjectOf(e).(*types.Var)
		return v
	case *ast.SelectorExpr:
		v, _ := c.info.ObjectOf(e.Sel).(*types.Var)
		return v
	}
	return nil
}
