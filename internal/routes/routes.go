// Package routes finds what runs behind which middlewares: the handlers that a package registers with
// routers, and the routers and middlewares that it hands to functions which do.
package routes

import (
	"go/ast"
	"go/types"
	"reflect"
	"regexp"
	"slices"
	"strconv"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ast/inspector"

	"github.com/poollint/poollint/internal/config"
	"github.com/poollint/poollint/internal/flow"
)

// Analyzer finds them; its result is a *Package.
var Analyzer = &analysis.Analyzer{
	Name:             "poollintroutes",
	Doc:              "find which handlers run behind which middlewares",
	Requires:         []*analysis.Analyzer{config.Analyzer, flow.Analyzer},
	Run:              run,
	RunDespiteErrors: true,
	ResultType:       reflect.TypeFor[*Package](),
}

// A Route says behind what something runs: a handler, a router that a function returns, or what a
// function is given for a router or a middleware.
type Route struct {
	Of     string   // the handler's name in full; of a function's parameter or result see given and returned
	Behind []string // the names of functions that are middlewares, or make them, and of what stands for more
}

// A Package is the routes of a package.
type Package struct{ Routes []Route }

// maxRoutes bounds the routes of a package.
const maxRoutes = 20_000

// given names what a function is given for a parameter.
func given(fn *types.Func, i int) string { return fn.FullName() + " #" + strconv.Itoa(i) }

// returned names the router that a function returns.
func returned(fn *types.Func) string { return fn.FullName() + " ()" }

var (
	// registers are names of methods that register a handler, in the spelling of any library.
	registers = regexp.MustCompile(`(?i)^(get|post|put|patch|delete|head|options|connect|trace|any|all|add|match|handler?|handler?func|method|methodfunc)$`)

	// mounts are names of methods that put a router, or a handler that may be one, below a path.
	mounts = regexp.MustCompile(`^(Mount|Handle)$`)
)

func run(pass *analysis.Pass) (any, error) {
	p := &Package{}
	if len(pass.Files) == 0 || config.Dependency(pass) {
		return p, nil
	}
	r := &reader{info: pass.TypesInfo, code: flow.Of(pass)}
	add := func(of string, behind []string) {
		if of != "" && len(p.Routes) < maxRoutes {
			p.Routes = append(p.Routes, Route{of, behind})
		}
	}
	for _, f := range r.code.Funcs() {
		if f.File.Test {
			continue
		}
		for _, call := range f.Calls {
			if recv := call.Receiver(); recv != nil && call.Fn != nil {
				if l, ok := libraryOf(r.info.TypeOf(recv)); ok {
					r.register(call, recv, l, add)
					continue
				}
			}
			r.handed(call, add)
		}
	}
	return p, nil
}

type reader struct {
	info *types.Info
	code *flow.Package
}

// register adds the handler that a call registers, or the router that it mounts.
func (r *reader) register(call *flow.Call, router ast.Expr, l library, add func(string, []string)) {
	name := call.Fn.Name()
	var funcs []ast.Expr
	for _, arg := range call.Expr.Args {
		if t := r.info.TypeOf(arg); wraps(t) || handles(t) {
			funcs = append(funcs, arg)
		}
	}
	if len(funcs) == 0 || !registers.MatchString(name) && !mounts.MatchString(name) {
		return
	}
	at := len(funcs) - 1
	if l.first {
		at = 0
	}
	behind := r.behind(router, call.At, maxHops)
	for i, f := range funcs {
		if i != at {
			behind = append(behind, r.middlewares(f, maxHops)...)
		}
	}
	of, wrapped := r.handler(funcs[at], maxHops)
	add(of, append(behind, wrapped...))
}

// handed adds the routers and middlewares that a function of the module is given.
func (r *reader) handed(call *flow.Call, add func(string, []string)) {
	for _, fn := range call.Methods() {
		sig := fn.Signature()
		for i := 1; i <= sig.Params().Len(); i++ {
			for _, arg := range call.Args(sig, i) {
				switch {
				case isRouter(r.info.TypeOf(arg)):
					add(given(fn, i), r.behind(arg, call.At, maxHops))
				case isMiddleware(r.info.TypeOf(arg)):
					add(given(fn, i), r.middlewares(arg, maxHops))
				}
			}
		}
	}
}

// maxHops bounds the variables and calls between a registration and its router.
const maxHops = 12

// behind returns the middlewares of a router at a place.
func (r *reader) behind(router ast.Expr, at inspector.Cursor, hops int) (all []string) {
	if hops == 0 {
		return nil
	}
	switch e := ast.Unparen(router).(type) {
	case *ast.CallExpr:
		return r.made(e, hops-1)
	case *ast.Ident:
		v := flow.Var(r.info, e)
		if v == nil {
			return nil
		}
		all = r.uses(v, at)
		if p, ok := r.code.Param(v); ok {
			return append(all, r.param(p, hops-1)...)
		}
		stores := r.code.Into(v)
		if len(stores) != 1 || !stores[0].Whole(v) {
			return all
		}
		if made, ok := ast.Unparen(stores[0].Src).(*ast.CallExpr); ok {
			all = append(all, r.made(made, hops-1)...)
		} else {
			all = append(all, r.behind(stores[0].Src, at, hops-1)...)
		}
		return append(all, r.mounted(v, at, hops-1)...)
	}
	return nil
}

