package sqltext

import (
	"go/ast"
	"go/token"
	"go/types"
	"regexp"

	"github.com/poollint/poollint/internal/config"
	"github.com/poollint/poollint/internal/flow"
	"github.com/poollint/poollint/internal/sqltext/builder"
	"github.com/poollint/poollint/internal/sqltext/value"
)

// Escape: what code that cannot be followed has had hold of may have changed since.

// A loan is what code out of sight has hold of: an argument for a parameter of fn, if callers
// know that function.
type loan struct {
	by    ast.Expr // stands for the code
	fn    value.Value
	param int
}

// unseen is what the code adds.
func (l loan) unseen() *value.Unseen {
	return &value.Unseen{Origin: value.Origin{Pos: l.by.Pos()}, By: l.fn, Param: l.param}
}

// lend notes that a call of what cannot be followed may change what its arguments and its
// receiver lead to. fn is the function if it is known by its name, target if callers know it.
func (f *frame) lend(call *ast.CallExpr, fn *types.Func, target value.Value) {
	for i, a := range call.Args {
		u, ok := ast.Unparen(a).(*ast.UnaryExpr)
		if fn == nil || f.mayWrite(fn, i, ok && u.Op == token.AND) {
			f.lendOut(loan{call, target, i}, a, maxAliases)
		}
	}
	if recv := f.receiverOf(call); recv != nil && fn != nil && f.mayWrite(fn, value.Receiver, false) {
		f.lendOut(loan{by: call}, recv, maxAliases)
	}
}

// hand notes that a call may have set fields of the structs whose addresses it is given.
func (f *frame) hand(call *ast.CallExpr) {
	fn, of := callee(f.info, call), f.info.Types[call.Fun]
	if of.IsType() || of.IsBuiltin() || fn != nil && tell.MatchString(fn.Name()) {
		return
	}
	for _, arg := range call.Args {
		f.handOut(arg)
	}
	if recv := f.receiverOf(call); recv != nil && fn != nil && refers(fn.Signature().Recv().Type()) {
		f.handOut(recv)
	}
}

// handOut notes that code may set fields of the struct that an expression is the address of.
func (f *frame) handOut(e ast.Expr) {
	e = ast.Unparen(e)
	if u, ok := e.(*ast.UnaryExpr); ok && u.Op == token.AND {
		e = ast.Unparen(u.X)
	} else if !refers(f.TypeOf(e)) {
		return
	}
	id, ok := e.(*ast.Ident)
	if !ok {
		return
	}
	obj := f.info.ObjectOf(id)
	if r, ok := f.env.vars[obj].(*value.Record); ok && !r.Handed && r.Shape != nil {
		w := *r
		w.Handed = true
		f.env.vars[obj] = &w
	}
}

// receiverOf returns the receiver of a call of a method, or its address; nil if there is
// none.
func (f *frame) receiverOf(call *ast.CallExpr) ast.Expr {
	sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr)
	if !ok || f.info.Selections[sel] == nil {
		return nil
	}
	if !refers(f.TypeOf(sel.X)) {
		return &ast.UnaryExpr{OpPos: sel.X.Pos(), Op: token.AND, X: sel.X}
	}
	return sel.X
}

// maxAliases bounds the variables and literals between an argument and what it leads to.
const maxAliases = 5

var (
	// fills are names of functions that write into an argument of any type.
	fills = regexp.MustCompile(`(?i)unmarshal|decode|scan|bind|parse|load|read|fill|populate|process|copy|merge`)

	// keeps are names of functions that let others have an argument.
	keeps = regexp.MustCompile(`^(WithValue|Store|Push|Put|Send|Publish|Set)`)
)

// mayWrite reports whether a function that is known by its name alone may change what its
// parameter i refers to; addressed says that it is given an address.
func (f *frame) mayWrite(fn *types.Func, i int, addressed bool) bool {
	sig := fn.Signature()
	recv := sig.Recv()
	abstract := recv != nil && types.IsInterface(recv.Type())
	switch {
	case fn.Pkg() == nil || tell.MatchString(fn.Name()):
		return false
	case builder.OfFunc(fn) != nil:
		return addressed
	case config.Ours(f.pass, fn.Pkg()):
		return addressed || abstract || fn.Pkg() == f.pass.Pkg // of others, there would be a fact
	case i == value.Receiver:
		return recv != nil && !config.Standard(fn.Pkg().Path())
	}
	return !takesAny(sig, i) || addressed && !config.Standard(fn.Pkg().Path()) || fills.MatchString(fn.Name()) || keeps.MatchString(fn.Name())
}

