// Package ownership finds out who has to release the handles that functions
// obtain: the function itself, its caller, or whoever it gives them to. Facts
// carry the answers to the packages that import it.
//
// It is lenient: what it cannot follow counts as released by someone.
package ownership

import (
	"go/ast"
	"go/types"
	"reflect"
	"slices"
	"sync"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/passes/inspect"
	"golang.org/x/tools/go/ast/inspector"

	"github.com/poollint/poollint/internal/config"
	"github.com/poollint/poollint/internal/dbapi"
	"github.com/poollint/poollint/internal/lifecycle"
)

// Analyzer computes the facts; its result is a *Package.
var Analyzer = &analysis.Analyzer{
	Name:             "poollintownership",
	Doc:              "find out who has to release database handles",
	Run:              run,
	RunDespiteErrors: true,
	Requires:         []*analysis.Analyzer{config.Analyzer, lifecycle.Analyzer, inspect.Analyzer},
	FactTypes:        []analysis.Fact{new(Func)},
	ResultType:       reflect.TypeFor[*Package](),
}

// A Package lists the handles that the functions of one package obtain.
type Package struct {
	Handles  []*Handle // in source order
	pkg      *pkg
	released func() map[*types.Var]bool // the fields of which some function releases what they hold
}

// A Handle is something that a call hands out and that somebody has to release.
type Handle struct {
	Gift
	Call   inspector.Cursor // of the *ast.CallExpr
	In     *ast.FuncDecl
	Callee *types.Func
	Direct bool       // Callee is in the catalogue
	Holder *types.Var // the variable that takes the handle; nil if none does
	Err    *types.Var // the variable that takes the call's error; nil if none does

	// Dropped says that the result that would release the handle is assigned to
	// the blank identifier or not at all.
	Dropped bool
	Fate    *Fate
}

// Expr returns the call.
func (h *Handle) Expr() *ast.CallExpr { return h.Call.Node().(*ast.CallExpr) }

// Func returns what fn does with handles; the zero Func if nothing is known.
func (p *Package) Func(fn *types.Func) *Func {
	if p.pkg == nil || fn == nil {
		return new(Func)
	}
	return p.pkg.funcOf(fn)
}

// Releases reports whether some function of the package releases what a field holds.
func (p *Package) Releases(field *types.Var) bool { return p.released()[field] }

type pkg struct {
	pass      *analysis.Pass
	info      *types.Info
	catalogue *dbapi.Catalogue
	lifecycle *lifecycle.Package

	functions []*function
	byFunc    map[*types.Func]*function
	params    map[*types.Var]bool // parameters and receivers
	facts     map[*types.Func]*Func
	busy      map[*types.Func]bool // being summarized, to cut recursion
}

// A function is a declared function with what its body mentions.
type function struct {
	root     inspector.Cursor // of decl
	decl     *ast.FuncDecl
	fn       *types.Func
	results  []*types.Var
	mentions map[*types.Var][]inspector.Cursor
	calls    []inspector.Cursor
	handles  []*Handle           // once summarized
	fates    map[*types.Var]Fate // of what variables hold, while its handles are followed
}

func run(pass *analysis.Pass) (any, error) {
	result := new(Package)
	life := pass.ResultOf[lifecycle.Analyzer].(*lifecycle.Package)
	if !life.Reaches() {
		return result, nil
	}
	p := &pkg{
		pass: pass, info: pass.TypesInfo, lifecycle: life,
		catalogue: dbapi.NewCatalogue(config.Of(pass).API.Openers),
		byFunc:    map[*types.Func]*function{}, params: map[*types.Var]bool{},
		facts: map[*types.Func]*Func{}, busy: map[*types.Func]bool{},
	}
	p.read(pass.ResultOf[inspect.Analyzer].(*inspector.Inspector))
	for _, f := range p.functions {
		if fact := p.funcOf(f.fn); !fact.empty() {
			pass.ExportObjectFact(f.fn, fact)
		}
		result.Handles = append(result.Handles, p.handles(f)...)
	}
	result.pkg, result.released = p, sync.OnceValue(p.releasedFields)
	return result, nil
}

func (f *Func) empty() bool {
	return len(f.Gives) == 0 && f.Releases == 0 && f.Keeps == 0 && f.Passes == 0 && f.Later == 0
}

