// Package capacity finds out how many connections a pool may take, and what
// says so: the DSN, the configuration, an option, a method of the handle, here
// or in the functions that give and take them.
//
// It follows values and not the order of statements: a limit that code puts on a
// pool counts wherever it stands. What code gives and cannot be read counts as a
// limit of unknown size.
package capacity

import (
	"go/ast"
	"go/types"
	"reflect"
	"strings"

	"golang.org/x/tools/go/analysis"

	"github.com/poollint/poollint/internal/config"
	"github.com/poollint/poollint/internal/dbapi"
	"github.com/poollint/poollint/internal/lifecycle"
)

// Analyzer computes the facts; its result is a *Package.
var Analyzer = &analysis.Analyzer{
	Name:             "poollintcapacity",
	Doc:              "find out how many connections a pool may take",
	Run:              run,
	RunDespiteErrors: true,
	Requires:         []*analysis.Analyzer{config.Analyzer, lifecycle.Analyzer},
	FactTypes:        []analysis.Fact{new(Func), new(read)},
	ResultType:       reflect.TypeFor[*Package](),
}

// read is the package fact of packages whose functions were read.
type read struct{}

func (*read) AFact()         {}
func (*read) String() string { return "read" }

// A Package answers for the calls of one package.
type Package struct{ graph *graph }

func run(pass *analysis.Pass) (any, error) {
	if !pass.ResultOf[lifecycle.Analyzer].(*lifecycle.Package).Reaches() {
		return new(Package), nil // of a dependency the catalogue speaks
	}
	if len(pass.Files) == 0 {
		return new(Package), nil // golangci-lint takes no facts of the package beside external tests alone
	}
	pass.ExportPackageFact(new(read))
	g := newGraph(pass, config.Of(pass))
	for _, n := range g.nodes {
		if n.fn == nil {
			continue
		}
		if s := g.summary(n); !s.empty() {
			pass.ExportObjectFact(n.fn, s)
		}
	}
	return &Package{g}, nil
}

// A Lending is a call that gives a configuration to code which will open pools by
// it when it likes.
type Lending struct {
	Call   *ast.CallExpr
	Callee *types.Func
	Opener dbapi.Name
	Bound  Bound
}

// Lendings returns the calls whose arguments are a library's configuration that
// the callee keeps for pools to come.
func (p *Package) Lendings() []Lending {
	if p.graph == nil {
		return nil
	}
	var all []Lending
	for _, n := range p.graph.nodes {
		for _, c := range n.calls {
			for _, pool := range p.graph.pools(c) {
				row := p.graph.cat.OpenerNamed(pool.Opener)
				if pool.Lent && p.graph.configures(c, row) {
					all = append(all, Lending{c.expr, c.fn, pool.Opener, decide(row, &pool.Made)})
					break
				}
			}
		}
	}
	return all
}

// configures reports whether an argument is a configuration of the opener's library.
func (g *graph) configures(c *call, row *dbapi.Opener) bool {
	for _, arg := range c.expr.Args {
		name := dbapi.TypeName(g.info.TypeOf(arg))
		if i := strings.LastIndexByte(name, '.'); i > 0 && row.Limit.Field != "" && name[:i] == row.Name.Package() {
			return hasLimit(g.info.TypeOf(arg), 1)
		}
	}
	return false
}

// Of returns the bound of the pool that the call opens at site, as far as this
// package's code shows it; ok is false if the call opens no pool there.
func (p *Package) Of(call *ast.CallExpr, site lifecycle.Place) (b Bound, ok bool) {
	if p.graph == nil {
		return b, false
	}
	c := p.graph.byCall[call]
	if c == nil {
		return b, false
	}
	for _, pool := range p.graph.pools(c) {
		if pool.Site == site {
			return p.graph.bound(c, pool), true
		}
	}
	return b, false
}