// takesAny reports whether argument i of a function may be anything.
func takesAny(sig *types.Signature, i int) bool {
	last := sig.Params().Len() - 1
	if last < 0 {
		return true // broken code
	}
	t := sig.Params().At(min(i, last)).Type()
	if s, ok := t.(*types.Slice); ok && sig.Variadic() && i >= last {
		t = s.Elem()
	}
	return isAny(t)
}

func isAny(t types.Type) bool {
	i, ok := t.Underlying().(*types.Interface)
	return ok && i.Empty()
}

// lendOut notes that code out of sight has hold of what an expression leads to.
func (f *frame) lendOut(l loan, e ast.Expr, depth int) {
	if depth == 0 {
		return
	}
	switch e := ast.Unparen(e).(type) {
	case *ast.UnaryExpr:
		if _, made := ast.Unparen(e.X).(*ast.CompositeLit); made {
			f.lendOut(l, e.X, depth-1)
		} else if e.Op == token.AND {
			f.loosen(l, e.X)
		}
	case *ast.CompositeLit:
		l.fn = nil // what it does to a part is not followed
		for _, elt := range e.Elts {
			f.lendOut(l, elt, depth-1)
		}
	case *ast.KeyValueExpr:
		f.lendOut(l, e.Value, depth)
	case *ast.CallExpr:
		if f.info.Types[e.Fun].IsType() && len(e.Args) == 1 {
			f.lendOut(l, e.Args[0], depth)
		} else if root := rootOfChain(e); root != nil && builder.Of(f.TypeOf(e)) != nil {
			f.lendOut(l, root, depth-1)
		}
	case *ast.Ident:
		if !refers(f.TypeOf(e)) {
			return
		}
		f.loosen(l, e)
		if alias := f.aliasOf(e); alias != nil {
			f.lendOut(l, alias, depth-1)
		}
	case *ast.SelectorExpr:
		if refers(f.TypeOf(e)) {
			f.loosen(l, e)
		}
	}
}

// aliasOf returns what a local variable was set to, if that names another, or its address.
func (f *frame) aliasOf(e ast.Expr) ast.Expr {
	id, ok := e.(*ast.Ident)
	if !ok || !refers(f.TypeOf(id)) {
		return nil
	}
	switch from := f.origins[f.info.ObjectOf(id)].(type) {
	case *ast.Ident, *ast.UnaryExpr:
		return from
	}
	return nil
}

// refers reports whether what a copy of a value leads to is what the value leads to.
func refers(t types.Type) bool {
	switch t.Underlying().(type) {
	case *types.Pointer, *types.Map, *types.Interface:
		return true
	}
	return false
}

// loosen notes that code out of sight may change what is stored in a local variable or a
// part of one.
func (f *frame) loosen(l loan, target ast.Expr) {
	old := f.local(target)
	switch v := old.(type) {
	case nil:
		return
	case *value.Chain:
		if refers(f.TypeOf(target)) && !builder.Changeable(v) {
			return
		}
	case *value.Param:
		if !leads(f.TypeOf(target)) {
			if builder.Of(f.TypeOf(target)) != nil {
				f.lent = append(f.lent, v)
			}
			return
		}
	}
	f.store(target, value.Loose(old, l.unseen(), l.by))
}

// asksForCode reports whether a condition asks if there is code to call: a function, some
// of them, or an implementation of an interface. Whoever gives it means it to be called.
func (f *frame) asksForCode(cond ast.Expr) bool {
	b, ok := ast.Unparen(cond).(*ast.BinaryExpr)
	if !ok {
		return false
	}
	x := ast.Unparen(b.X)
	if call, ok := x.(*ast.CallExpr); ok && len(call.Args) == 1 && b.Op == token.GTR {
		s, ok := f.TypeOf(call.Args[0]).Underlying().(*types.Slice)
		return ok && isCode(s.Elem())
	}
	return b.Op == token.NEQ && f.IsNil(b.Y) && isCode(f.TypeOf(x))
}

func isCode(t types.Type) bool {
	switch u := t.Underlying().(type) {
	case *types.Signature:
		return true
	case *types.Interface:
		return u.NumMethods() > 0 && !types.Identical(u, errorInterface)
	}
	return false
}

// publish notes that what is assigned to a package's variable can be found by code out of
// sight.
func (f *frame) publish(lhs, from ast.Expr) {
	if v := flow.Root(f.info, lhs); v != nil && flow.Global(v) {
		f.lendOut(loan{by: from}, from, maxAliases)
	}
}
