// Package lifecycle finds out what each function does with database handles:
// what it opens, for whom, and how often. Facts carry the answers to the
// packages that import it; the result lists, for the package at hand, the calls
// in test code that open something, with a verdict.
package lifecycle

import (
	"cmp"
	"go/ast"
	"go/token"
	"go/types"
	"path/filepath"
	"reflect"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ast/inspector"

	"github.com/poollint/poollint/internal/config"
	"github.com/poollint/poollint/internal/dbapi"
	"github.com/poollint/poollint/internal/flow"
)

// Analyzer computes the facts; its result is a *Package.
var Analyzer = &analysis.Analyzer{
	Name:             "poollintlifecycle",
	Doc:              "find out what each function does with database handles",
	Run:              run,
	RunDespiteErrors: true,
	Requires:         []*analysis.Analyzer{config.Analyzer, flow.Analyzer},
	FactTypes:        []analysis.Fact{new(Func), new(reaches)},
	ResultType:       reflect.TypeFor[*Package](),
}

// A Package holds what is known of one package.
type Package struct {
	Sites []*Site // calls in test code that open something, in source order
	Tests []*Test // tests that reach an opener, in source order

	// Helpers are the calls in production code named for tests that open something
	// for whoever calls it. A site of Sites names the one it belongs to.
	Helpers []*Site

	// Leads are the calls in test code by which something is opened at another place, for each
	// test and on a database that tests share.
	Leads []Lead

	// Reached are the places outside test files where something is opened for the package's tests.
	Reached []Place

	// Whole says that a call in production code that none of the run's tests reaches, none
	// reaches at all: the run lists whole modules, with their tests.
	Whole bool

	// Cut is a function, or call, whose callers were not followed any more, as there were too
	// many; not valid if all were.
	Cut token.Pos

	graph *graph
}

// Reaches reports whether the package can touch a handle at all.
func (p *Package) Reaches() bool { return p.graph != nil }

// Func returns what fn does with handles; the zero Func if nothing is known.
func (p *Package) Func(fn *types.Func) *Func {
	if p.graph == nil || fn == nil {
		return new(Func)
	}
	return p.graph.funcOf(fn)
}

// Var returns what calls of a package variable of another package do; the zero Func if nothing
// is known.
func (p *Package) Var(v *types.Var) *Func {
	if p.graph == nil || v == nil {
		return new(Func)
	}
	f, _ := p.graph.lookupVar(v)
	return f
}

// A Site is a call in test code that opens pools or connections: the call of an
// opener, or of production code that calls one.
type Site struct {
	Call    *ast.CallExpr
	Callee  *types.Func
	File    *ast.File
	Place   Place
	Opens   []Open // what is opened, never empty
	Direct  bool   // Callee is in the catalogue
	Verdict Verdict
	Meant   *types.Var    // Unassigned: the package variable that was meant to hold the handle
	Tests   []string      // names of the tests of this package that reach it, in source order
	Func    *ast.FuncDecl // the declaration around it; nil in a package-level initialiser
	InTest  bool          // stands in a _test.go file
	Cause   *Site         // the first site of those that have one cause; itself if there is no other
	Single  bool          // for a Test that is Single
	Alone   bool          // one test reaches it, and runs it once
	Hook    string        // the suite before each of whose tests it runs
	Suite   bool          // Once: each test that runs a suite opens it anew
	Started bool          // it is on a server that the code started, wherever it is reached
	After   bool          // some way there begins when a test is over
	Admin   bool          // the function around it makes or drops databases with it, closes it, and gives it to nobody
	Around  bool          // the function around it runs all tests of the binary behind it
	Ended   bool          // it is handed to calls in the package, each of which closes it
	Dials   bool          // the function around it dials for a pool: who closes that does not show
	DDL     bool          // the function around it, or a test that reaches it, changes tables

	At inspector.Cursor // of Call
	in *flow.Func       // around it

	retry bool // tries again what a site before it failed to do
}

// A Lead is a call that leads to a place where something is opened.
type Lead struct {
	Call *ast.CallExpr
	To   Place
}

// Path returns the call and what stands around it, up to the file.
func (s *Site) Path() (nodes []ast.Node) {
	for at := s.At; at.Node() != nil; at = at.Parent() {
		nodes = append(nodes, at.Node())
	}
	return nodes
}

// Verdict says why a site opens a pool for each test, or why that is fine.
type Verdict uint8

