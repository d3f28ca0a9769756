// Package upkeep finds who calls what: code that runs on its own, for nobody in particular, as
// timers, schedules, collectors of metrics, workers and commands do, and all other code, which
// may have been asked by a tenant.
package upkeep

import (
	"go/ast"
	"go/token"
	"go/types"
	"reflect"
	"slices"
	"strings"
	"sync"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ast/inspector"

	"github.com/poollint/poollint/internal/config"
	"github.com/poollint/poollint/internal/flow"
	"github.com/poollint/poollint/internal/tenantname"
)

// Analyzer finds it; its result is a *Package.
var Analyzer = &analysis.Analyzer{
	Name:             "poollintupkeep",
	Doc:              "find the calls of the module's functions, and what runs on its own",
	Requires:         []*analysis.Analyzer{config.Analyzer, flow.Analyzer},
	Run:              run,
	RunDespiteErrors: true,
	ResultType:       reflect.TypeFor[*Package](),
}

// A Function is a declared function.
type Function struct {
	Name   string // in full
	Method string // of a method: what an interface would call it
	Closed bool   // only code of the module can call it
	Maker  string // of a method: the one function that makes values of its type, if no other can
}

// A Caller says what runs some code.
type Caller struct {
	Own    string   // what shows that the code runs on its own; else empty
	In     string   // the function around it
	Func   Function // whose callers run it; zero if that is not known
	Tenant bool     // it has been given a tenant
}

// A Call is a call of a function of the module, by its name or as a method of an interface.
type Call struct {
	To string
	Caller
}

// A Package is the calls of a package.
type Package struct {
	Calls []Call
	Used  bool // packages of the module import this one, all of which the run sees
	Idle  bool // none does, nor can another module: its code never runs in a program

	reader *reader
}

// maxCalls bounds the calls of a package.
const maxCalls = 20_000

// Callers returns what runs the code at an expression.
func (p *Package) Callers(at ast.Node) []Caller {
	if p.reader == nil {
		return nil
	}
	if call, ok := at.(*ast.CallExpr); ok {
		if c := p.reader.code.Call(call); c != nil {
			return p.reader.callers(c.In, c.At)
		}
	}
	return nil
}

func run(pass *analysis.Pass) (any, error) {
	p := &Package{}
	if len(pass.Files) == 0 || config.Dependency(pass) {
		return p, nil
	}
	r := &reader{pass: pass, info: pass.TypesInfo, code: flow.Of(pass), literals: map[*flow.Func][]Caller{}, foreign: map[*types.Package]map[string]bool{}}
	r.makers = sync.OnceValue(r.findMakers)
	r.serves = sync.OnceValue(func() bool { return serves(r.info) })
	p.reader = r
	seen := new(config.Seen)
	if pass.ImportPackageFact(pass.Pkg, seen) {
		p.Used = seen.Imported && !seen.ByTests
		p.Idle = !seen.Imported && pass.Pkg.Name() != "main" && IsInternal(pass.Pkg)
	}
	known := map[Call]bool{}
	add := func(f *flow.Func, to string, by []Caller) {
		hand := r.byHand(f.Cursor.Node().Pos())
		for _, b := range by {
			if b.Own == "" && hand != "" {
				b = Caller{Own: hand, Tenant: b.Tenant}
			}
			if c := (Call{to, b}); to != "" && !known[c] && len(p.Calls) < maxCalls {
				known[c] = true
				p.Calls = append(p.Calls, c)
			}
		}
	}
	r.eachMade(func(name string) {
		if c := (Call{To: name}); !known[c] && len(p.Calls) < maxCalls {
			known[c] = true
			p.Calls = append(p.Calls, c)
		}
	})
	for _, f := range r.code.Funcs() {
		if f.File.Test {
			continue
		}
		for _, call := range f.Calls {
			if call.Fn == nil || !config.Ours(r.pass, call.Fn.Pkg()) {
				continue
			}
			by := r.callers(f, call.At)
			add(f, called(call.Fn), by)
			for _, fn := range call.Methods() {
				add(f, FunctionOf(fn).Name, by)
			}
		}
		for _, ref := range f.Refs {
			if config.Ours(r.pass, ref.Of.Pkg()) {
				add(f, called(ref.Of), r.handed(f, ref.At, ref.Of.Signature()))
			}
		}
	}
	return p, nil
}

// IsInternal reports whether other modules cannot import a package.
func IsInternal(pkg *types.Package) bool {
	return slices.Contains(strings.Split(pkg.Path(), "/"), "internal")
}