// read indexes the functions of the package.
func (p *pkg) read(in *inspector.Inspector) {
	for c := range in.Root().Preorder((*ast.FuncDecl)(nil)) {
		decl := c.Node().(*ast.FuncDecl)
		fn, ok := p.info.Defs[decl.Name].(*types.Func)
		if !ok || decl.Body == nil {
			continue
		}
		f := &function{root: c, decl: decl, fn: fn, mentions: map[*types.Var][]inspector.Cursor{}}
		for v := range fn.Signature().Results().Variables() {
			f.results = append(f.results, v)
		}
		for i := range parameters(fn) {
			p.params[parameter(fn, i)] = true
		}
		for c := range c.Preorder((*ast.Ident)(nil), (*ast.CallExpr)(nil)) {
			switch n := c.Node().(type) {
			case *ast.Ident:
				if v, ok := p.info.Uses[n].(*types.Var); ok && !v.IsField() {
					f.mentions[v] = append(f.mentions[v], c)
				}
			case *ast.CallExpr:
				f.calls = append(f.calls, c)
			}
		}
		p.functions = append(p.functions, f)
		p.byFunc[fn] = f
	}
}

// parameters returns how many parameters fn has, the receiver included.
func parameters(fn *types.Func) int { return fn.Signature().Params().Len() + 1 }

// parameter returns parameter i of fn, the receiver being 0; nil if there is none.
func parameter(fn *types.Func, i int) *types.Var {
	if i == 0 {
		return fn.Signature().Recv()
	}
	return fn.Signature().Params().At(i - 1)
}

// own reports whether fn belongs to the module under analysis, as far as known:
// to the package, or to one whose facts are there.
func (p *pkg) own(fn *types.Func) bool {
	return p.known(fn) || fn.Pkg() == p.pass.Pkg || p.sameModule(fn.Pkg())
}

// sameModule reports whether the package is part of the module under analysis.
func (p *pkg) sameModule(other *types.Package) bool {
	if p.pass.Module == nil || other == nil || p.pass.Module.Path == "" {
		return false
	}
	path, module := other.Path(), p.pass.Module.Path
	return path == module || len(path) > len(module) && path[:len(module)+1] == module+"/"
}

// known reports whether what fn does is known: it is declared in the package,
// or in another one of the module, whose facts would say so if it did anything.
func (p *pkg) known(fn *types.Func) bool {
	if recv := fn.Signature().Recv(); recv != nil && types.IsInterface(recv.Type()) {
		return false
	}
	return p.byFunc[fn.Origin()] != nil || p.sameModule(fn.Pkg())
}

// maxDepth bounds the functions that call one another, and so the stack.
const maxDepth = 500

// funcOf returns what fn does with handles; nothing while that is being found out, or
// where it is too deep.
func (p *pkg) funcOf(fn *types.Func) *Func {
	fn = fn.Origin()
	if fact := p.facts[fn]; fact != nil {
		return fact
	}
	fact := new(Func)
	f := p.byFunc[fn]
	switch {
	case f == nil:
		p.pass.ImportObjectFact(fn, fact)
	case p.busy[fn], len(p.busy) > maxDepth:
		return fact
	default:
		p.busy[fn] = true
		p.summarize(f, fact)
		delete(p.busy, fn)
	}
	p.facts[fn] = fact
	return fact
}

func (p *pkg) summarize(f *function, fact *Func) {
	for i := range parameters(f.fn) {
		v := parameter(f.fn, i)
		if v == nil || !mayHold(v.Type()) || len(f.mentions[v]) == 0 {
			continue
		}
		t := p.track(f)
		t.variable(v)
		if t.fate.Released() {
			fact.Releases.add(i)
		}
		if t.fate.Kept || t.fate.Closers != 0 {
			fact.Keeps.add(i)
		}
		if t.fate.Returned != 0 {
			fact.Passes.add(i)
		}
		if len(t.fate.Later) > 0 {
			fact.Later.add(i)
		}
	}
	for _, h := range p.handles(f) {
		for i := range f.results {
			if h.Fate.Released() || h.Fate.Lasting || !h.Fate.Returned.Has(i) || !Closable(f.results[i].Type()) || !h.Kind.Own() && !dbapi.Handle(f.results[i].Type()) {
				continue // a row that holds its connection gives it back by itself
			}
			gift := Gift{Result: i, Closer: -1, Opener: h.Opener, Kind: h.Kind}
			for j := range f.results {
				if h.Fate.Closers.Has(j) {
					gift.Closer = j
				}
			}
			if !slices.ContainsFunc(fact.Gives, func(g Gift) bool { return g.Result == gift.Result && g.Closer == gift.Closer }) {
				fact.Gives = append(fact.Gives, gift)
			}
			break
		}
	}
}