// The verdicts.
const (
	PerTest       Verdict = iota // each test, subtest or iteration opens it again
	Unassigned                   // meant to be shared, but the package variable is never assigned
	Once                         // once a process or suite
	Private                      // on a database, schema or container of its own
	Failing                      // the open is expected to fail
	Probe                        // opened and closed inside one helper
	Documentation                // an Example
	Unused                       // no test reaches it
)

func (v Verdict) String() string {
	return [...]string{"per test", "unassigned", "once", "private", "failing", "probe", "documentation", "unused"}[v]
}

// A Test is a test, benchmark, fuzz test, suite method or spec.
type Test struct {
	Name  string
	Decl  *ast.FuncDecl // nil for a spec
	Opens []Open        // what it reaches, at most one for each place

	// Single says that no other test of the package opens anything, and this one once. That of
	// its Binary may, which tests outside of the package share.
	Single bool
	Binary string
}

func run(pass *analysis.Pass) (any, error) {
	result := new(Package)
	if pass.Module != nil && pass.Module.Version != "" {
		return result, nil // a dependency: the catalogue speaks for it
	}
	cat := dbapi.NewCatalogue(config.Of(pass).API.Openers)
	libraries := map[string]bool{}
	for path := range cat.Packages() {
		libraries[path] = true
	}
	reached := relevant(pass, libraries)
	if !reached && !makesNames(pass) {
		exportOthers(pass)
		return result, nil
	}
	g := newGraph(pass, cat, libraries)
	if reached {
		slices.Sort(g.invented.told)
		pass.ExportPackageFact(&reaches{slices.Compact(g.invented.told)})
	}
	for _, f := range g.code.Funcs() {
		if f.Obj == nil {
			continue
		}
		if sum := g.summary(f); len(sum.Opens) > 0 || sum.Makes != 0 || sum.PrivateBy != 0 || sum.Result != 0 || sum.Flows != 0 || sum.Puts != "" || len(sum.Unset) > 0 || len(sum.Chosen) > 0 || sum.Demands != 0 {
			pass.ExportObjectFact(f.Obj, &sum.Func)
		}
	}
	if !reached {
		return result, nil
	}
	g.exportInterfaces()
	g.exportVariables()
	result.graph = g
	result.Sites, result.Tests, result.Reached = g.judge()
	result.Leads = g.leads()
	result.Helpers = g.helpers()
	result.Cut = g.cut
	result.Whole = pass.ImportPackageFact(pass.Pkg, new(config.Seen))
	return result, nil
}

// exportOthers exports the facts of a package that can touch no handle: what its assertions
// demand, what its configurations choose.
func exportOthers(pass *analysis.Pass) {
	g := &graph{pass: pass, info: pass.TypesInfo, code: flow.Of(pass)}
	for _, f := range g.code.Funcs() {
		if f.Obj == nil || !f.Obj.Exported() {
			continue
		}
		fact := &Func{Demands: g.demandsOf(f), Chosen: g.choicesOf(f)}
		if fact.Demands != 0 || len(fact.Chosen) > 0 {
			pass.ExportObjectFact(f.Obj, fact)
		}
	}
}

// makesNames reports whether the package may make what differs from call to call, such as a database's name.
func makesNames(pass *analysis.Pass) bool {
	return slices.ContainsFunc(pass.Pkg.Imports(), func(imp *types.Package) bool { return dbapi.Differs(imp.Path()) })
}

// relevant reports whether the package can touch a handle, or make a database,
// at all.
func relevant(pass *analysis.Pass, libraries map[string]bool) bool {
	for _, imp := range pass.Pkg.Imports() {
		if libraries[imp.Path()] || dbapi.MakesServers(imp.Path()) || pass.ImportPackageFact(imp, new(reaches)) {
			return true
		}
	}
	return libraries[strings.TrimSuffix(pass.Pkg.Path(), "_test")] || takesOwn(pass)
}

// compare orders by file and place. Positions alone do not: files are parsed at once.
func (g *graph) compare(a, b ast.Node) int {
	file := func(n ast.Node) string { return g.pass.Fset.File(n.Pos()).Name() }
	return cmp.Or(strings.Compare(file(a), file(b)), cmp.Compare(a.Pos(), b.Pos()))
}

func (g *graph) place(n ast.Node) Place { return PlaceOf(g.pass, n) }

// PlaceOf returns the place of a node of the package of the pass.
func PlaceOf(pass *analysis.Pass, n ast.Node) Place {
	pos := pass.Fset.PositionFor(n.Pos(), false)
	return place(pass.Pkg.Path(), filepath.Base(pos.Filename), pos.Line, pos.Column)
}