// Function returns a function of the package by its names, and whether only the module calls it.
func (p *Package) Function(fn *types.Func) Function {
	if p.reader == nil {
		return FunctionOf(fn)
	}
	return p.reader.functionOf(fn)
}

// FunctionOf returns a function by its names.
func FunctionOf(fn *types.Func) Function {
	f := Function{Name: fn.FullName()}
	if fn.Signature().Recv() != nil && fn.Exported() {
		f.Method = method(fn)
	}
	return f
}

// functionOf returns a function by its names, and who may run it.
func (r *reader) functionOf(fn *types.Func) Function {
	f := FunctionOf(fn)
	f.Closed = r.isClosed(fn)
	if recv := fn.Signature().Recv(); recv != nil {
		f.Maker = r.makers()[namedOf(recv.Type()).Origin().Obj()]
	}
	return f
}

// receiver returns the name of the type that a method is of.
func (f Function) receiver() string {
	recv, _, _ := strings.Cut(strings.TrimLeft(f.Name, "(*"), ")")
	recv, _, _ = strings.Cut(recv, "[") // its parameters
	return recv
}

// isPrivate reports whether only its package can call a function.
func (f Function) isPrivate() bool {
	return !token.IsExported(f.Name[strings.LastIndex(f.Name, ".")+1:])
}

// isClosed reports whether only code of the module can call a function: it is no method that an
// interface of another module may have. What such interfaces ask for has one word, as Delete, or
// is declared where the method's package has it from.
func (r *reader) isClosed(fn *types.Func) bool {
	sig := fn.Signature()
	if sig.Recv() == nil || !fn.Exported() {
		return true
	}
	for v := range sig.Params().Variables() {
		if named := namedOf(v.Type()); named != nil && config.Ours(r.pass, named.Obj().Pkg()) {
			return true
		}
	}
	return len(tenantname.Split(fn.Name())) > 1 && !r.isForeign(fn) && !r.extends(sig.Recv().Type())
}

// extends reports whether a type embeds one of another module, such as a framework's controller,
// which finds its methods by their names.
func (r *reader) extends(t types.Type) bool {
	named := namedOf(t)
	if named == nil {
		return false
	}
	of, ok := named.Underlying().(*types.Struct)
	if !ok {
		return false
	}
	for f := range of.Fields() {
		if by := namedOf(f.Type()); f.Embedded() && (by == nil || !config.Ours(r.pass, by.Obj().Pkg())) {
			return true
		}
	}
	return false
}

// isForeign reports whether an interface that a package imports from another module has a method
// of the name.
func (r *reader) isForeign(fn *types.Func) bool {
	return slices.ContainsFunc(fn.Pkg().Imports(), func(pkg *types.Package) bool {
		return !config.Ours(r.pass, pkg) && r.asksFor(pkg)[fn.Name()]
	})
}

// asksFor returns the names of the methods that the interfaces of a package have.
func (r *reader) asksFor(pkg *types.Package) map[string]bool {
	names, known := r.foreign[pkg]
	if known {
		return names
	}
	names = map[string]bool{}
	for _, name := range pkg.Scope().Names() {
		if obj, ok := pkg.Scope().Lookup(name).(*types.TypeName); ok {
			if of, ok := obj.Type().Underlying().(*types.Interface); ok {
				for m := range of.Methods() {
					names[m.Name()] = true
				}
			}
		}
	}
	r.foreign[pkg] = names
	return names
}

// called returns what a call calls: a function, or a method of an interface.
func called(fn *types.Func) string {
	if recv := fn.Signature().Recv(); recv != nil && types.IsInterface(recv.Type()) {
		return method(fn)
	}
	return fn.FullName()
}

// method returns the name and the types of a method.
func method(fn *types.Func) string {
	var types strings.Builder
	types.WriteString("." + fn.Name())
	for i := range fn.Signature().Params().Len() {
		types.WriteString(" " + fn.Signature().Params().At(i).Type().String())
	}
	return types.String()
}

// Graph returns the calls as the package alone shows them: other packages may call what it
// exports.
func (p *Package) Graph() Graph {
	g := Graph{}
	g.Add(p.Calls)
	if p.reader == nil {
		return g
	}
	for _, f := range p.reader.code.Funcs() {
		if f.Obj != nil && f.Obj.Exported() {
			g.Add([]Call{{To: f.Obj.FullName()}})
		}
	}
	return g
}

// A Graph is the calls of a module, by what is called.
type Graph map[string][]Caller

// Add adds the calls of a package.
func (g Graph) Add(calls []Call) {
	for _, c := range calls {
		g[c.To] = append(g[c.To], c.Caller)
	}
}