// made returns the middlewares of a router that a call gives: those of the router that it is a group of,
// and those that the group is made with.
func (r *reader) made(call *ast.CallExpr, hops int) (all []string) {
	c := r.code.Call(call)
	if c == nil || c.Fn == nil {
		return nil
	}
	if recv := c.Receiver(); recv != nil && isRouter(r.info.TypeOf(recv)) {
		all = r.behind(recv, c.At, hops)
	}
	for _, arg := range call.Args {
		if isMiddleware(r.info.TypeOf(arg)) {
			all = append(all, r.middlewares(arg, hops)...)
		}
	}
	return all
}

// param returns the middlewares of a router that a function takes: a literal, from the call that it is given to.
func (r *reader) param(p flow.Param, hops int) []string {
	if p.Of.Lit == nil {
		if p.Of.Obj == nil {
			return nil
		}
		return []string{given(p.Of.Obj, p.I)}
	}
	call, ok := p.Of.Cursor.Parent().Node().(*ast.CallExpr)
	if !ok {
		return nil
	}
	return r.made(call, hops)
}

// mounted returns the middlewares before the place where a router is mounted, or those of who calls the
// function that returns it.
func (r *reader) mounted(v *types.Var, at inspector.Cursor, hops int) []string {
	f := r.code.Around(at)
	if f == nil {
		return nil
	}
	var all []string
	for _, c := range r.code.Mentions(v) {
		switch parent := c.Parent().Node().(type) {
		case *ast.ReturnStmt:
			if outer := f.Outer(); outer.Obj != nil && hops > 0 {
				return []string{returned(outer.Obj)}
			}
		case *ast.CallExpr:
			call := r.code.Call(parent)
			if call == nil || call.Fn == nil || !mounts.MatchString(call.Fn.Name()) || parent.Fun == c.Node() {
				continue
			}
			if recv := call.Receiver(); recv != nil && isRouter(r.info.TypeOf(recv)) && flow.Var(r.info, recv) != v {
				if all != nil {
					return nil // it is mounted twice
				}
				all = r.behind(recv, call.At, hops)
			}
		}
	}
	return all
}

// uses returns the middlewares that a router has been told to use on every way to a place.
func (r *reader) uses(v *types.Var, at inspector.Cursor) (all []string) {
	for _, c := range r.code.Mentions(v) {
		sel, ok := c.Parent().Node().(*ast.SelectorExpr)
		if !ok || sel.X != c.Node() || sel.Sel.Name != "Use" {
			continue
		}
		call, ok := c.Parent().Parent().Node().(*ast.CallExpr)
		if !ok || !r.precedes(r.code.Call(call), at) || slices.ContainsFunc(call.Args, func(arg ast.Expr) bool { return !isFunc(r.info.TypeOf(arg)) }) {
			continue
		}
		for _, arg := range call.Args {
			all = append(all, r.middlewares(arg, maxHops)...)
		}
	}
	return all
}

// precedes reports whether a call is made on every way to a place, which may be in a literal behind it.
func (r *reader) precedes(call *flow.Call, at inspector.Cursor) bool {
	if call == nil {
		return false
	}
	f := r.code.Around(at)
	for ; f != nil && f != call.In; f = f.Parent {
		at = f.Cursor
	}
	if f == nil {
		return false
	}
	ways := r.code.Ways(f)
	if ways == nil {
		return false
	}
	from, to := ways.Node(call.At), ways.Node(at)
	if from == nil || to == nil || from == to {
		return false
	}
	around := false
	ways.Escapes(flow.Query{From: f.Cursor, Stops: func(n ast.Node) bool {
		around = around || n == to
		return n == to || n == from
	}})
	return !around
}