// mayHold reports whether a parameter of the type may be or hold a handle, or a
// function that releases one.
func mayHold(t types.Type) bool {
	switch t.Underlying().(type) {
	case *types.Pointer, *types.Interface, *types.Struct, *types.Signature, *types.Slice, *types.Map:
		return dbapi.TypeName(t) != "context.Context" && !isError(t)
	}
	return false
}

// handles lists what the calls in a function hand out.
func (p *pkg) handles(f *function) []*Handle {
	if f.handles != nil {
		return f.handles
	}
	var all []*Handle
	f.fates = map[*types.Var]Fate{}
	for _, c := range f.calls {
		call := c.Node().(*ast.CallExpr)
		fn := dbapi.Callee(p.info, call)
		if fn == nil {
			continue
		}
		for _, gift := range p.gifts(fn, call) {
			h := &Handle{Gift: gift, Call: c, In: f.decl, Callee: fn, Direct: p.catalogue.Opener(fn) != nil}
			p.follow(f, h)
			all = append(all, h)
		}
	}
	if len(p.busy) <= 1 { // else a recursion may have been cut
		f.handles = all
	}
	return all
}

func (p *pkg) gifts(fn *types.Func, call *ast.CallExpr) []Gift {
	row := p.catalogue.Opener(fn)
	switch {
	case row == nil && p.lifecycle.Spares(call, fn):
		return nil
	case row == nil:
		return p.funcOf(fn).Gives
	case row.Kind == dbapi.Wrapper, row.Kind.Own() && !p.lifecycle.Dials(call):
		return nil
	}
	return []Gift{{Closer: -1, Opener: row.Name, Kind: row.Kind}}
}

// follow finds out what becomes of a handle.
func (p *pkg) follow(f *function, h *Handle) {
	t := p.track(f)
	h.Fate = t.fate
	results := h.Callee.Signature().Results()
	taker := func(i int) (ast.Expr, bool) {
		switch n := h.Call.Parent().Node().(type) {
		case *ast.AssignStmt:
			if len(n.Rhs) == 1 && len(n.Lhs) == results.Len() {
				return n.Lhs[i], true
			}
		case *ast.ValueSpec:
			if len(n.Values) == 1 && len(n.Names) == results.Len() {
				return n.Names[i], true
			}
		}
		return nil, false
	}
	if last := results.Len() - 1; last >= 0 && isError(results.At(last).Type()) {
		if e, ok := taker(last); ok {
			h.Err = p.variable(e)
		}
	}
	dst, assigned := taker(h.Result)
	_, returnsAll := h.Call.Parent().Node().(*ast.ReturnStmt)
	switch {
	case assigned:
		u := p.store(h.Call, dst)
		h.Holder = u.to
		t.first(u)
	case returnsAll && results.Len() > 1:
		u := p.returnOf(h.Call, h.Result)
		t.use(u)
		if h.Closer >= 0 && u.kind == returned {
			t.fate.Closers.add(h.Closer)
		}
		return
	default:
		t.first(p.useOf(h.Call))
	}
	if h.Closer < 0 || t.fate.Released() {
		return
	}
	closer, ok := taker(h.Closer)
	if id, isIdent := closer.(*ast.Ident); !ok || isIdent && id.Name == "_" {
		h.Dropped = true
		return
	}
	c := &tracker{pkg: p, in: f, fate: t.fate, seen: map[*types.Var]bool{}, call: true}
	c.use(p.store(h.Call, closer))
}

// releasedFields returns the fields of which some function of the package releases
// what they hold.
func (p *pkg) releasedFields() map[*types.Var]bool {
	fields := map[*types.Var]bool{}
	for _, f := range p.functions {
		for c := range f.root.Preorder((*ast.SelectorExpr)(nil)) {
			field, ok := p.info.Uses[c.Node().(*ast.SelectorExpr).Sel].(*types.Var)
			if !ok || fields[field] {
				continue
			}
			if u := p.useOf(c); u.kind == released || u.kind == kept || u.kind == aliased {
				fields[field] = true
			}
		}
	}
	return fields
}