// Own says what runs some code on its own, if all that runs it does, as far as the program
// shows; empty if not. What was given a tenant counts only if it may work for one.
func (g Graph) Own(callers []Caller, forOne bool) string {
	own, ok := g.own(callers, forOne, map[Function]bool{}, maxHops)
	if !ok {
		return ""
	}
	return own
}

func (g Graph) own(callers []Caller, forOne bool, above map[Function]bool, hops int) (own string, ok bool) {
	for _, c := range callers {
		by := c.Own
		switch {
		case c.Tenant && !forOne, by == "" && (c.Func == Function{} || hops == 0):
			return "", false
		case by != "" && c.In != "":
			by += " in " + c.In
		case by != "":
		case above[c.Func]:
			continue
		default:
			above[c.Func] = true
			next := g.callersOf(c.Func)
			if len(next) == 0 && c.Func.isPrivate() {
				continue // nobody runs it
			}
			if by, ok = g.own(next, forOne, above, hops-1); !ok || len(next) == 0 {
				return "", false
			}
		}
		if own == "" {
			own = by
		}
	}
	return own, true
}

// Dead reports whether nobody is seen to call a function, itself or as a method of an interface,
// or if inProgram, nobody but functions that are dead themselves.
func (g Graph) Dead(f Function, inProgram bool) bool {
	return inProgram && g.NeverMade(f) || g.dead(f, inProgram, map[Function]bool{})
}

func (g Graph) dead(f Function, inProgram bool, above map[Function]bool) bool {
	above[f] = true
	alive := func(c Caller) bool {
		return !inProgram || c.Own != "" || !c.Func.Closed || !above[c.Func] && !g.dead(c.Func, inProgram, above)
	}
	return !slices.ContainsFunc(g.callersOf(f), alive)
}

// NeverMade reports whether a function is a method of a type of which a program makes no value.
func (g Graph) NeverMade(f Function) bool {
	return f.Maker != "" && len(g[f.receiver()]) == 0 && g.dead(Function{Name: f.Maker, Closed: true}, true, map[Function]bool{})
}

func (g Graph) callersOf(f Function) []Caller {
	all := g[f.Name]
	if f.Method != "" {
		all = append(all[:len(all):len(all)], g[f.Method]...)
	}
	return all
}

// maxHops bounds the functions between code and what runs it.
const maxHops = 20

// maxCallers bounds what runs one literal: where there is more, it may be anybody.
const maxCallers = 100

type reader struct {
	pass     *analysis.Pass
	info     *types.Info
	code     *flow.Package
	serves   func() bool // the package handles requests
	makers   func() map[*types.TypeName]string
	literals map[*flow.Func][]Caller // what runs each, as far as it has been asked
	foreign  map[*types.Package]map[string]bool
}

// callers returns what runs the code at a place in a function: the function around it, or
// what runs the literal that it is in.
func (r *reader) callers(f *flow.Func, at inspector.Cursor) []Caller {
	c := r.around(f)
	c.Tenant = c.Tenant || r.delivers(f) != "" && r.readsTenant(f)
	own := r.runsOn(f, at)
	if own == "" && f.Lit != nil {
		own = r.isGiven(f)
	}
	switch {
	case own != "":
		c.Own = own
		return []Caller{c}
	case f.Lit == nil:
		if f.Obj == nil {
			return []Caller{c} // an initialiser
		}
		if c.Own = r.runsItself(f); c.Own == "" {
			c.Func = r.functionOf(f.Obj)
		}
		return []Caller{c}
	case r.takesTenant(f.Sig):
		return []Caller{c}
	}
	return r.ofLiteral(f)
}

// around returns what is known of the declared function around a place.
func (r *reader) around(f *flow.Func) (c Caller) {
	if outer := f.Outer(); outer.Obj != nil {
		c.In, c.Tenant = outer.Obj.Name(), r.takesTenant(outer.Sig)
	}
	return c
}

// ofLiteral returns what runs a literal; one that leads back to itself may be run by anybody.
func (r *reader) ofLiteral(f *flow.Func) []Caller {
	by, known := r.literals[f]
	if !known {
		r.literals[f] = []Caller{r.around(f)}
		by = r.runLiteral(f)
		r.literals[f] = by
	}
	return by
}

