package flow

import (
	"go/ast"
	"go/types"
	"slices"

	"github.com/poollint/poollint/internal/config"
	"github.com/poollint/poollint/internal/testscope"
)

// maxHops bounds the variables, tables and functions between a func value and its call.
const maxHops = 6

// maxTargets bounds the functions that one call may run.
const maxTargets = 64

// maxSteps bounds the expressions that are looked at for one call: tables may be long.
const maxSteps = 4096

// targets finds the functions that a call may run: those of the package, and others.
func (c *code) targets(call *Call) ([]*Func, []*types.Func) {
	if call.Fn != nil {
		if f := c.byObj[call.Fn]; f != nil {
			return []*Func{f}, nil
		}
		return nil, nil
	}
	s := c.search(call.Expr.Fun, false)
	return s.found, s.others
}

// FuncsOf returns the functions of the package that an expression may stand for; none if
// its type is no function's.
func (p *Package) FuncsOf(e ast.Expr) []*Func { return p.code().search(e, false).found }

// FuncsGiven returns what FuncsOf does and, where the expression stands for a parameter,
// the functions that any caller gives for it: which of them it is, only the way there
// says.
func (p *Package) FuncsGiven(e ast.Expr) []*Func { return p.code().search(e, true).found }

// FuncsStored returns the functions that something stored may be, or hold.
func (p *Package) FuncsStored(store *Store) []*Func {
	left := maxSteps
	s := &search{code: p.code(), left: &left, given: true, seen: map[*types.Var]bool{}}
	s.values(store.Src, maxHops)
	return s.found
}

// search looks for the functions that an expression may stand for.
func (c *code) search(e ast.Expr, given bool) *search {
	if _, ok := underlying(c.info.TypeOf(e)).(*types.Signature); !ok {
		return new(search)
	}
	left := maxSteps
	s := &search{code: c, left: &left, given: given, seen: map[*types.Var]bool{}}
	s.values(e, maxHops)
	return s
}

// A search looks for the functions that an expression may stand for.
type search struct {
	*code
	left  *int // steps
	given bool // look at what callers give for parameters

	// registered is set below a package variable: what is given to a function that puts it
	// there does not run where it is given.
	registered bool

	found  []*Func
	others []*types.Func
	seen   map[*types.Var]bool
}

func (s *search) add(f *Func) {
	if f != nil && !slices.Contains(s.found, f) {
		s.found = append(s.found, f)
	}
}

// values adds the functions that e may be, or hold.
func (s *search) values(e ast.Expr, hops int) {
	if *s.left--; hops <= 0 || *s.left < 0 || len(s.found) == maxTargets {
		return
	}
	switch e := ast.Unparen(e).(type) {
	case *ast.FuncLit:
		s.add(s.byNode[e])
	case *ast.Ident:
		s.object(s.info.ObjectOf(e), hops)
	case *ast.SelectorExpr:
		s.object(s.info.ObjectOf(e.Sel), hops)
	case *ast.IndexListExpr: // an instance of a generic function
		s.values(e.X, hops)
	case *ast.CompositeLit:
		if _, ok := underlying(s.info.TypeOf(e)).(*types.Struct); ok {
			return // its fields are asked by name
		}
		s.all(Parts(s.info, e), hops)
	case *ast.CallExpr:
		s.call(e, hops)
	default:
		s.all(Parts(s.info, e), hops)
	}
}

func (s *search) all(exprs []ast.Expr, hops int) {
	for _, e := range exprs {
		s.values(e, hops)
	}
}

// call adds what a call may return.
func (s *search) call(x *ast.CallExpr, hops int) {
	if fun := s.info.Types[x.Fun]; fun.IsType() || fun.IsBuiltin() {
		s.all(x.Args, hops) // a conversion; append: neither has callees
	}
	callees := &search{code: s.code, left: s.left, given: s.given, registered: s.registered, seen: map[*types.Var]bool{}}
	callees.values(x.Fun, hops-1)
	for _, f := range callees.found {
		s.all(f.Results(), hops-1)
	}
	for _, fn := range callees.others {
		if testscope.Memoizes(fn) && len(x.Args) == 1 {
			if lit, ok := ast.Unparen(x.Args[0]).(*ast.FuncLit); ok { // a declared function runs elsewhere too
				s.add(s.byNode[lit])
			}
		}
	}
}

