// Package flow reads the Go code of a package once, for all who ask what it does:
// its functions, who calls them, what is put where, and on which ways a function ends.
//
// Where a value comes from, and where it goes, is answered here; what it means is for those
// who ask. Of libraries it knows from the catalogue what ends a value and what hands out
// another face of it.
package flow

import (
	"go/ast"
	"go/types"
	"iter"
	"maps"
	"reflect"
	"sync"
	"sync/atomic"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/passes/inspect"
	"golang.org/x/tools/go/ast/inspector"

	"github.com/poollint/poollint/internal/config"
)

// Analyzer reads a package; its result is a *Package.
var Analyzer = &analysis.Analyzer{
	Name:             "poollintflow",
	Doc:              "read what calls what, and what flows where",
	Run:              run,
	RunDespiteErrors: true,
	Requires:         []*analysis.Analyzer{inspect.Analyzer},
	FactTypes:        []analysis.Fact{new(Deeds)},
	ResultType:       reflect.TypeFor[*Package](),
}

// A Package is the code of one package. What it returns belongs to it, and must not be
// changed.
type Package struct {
	pass *analysis.Pass
	code func() *code
}

// Code is what one walk over the files finds.
type code struct {
	pass *analysis.Pass
	info *types.Info

	funcs    []*Func
	byObj    map[*types.Func]*Func
	byNode   map[ast.Node]*Func // by declaration, literal or declaration of variables
	calls    map[*ast.CallExpr]*Call
	into     map[*types.Var][]*Store
	from     map[ast.Expr][]*Store
	mentions map[types.Object][]inspector.Cursor // of variables and constants
	params   map[*types.Var]Param
	results  map[*types.Var]Param // named results
	passed   map[*types.Var][]Argument
	taken    map[*types.Var]bool
	types    func() []*types.Named       // that the package and those of its module that it imports declare
	implsOf  sync.Mutex                  // guards impls
	impls    map[types.Type][]types.Type // pointers to what implements an interface
	groups   func() [][]*Func            // see components
	deeds    map[*Func]*Deeds

	work  atomic.Int64 // see maxWork
	looks atomic.Int64 // of traces, see fewLooks
	mu    sync.Mutex   // guards fates and spots
	fates map[held]*Fate
	spots map[held]*spots
}

func run(pass *analysis.Pass) (any, error) {
	in := pass.ResultOf[inspect.Analyzer].(*inspector.Inspector)
	if config.Dependency(pass) {
		in = inspector.New(nil) // the catalogue speaks for it
	}
	p := &Package{pass: pass, code: sync.OnceValue(func() *code { return read(pass, in) })}
	if !config.Dependency(pass) {
		p.summarize()
	}
	return p, nil
}

// Of returns the code of the pass, whose analyzer must require Analyzer.
func Of(pass *analysis.Pass) *Package { return pass.ResultOf[Analyzer].(*Package) }

// Funcs returns the functions of the package: those that are declared, literals, and
// the initialisers of package-level variables; each before the literals in it.
func (p *Package) Funcs() []*Func { return p.code().funcs }

// Func returns the declared function, or the generic one that fn is an instance of;
// nil if it is of another package or has no body.
func (p *Package) Func(fn *types.Func) *Func {
	if fn == nil {
		return nil
	}
	return p.code().byObj[fn.Origin()]
}

// FuncAt returns the function of a declaration or a literal, nil if there is none.
func (p *Package) FuncAt(n ast.Node) *Func { return p.code().byNode[n] }

// Around returns the innermost function around c; nil outside of functions and
// initialisers.
func (p *Package) Around(c inspector.Cursor) *Func { return p.code().around(c) }

// functions are the nodes of functions.
var functions = []ast.Node{(*ast.FuncLit)(nil), (*ast.FuncDecl)(nil), (*ast.GenDecl)(nil)}

func (c *code) around(at inspector.Cursor) *Func {
	for around := range at.Enclosing(functions...) {
		if f := c.byNode[around.Node()]; f != nil {
			return f
		}
	}
	return nil
}

// Call returns the call that an expression is; nil if it does not stand in a function
// or an initialiser.
func (p *Package) Call(expr *ast.CallExpr) *Call { return p.code().calls[expr] }

// Into returns what is put into a variable or field, or into a part of it.
func (p *Package) Into(v *types.Var) []*Store { return p.code().into[v] }

// From returns where the value of an expression is put, or one of the values of a call.
func (p *Package) From(e ast.Expr) []*Store { return p.code().from[ast.Unparen(e)] }

// Mentions returns the identifiers that use a variable, field or constant, in source order.
func (p *Package) Mentions(obj types.Object) []inspector.Cursor { return p.code().mentions[obj] }

// MentionedIn reports whether a variable, field or constant is used in a node.
func (p *Package) MentionedIn(obj types.Object, n ast.Node) bool {
	for range p.MentionsIn(obj, n) {
		return true
	}
	return false
}

// MentionsIn yields the identifiers in a node that use a variable, field or constant.
func (p *Package) MentionsIn(obj types.Object, n ast.Node) iter.Seq[inspector.Cursor] {
	return func(yield func(inspector.Cursor) bool) {
		for _, c := range p.Mentions(obj) {
			if n.Pos() <= c.Node().Pos() && c.Node().Pos() < n.End() && !yield(c) {
				return
			}
		}
	}
}

// Mentioned yields the variables, fields and constants that the package uses, in no order.
func (p *Package) Mentioned() iter.Seq[types.Object] { return maps.Keys(p.code().mentions) }

// Passed returns the calls that take a variable or field, whole, as an argument.
func (p *Package) Passed(v *types.Var) []Argument { return p.code().passed[v] }

// Param says which parameter a variable is; ok is false if it is none.
func (p *Package) Param(v *types.Var) (param Param, ok bool) {
	param, ok = p.code().params[v]
	return param, ok
}

// AddressTaken reports whether somewhere the address of a variable or field is taken.
func (p *Package) AddressTaken(v *types.Var) bool { return p.code().taken[v] }

// Result reports whether v is a named result, which a return without values hands out.
func (p *Package) Result(v *types.Var) bool { _, ok := p.code().results[v]; return ok }

// Global reports whether a variable lives as long as the process.
func Global(v *types.Var) bool { return v.Pkg() != nil && v.Parent() == v.Pkg().Scope() }

// Local reports whether v is a variable of a function, neither parameter nor receiver.
func (p *Package) Local(v *types.Var) bool { return p.code().local(v) }

func (c *code) local(v *types.Var) bool {
	_, param := c.params[v]
	return !param && !Global(v) && !v.IsField()
}