func (r *reader) runLiteral(f *flow.Func) []Caller {
	if parent, ok := f.Cursor.Parent().Node().(*ast.CallExpr); ok && ast.Unparen(parent.Fun) == f.Lit {
		return r.callers(f.Parent, f.Cursor)
	}
	by := r.handed(f.Parent, f.Cursor, f.Sig)
	if len(f.Callers) == 0 || len(by) > 1 || !unknown(by[0]) {
		return by
	}
	var all []Caller
	for _, call := range f.Callers {
		if call.In.File.Test {
			continue
		}
		for _, c := range r.callers(call.In, call.At) {
			if !slices.Contains(all, c) {
				all = append(all, c)
			}
		}
		if len(all) > maxCallers {
			return by
		}
	}
	if len(all) == 0 {
		return by
	}
	return all
}

// handed returns what runs a function that is mentioned at a place: what it is given to, what
// runs the variable that it is put into, or, if it takes nothing that may be a request, the
// function around.
func (r *reader) handed(f *flow.Func, at inspector.Cursor, sig *types.Signature) []Caller {
	if by := r.handedOn(f, at, sig, map[any]bool{}); len(by) > 0 {
		return by
	}
	return []Caller{r.around(f)}
}

// handedOn goes through the variables and the functions that hand a function on, each once.
func (r *reader) handedOn(f *flow.Func, at inspector.Cursor, sig *types.Signature, through map[any]bool) []Caller {
	c := r.around(f)
	value := at.Node()
	for p := at.Parent(); p.Valid(); p = p.Parent() {
		switch n := p.Node().(type) {
		case *ast.ParenExpr, *ast.SelectorExpr, *ast.IndexExpr:
			value = n
			continue
		case *ast.KeyValueExpr:
			if key, ok := n.Key.(*ast.Ident); ok {
				c.Own = runsField(r.pass, r.info, p.Parent().Node(), key.Name)
			}
		case *ast.AssignStmt:
			if i := slices.IndexFunc(n.Rhs, func(e ast.Expr) bool { return e == value }); i >= 0 && len(n.Lhs) == len(n.Rhs) {
				if by, ok := r.runVariable(flow.Var(r.info, n.Lhs[i]), sig, through); ok {
					return by
				}
			}
		case *ast.ReturnStmt:
			if f.Obj != nil && f.Obj.Exported() || len(f.Callers) == 0 || len(f.Callers) > maxCallers || len(through) > maxHops {
				break
			}
			if through[f] {
				return nil
			}
			through[f] = true
			var all []Caller
			for _, call := range f.Callers {
				if !call.In.File.Test {
					all = append(all, r.handedOn(call.In, call.At, sig, through)...)
				}
			}
			return all
		case *ast.CallExpr:
			if ast.Unparen(n.Fun) == value {
				return r.callers(f, p)
			}
			if c.Own = schedules(r.info, n); c.Own == "" && !r.mayBeRequest(sig) {
				c.Own = collects(r.info.TypeOf(n))
			}
			if c.Own == "" && isFunc(r.info.TypeOf(n)) { // it wraps the function
				if by := r.handedOn(f, p, sig, through); !slices.ContainsFunc(by, unknown) {
					return by
				}
			}
			if c.Own == "" && !r.mayBeRequest(sig) && (givesNothing(sig) || takesHandle(sig)) {
				return r.callers(f, p)
			}
		}
		break
	}
	return []Caller{c}
}

// unknown reports whether nothing is known of what runs some code.
func unknown(c Caller) bool { return c.Own == "" && c.Func == Function{} }

// runVariable returns what runs the functions that are put into a variable, by its mentions; ok
// is false if it may be anybody.
func (r *reader) runVariable(v *types.Var, sig *types.Signature, through map[any]bool) (all []Caller, ok bool) {
	switch {
	case v == nil || !r.code.Local(v) || len(through) > maxHops:
		return nil, false
	case through[v]:
		return nil, true
	}
	through[v] = true
	for _, at := range r.code.Mentions(v) {
		if isStoredTo(at) {
			continue
		}
		all = append(all, r.handedOn(r.code.Around(at), at, sig, through)...)
		if len(all) > maxCallers {
			return nil, false
		}
	}
	return all, true
}

// isStoredTo reports whether an assignment or a declaration names a variable for what it puts there.
func isStoredTo(at inspector.Cursor) bool {
	switch n := at.Parent().Node().(type) {
	case *ast.AssignStmt:
		return slices.ContainsFunc(n.Lhs, func(e ast.Expr) bool { return e == at.Node() })
	case *ast.ValueSpec:
		return slices.ContainsFunc(n.Names, func(id *ast.Ident) bool { return id == at.Node() })
	}
	return false
}

// isFunc reports whether values of a type can be called.
func isFunc(t types.Type) bool {
	if t == nil {
		return false
	}
	_, ok := t.Underlying().(*types.Signature)
	return ok
}