func underlying(t types.Type) types.Type {
	if t == nil {
		return nil
	}
	return t.Underlying()
}

// object adds a function by its name, or what a variable or field may hold.
func (s *search) object(obj types.Object, hops int) {
	switch obj := obj.(type) {
	case *types.Func:
		for _, fn := range s.named(obj.Origin()) {
			if f := s.byObj[fn]; f != nil {
				s.add(f)
			} else if len(s.others) < maxTargets && !slices.Contains(s.others, fn) {
				s.others = append(s.others, fn)
			}
		}
	case *types.Var:
		v := obj.Origin()
		if s.seen[v] {
			return
		}
		s.seen[v] = true
		registered := s.registered
		s.registered = registered || Global(v)
		for _, store := range s.into[v] {
			if v == store.To { // not what a field of it takes
				s.values(store.Src, hops-1)
			}
		}
		s.registered = registered
		if param, ok := s.params[v]; ok && (s.given || s.registered) {
			for _, call := range param.Of.Callers {
				s.all(call.Args(param.Of.Sig, param.I), hops-1)
			}
		}
	}
}

// named returns what may run where a function is named as a value: itself, or for a method of an
// interface those that are known to implement it.
func (c *code) named(fn *types.Func) []*types.Func {
	if all := c.implementations(fn); len(all) > 0 {
		return all
	}
	return []*types.Func{fn}
}

// Implementations returns the methods that a call of an interface's method may run, as
// far as the package, and those of its module that it imports, declare them. It is empty
// where the interface is none of the module.
func (p *Package) Implementations(method *types.Func) []*types.Func {
	return p.code().implementations(method)
}

func (c *code) implementations(method *types.Func) []*types.Func {
	if !config.Ours(c.pass, method.Pkg()) {
		return nil
	}
	return c.implementing(method)
}

// Implementing returns what Implementations does, and also where the interface is another module's.
func (p *Package) Implementing(method *types.Func) []*types.Func {
	return p.code().implementing(method)
}

func (c *code) implementing(method *types.Func) []*types.Func {
	recv := method.Signature().Recv()
	if recv == nil || !types.IsInterface(recv.Type()) {
		return nil
	}
	var all []*types.Func
	for _, t := range c.implementers(recv.Type()) {
		obj, _, _ := types.LookupFieldOrMethod(t, true, method.Pkg(), method.Name())
		if fn, ok := obj.(*types.Func); ok && len(all) < maxTargets && !slices.Contains(all, fn.Origin()) {
			all = append(all, fn.Origin())
		}
	}
	return all
}

// implementers returns pointers to the types that implement an interface.
func (c *code) implementers(iface types.Type) []types.Type {
	c.implsOf.Lock()
	defer c.implsOf.Unlock()
	all, known := c.impls[iface]
	if known {
		return all
	}
	methods := iface.Underlying().(*types.Interface)
	for _, t := range c.types() {
		if ptr := types.NewPointer(t); hasEnough(t, methods) && types.Implements(ptr, methods) {
			all = append(all, ptr)
		}
	}
	c.impls[iface] = all
	return all
}

// hasEnough reports whether a type may have the methods of an interface: as many of its
// own, or others by what it embeds.
func hasEnough(t *types.Named, methods *types.Interface) bool {
	if t.NumMethods() >= methods.NumMethods() {
		return true
	}
	fields, ok := t.Underlying().(*types.Struct)
	if !ok {
		return false
	}
	for f := range fields.Fields() {
		if f.Embedded() {
			return true
		}
	}
	return false
}

// declaredTypes returns the types with methods of the package, and of those of its
// module that it imports.
func (c *code) declaredTypes() []*types.Named {
	var all []*types.Named
	for _, pkg := range append([]*types.Package{c.pass.Pkg}, c.pass.Pkg.Imports()...) {
		if !config.Ours(c.pass, pkg) {
			continue
		}
		for _, name := range pkg.Scope().Names() {
			tn, ok := pkg.Scope().Lookup(name).(*types.TypeName)
			if !ok || tn.IsAlias() {
				continue
			}
			if named, ok := tn.Type().(*types.Named); ok && named.NumMethods() > 0 && named.TypeParams().Len() == 0 && !types.IsInterface(named) {
				all = append(all, named)
			}
		}
	}
	return all
}
