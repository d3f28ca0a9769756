// Package isolation finds out which tests leave nothing behind in a database that others
// use too: those that roll back what they do, and those that clean up, themselves, by a
// helper or in a hook of their suite.
package isolation

import (
	"go/types"
	"reflect"
	"sync"

	"golang.org/x/tools/go/analysis"

	"github.com/poollint/poollint/internal/config"
	"github.com/poollint/poollint/internal/dbapi"
	"github.com/poollint/poollint/internal/flow"
	"github.com/poollint/poollint/internal/testscope"
)

// Analyzer reads the tests of a package; its result is a *Package.
var Analyzer = &analysis.Analyzer{
	Name:             "poollintisolation",
	Doc:              "find out which tests leave nothing in the database",
	Run:              run,
	RunDespiteErrors: true,
	Requires:         []*analysis.Analyzer{config.Analyzer, flow.Analyzer},
	FactTypes:        []analysis.Fact{new(Func)},
	ResultType:       reflect.TypeFor[*Package](),
}

// Func says how a function of test code leaves a database. It is the object fact of every
// function for tests, outside of test files, that does something of it.
type Func struct {
	Rolls   bool // rolls a transaction back
	Undoes  bool // sees to it that one is rolled back when the test is over
	Commits bool // commits one
	Ends    bool // commits one that a field holds
	Cleans  bool // deletes rows or empties tables, now or when the test is over
	Wipe         // what it does to tables that others use
}

// AFact marks Func as a fact.
func (*Func) AFact() {}

func (f *Func) String() (s string) {
	for _, deed := range []struct {
		done bool
		name string
	}{{f.Rolls, "rolls back"}, {f.Undoes, "undoes"}, {f.Commits, "commits"}, {f.Ends, "ends"}, {f.Cleans, "cleans"}, {f.Does != None, "wipes"}} {
		if deed.done {
			s += " " + deed.name
		}
	}
	return s[min(1, len(s)):]
}

// add adds what another function does that this one runs, now or when the test is over.
func (f *Func) add(of Func, later bool) {
	f.Rolls = f.Rolls || of.Rolls && !later
	f.Undoes = f.Undoes || of.Undoes || of.Rolls && later
	f.Commits = f.Commits || of.Commits && !later
	f.Ends = f.Ends || of.Ends && !later
	f.Cleans = f.Cleans || of.Cleans
}

// A Package knows the tests of one package.
type Package struct {
	pass    *analysis.Pass
	code    *flow.Package
	queries *dbapi.Queries
	funcs   map[*flow.Func]Func
	makers  func() map[string]*flow.Func // by table, see findMakers
}

func run(pass *analysis.Pass) (any, error) {
	p := &Package{pass: pass, code: flow.Of(pass), funcs: map[*flow.Func]Func{}}
	if config.Dependency(pass) {
		return p, nil
	}
	p.makers = sync.OnceValue(p.findMakers)
	p.queries = dbapi.NewQueries(config.Of(pass).API.Queries)
	p.code.BottomUp(p.summarize)
	for f, does := range p.funcs {
		if f.Obj != nil && !f.File.Test && does != (Func{}) {
			pass.ExportObjectFact(f.Obj, &does)
		}
	}
	return p, nil
}

// RollsBack reports whether what a test writes is rolled back when it is over.
func (p *Package) RollsBack(test *flow.Func) bool {
	own := p.funcs[test]
	if own.undone() {
		return true
	}
	hooks := p.hooks(test)
	return (hooks.Undoes || hooks.Rolls) && !hooks.Ends && !own.Ends
}

// RollsBackAround reports whether the test, subtest or spec around code, or one around that, rolls
// back what it writes.
func (p *Package) RollsBackAround(code *flow.Func) bool {
	for ; code != nil; code = code.Parent {
		if p.funcs[code].undone() {
			return true
		}
	}
	return false
}

// undone reports whether what a test does is rolled back when it is over.
func (f Func) undone() bool { return f.Undoes && !f.Commits && !f.Ends }

// Cleans reports whether a test, or a hook around it, deletes rows or empties tables.
func (p *Package) Cleans(test *flow.Func) bool { return p.funcs[test].Cleans || p.hooks(test).Cleans }

// hooks returns what the hooks of a suite do around its methods; those that an embedded
// suite has, unless they are overridden, are its own.
func (p *Package) hooks(test *flow.Func) (all Func) {
	if test.Sig == nil || test.Sig.Recv() == nil || test.When&testscope.PerTest == 0 {
		return all
	}
	for _, hook := range testscope.HooksOf(test.Sig.Recv().Type(), p.pass.Pkg) {
		all.add(p.of(hook), false)
	}
	return all
}

// of returns what a declared function of test code does, of this package or another.
func (p *Package) of(fn *types.Func) (does Func) {
	if f := p.code.Func(fn); f != nil {
		return p.funcs[f]
	}
	p.pass.ImportObjectFact(fn, &does)
	return does
}