// handler returns the name of the function that handles, or makes what handles, and the middlewares that
// are wrapped around it.
func (r *reader) handler(e ast.Expr, hops int) (of string, behind []string) {
	if hops == 0 {
		return "", nil
	}
	switch e := ast.Unparen(e).(type) {
	case *ast.Ident, *ast.SelectorExpr:
		if fn := r.function(e); fn != nil {
			return fn.FullName(), nil
		}
		if v := flow.Var(r.info, e); v != nil && r.code.Local(v) {
			if stores := r.code.Into(v); len(stores) == 1 && stores[0].Whole(v) {
				return r.handler(stores[0].Src, hops-1)
			}
		}
	case *ast.CallExpr:
		if r.info.Types[e.Fun].IsType() && len(e.Args) == 1 {
			return r.handler(e.Args[0], hops-1)
		}
		behind = r.middlewares(e.Fun, hops-1)
		handlers := 0
		for _, arg := range e.Args {
			switch t := r.info.TypeOf(arg); {
			case wraps(t):
				behind = append(behind, r.middlewares(arg, hops-1)...)
			case handles(t):
				inner, more := r.handler(arg, hops-1)
				of, behind = inner, append(behind, more...)
				handlers++
			}
		}
		switch fn := r.function(e.Fun); {
		case handlers > 1:
			return "", nil
		case handlers == 0 && fn != nil && isRouter(r.info.TypeOf(e)):
			return returned(fn), behind
		case handlers == 0 && fn != nil:
			return fn.FullName(), nil
		}
		return of, behind
	}
	return "", nil
}

// middlewares returns the names of the functions that are a middleware, or make it.
func (r *reader) middlewares(e ast.Expr, hops int) (all []string) {
	if hops == 0 {
		return nil
	}
	switch e := ast.Unparen(e).(type) {
	case *ast.Ident, *ast.SelectorExpr:
		if fn := r.function(e); fn != nil {
			return []string{fn.FullName()}
		}
		v := flow.Var(r.info, e)
		if v == nil {
			return nil
		}
		if p, ok := r.code.Param(v); ok {
			if p.Of.Obj == nil {
				return nil
			}
			return []string{given(p.Of.Obj, p.I)}
		}
		if stores := r.code.Into(v); len(stores) == 1 && stores[0].Whole(v) {
			return r.middlewares(stores[0].Src, hops-1)
		}
	case *ast.CallExpr:
		if r.info.Types[e.Fun].IsType() && len(e.Args) == 1 {
			return r.middlewares(e.Args[0], hops-1)
		}
		all = r.middlewares(e.Fun, hops-1)
		if sel, ok := ast.Unparen(e.Fun).(*ast.SelectorExpr); ok && r.info.Selections[sel] != nil && !isRouter(r.info.TypeOf(sel.X)) {
			if _, chained := ast.Unparen(sel.X).(*ast.CallExpr); chained {
				all = append(all, r.middlewares(sel.X, hops-1)...) // alice.New(a).Append(b)
			}
		}
		for _, arg := range e.Args {
			if isMiddleware(r.info.TypeOf(arg)) {
				all = append(all, r.middlewares(arg, hops-1)...)
			}
		}
	case *ast.FuncLit: // it calls what makes it
		if f := r.code.FuncAt(e); f != nil && len(f.Returns) == 1 && len(f.Returns[0].Results) == 1 {
			return r.middlewares(f.Returns[0].Results[0], hops-1)
		}
	}
	return all
}

// function returns the function that an expression names.
func (r *reader) function(e ast.Expr) *types.Func {
	var id *ast.Ident
	switch e := ast.Unparen(e).(type) {
	case *ast.Ident:
		id = e
	case *ast.SelectorExpr:
		id = e.Sel
	default:
		return nil
	}
	fn, ok := r.info.Uses[id].(*types.Func)
	if !ok {
		return nil
	}
	return fn.Origin()
}

func isFunc(t types.Type) bool {
	if t == nil {
		return false
	}
	_, ok := t.Underlying().(*types.Signature)
	return ok
}

// isHandler reports whether values of a type handle requests by a method.
func isHandler(t types.Type) bool {
	if t == nil {
		return false
	}
	obj, _, _ := types.LookupFieldOrMethod(t, true, nil, "ServeHTTP")
	_, ok := obj.(*types.Func)
	return ok
}

// wraps reports whether values of a type are given a handler, and may return one.
func wraps(t types.Type) bool {
	first := firstParam(t)
	return first != nil && (isFunc(first) || isHandler(first)) && !isHandler(t)
}

// handles reports whether values of a type handle requests: by a method, or as functions of what a
// framework gives them.
func handles(t types.Type) bool {
	if t == nil || isHandler(t) {
		return t != nil
	}
	first := firstParam(t)
	named, ok := first.(*types.Named)
	return ok && named.Obj().Pkg() != nil && (named.Obj().Name() == "Context" && named.Obj().Pkg().Path() != "context" || named.Obj().Name() == "Ctx" || named.Obj().Name() == "ResponseWriter")
}

// isMiddleware reports whether values of a type may be middlewares: some libraries' are like handlers.
func isMiddleware(t types.Type) bool { return wraps(t) || handles(t) && isFunc(t) }

// firstParam returns the type of the first parameter of a function, or what it points to; nil if there is none.
func firstParam(t types.Type) types.Type {
	if t == nil {
		return nil
	}
	sig, ok := t.Underlying().(*types.Signature)
	if !ok || sig.Params().Len() == 0 {
		return nil
	}
	return types.Unalias(flow.Pointee(sig.Params().At(0).Type()))
}
