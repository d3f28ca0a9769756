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
	"sync"

	"golang.org/x/tools/go/analysis"

	"github.com/poollint/poollint/internal/config"
	"github.com/poollint/poollint/internal/dbapi"
	"github.com/poollint/poollint/internal/flow"
	"github.com/poollint/poollint/internal/lifecycle"
)

// Analyzer computes the facts; its result is a *Package.
var Analyzer = &analysis.Analyzer{
	Name:             "poollintcapacity",
	Doc:              "find out how many connections a pool may take",
	Run:              run,
	RunDespiteErrors: true,
	Requires:         []*analysis.Analyzer{config.Analyzer, flow.Analyzer, lifecycle.Analyzer},
	FactTypes:        []analysis.Fact{new(Func), new(read)},
	ResultType:       reflect.TypeFor[*Package](),
}

// read is the package fact of packages whose functions were read.
type read struct{}

func (*read) AFact()         {}
func (*read) String() string { return "read" }

// A Package answers for the calls of one package.
type Package struct {
	reader *reader // nil for packages without a database library
	mu     sync.Mutex
}

// A reader finds out what the code of a package has to do with limits.
type reader struct {
	pass *analysis.Pass
	info *types.Info
	conf *config.Config
	cat  *dbapi.Catalogue
	code *flow.Package

	whole     map[*flow.Func]*flow.Func   // of a literal: the function that it is a part of; of others: itself
	parts     map[*flow.Func][]*flow.Func // of a whole function: itself, and the literals in it
	assigned  map[any][]assignment        // by variable, field or call: what code assigns to its limits
	settingOf map[ast.Expr]Setting        // by the numbers of those: when they hold
	numbers   map[*types.Var]bool         // fields whose numbers functions are given, see number
	methods   map[*types.Var][]*flow.Call // the other methods that are called on a variable or field
	keepers   map[*types.Var][]*flow.Call // those that may keep what they are given, also in a part of the variable
	uses      map[*types.Var]*usesBy
	imported  map[*types.Func]*Func // of other packages
	configs   map[types.Type]bool   // see configures
	summaries flow.Summaries[*summary]
	bounds    map[giving]*Bound
	vars      map[string]string // of the .env files; nil before they are read
}

func newReader(pass *analysis.Pass) *reader {
	conf := config.Of(pass)
	r := &reader{
		pass: pass, info: pass.TypesInfo, conf: conf,
		cat: dbapi.NewCatalogue(conf.API.Openers), code: flow.Of(pass),
		whole: map[*flow.Func]*flow.Func{}, parts: map[*flow.Func][]*flow.Func{},
		assigned: map[any][]assignment{}, settingOf: map[ast.Expr]Setting{}, methods: map[*types.Var][]*flow.Call{}, keepers: map[*types.Var][]*flow.Call{}, uses: map[*types.Var]*usesBy{},
		imported: map[*types.Func]*Func{}, configs: map[types.Type]bool{}, numbers: map[*types.Var]bool{}, bounds: map[giving]*Bound{},
	}
	for _, f := range r.code.Funcs() {
		whole := f
		if f.Parent != nil && !initialises(f.Parent) { // one in an initialiser is nobody's part
			whole = r.whole[f.Parent]
		}
		r.whole[f] = whole
		r.parts[whole] = append(r.parts[whole], f)
	}
	r.index()
	r.summaries.Make = r.summarize
	r.summaries.Same = func(before, after *summary) bool {
		return before == nil && after.empty() || before != nil && before.like(&after.Func)
	}
	r.summaries.Run(r.code, func(f *flow.Func) bool { return r.whole[f] == f })
	return r
}

// initialises reports whether code runs before main, and literals in it are there for others to
// call: the initialisers of variables, and init.
func initialises(f *flow.Func) bool {
	return f.Type() == nil || f.Decl != nil && f.Decl.Recv == nil && f.Decl.Name.Name == "init"
}

// pools returns the pools that a call opens, as its function sees them.
func (r *reader) pools(c *flow.Call) []Pool { return r.summaries.Of(r.whole[c.In]).pools[c] }

func (r *reader) place(n ast.Node) lifecycle.Place { return lifecycle.PlaceOf(r.pass, n) }

func run(pass *analysis.Pass) (any, error) {
	if !pass.ResultOf[lifecycle.Analyzer].(*lifecycle.Package).Reaches() {
		return new(Package), nil // of a dependency the catalogue speaks
	}
	if len(pass.Files) == 0 {
		return new(Package), nil // golangci-lint takes no facts of the package beside external tests alone
	}
	pass.ExportPackageFact(new(read))
	r := newReader(pass)
	for _, f := range r.code.Funcs() {
		if f.Obj == nil {
			continue
		}
		if s := r.summaries.Of(f); !s.empty() {
			pass.ExportObjectFact(f.Obj, &s.Func)
		}
	}
	return &Package{reader: r}, nil
}

// A Configured is a call that gives a configuration to code which will open pools by
// it when it likes.
type Configured struct {
	Call   *ast.CallExpr
	Callee *types.Func
	Opener dbapi.Name
	Bound  Bound
}

// Configured returns the calls whose arguments are a library's configuration that
// the callee keeps for pools to come.
func (p *Package) Configured() []Configured {
	r := p.reader
	if r == nil {
		return nil
	}
	var all []Configured
	for _, f := range r.code.Funcs() {
		for _, c := range f.Calls {
			for _, pool := range r.pools(c) {
				row := r.cat.OpenerNamed(pool.Opener)
				if pool.Later && r.isConfigured(c, row) {
					all = append(all, Configured{c.Expr, c.Fn, pool.Opener, decide(row, &pool.From)})
					break
				}
			}
		}
	}
	return all
}

// isConfigured reports whether an argument is a configuration of the opener's library.
func (r *reader) isConfigured(c *flow.Call, row *dbapi.Opener) bool {
	for _, arg := range c.Expr.Args {
		name := dbapi.TypeName(r.info.TypeOf(arg))
		if i := strings.LastIndexByte(name, '.'); i > 0 && row.Limit.Field != "" && name[:i] == row.Name.Package() {
			return hasLimit(r.info.TypeOf(arg), 1)
		}
	}
	return false
}

// Field returns the field of an argument by which the call's function limits the pool that it
// opens at site, as the import path of its package and its name; empty if there is none.
func (p *Package) Field(call *ast.CallExpr, site lifecycle.Place) (pkg, name string) {
	if p.reader == nil {
		return "", ""
	}
	c := p.reader.code.Call(call)
	if c == nil {
		return "", ""
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, callee := range p.reader.callees(c) {
		if callee.does == nil {
			continue
		}
		for _, pool := range callee.does.Pools {
			row := p.reader.cat.OpenerNamed(pool.Opener)
			for _, s := range pool.From.Settings {
				key := s.Amount.Key
				if i := strings.LastIndexByte(key, '.'); pool.Site == site && s.Amount.Kind == FromParam && i > 0 && bounds(row, s.Key) {
					return key[:i], key[i+1:]
				}
			}
		}
	}
	return "", ""
}

// Of returns the bound of the pool that the call opens at site, as far as this
// package's code shows it; ok is false if the call opens no pool there.
func (p *Package) Of(call *ast.CallExpr, site lifecycle.Place) (b Bound, ok bool) {
	if p.reader == nil {
		return b, false
	}
	c := p.reader.code.Call(call)
	if c == nil {
		return b, false
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, pool := range p.reader.pools(c) {
		if pool.Site == site {
			return p.reader.bound(c, pool, maxCallers), true
		}
	}
	return b, false
}
