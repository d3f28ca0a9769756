package ownership

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ast/inspector"

	"github.com/poollint/poollint/internal/dbapi"
	"github.com/poollint/poollint/internal/lvalue"
	"github.com/poollint/poollint/internal/testlib"
	"github.com/poollint/poollint/internal/testscope"
)

// A use is what one mention of a handle means for who releases it.
type use struct {
	kind    useKind
	at      inspector.Cursor // where it happens
	to      *types.Var       // aliased: the variable that holds it now
	field   *types.Var       // kept: the field that holds it, if known
	lasting bool             // kept: in a variable or a field that the function does not end
	result  int              // returned: the result
	later   inspector.Cursor // borrowed: the call that registers a cleanup function that works with it
}

type useKind uint8

const (
	borrowed useKind = iota // somebody works with it
	released
	returned
	kept    // stored where someone else may release it
	aliased // another variable holds it too
)

// useOf says what the mention of a handle at c means. It climbs from the
// mention to what is done with the expression around it.
func (p *pkg) useOf(c inspector.Cursor) use {
	for {
		parent := c.Parent()
		switch n := parent.Node().(type) {
		case *ast.ParenExpr, *ast.StarExpr, *ast.TypeAssertExpr, *ast.CompositeLit:
			c = parent
		case *ast.UnaryExpr:
			if n.Op != token.AND {
				return use{}
			}
			c = parent
		case *ast.IndexExpr:
			if n.X != c.Node() {
				return use{}
			}
			c = parent
		case *ast.SliceExpr:
			if n.X != c.Node() {
				return use{}
			}
			c = parent
		case *ast.KeyValueExpr:
			if n.Value != c.Node() {
				return use{}
			}
			c = parent
		case *ast.SelectorExpr:
			if field, ok := p.info.Uses[n.Sel].(*types.Var); ok && (!mayHold(field.Type()) || testscope.IsTB(field.Type())) {
				return use{}
			}
			method, ok := p.info.Uses[n.Sel].(*types.Func)
			if !ok {
				c = parent // a field
				continue
			}
			u, next := p.method(parent, method)
			if !next.Valid() {
				return u
			}
			c = next
		case *ast.CallExpr:
			if n.Fun == c.Node() {
				return use{kind: released, at: parent} // a func value: its caller decided to run it
			}
			if tv := p.info.Types[n.Fun]; tv.IsType() {
				c = parent
				continue
			}
			u, flows := p.argument(parent, n, c.Node())
			if !flows {
				return u
			}
			c = parent
		case *ast.ReturnStmt:
			for i, r := range n.Results {
				if r == c.Node() {
					return p.returnOf(parent, i)
				}
			}
			return use{}
		case *ast.AssignStmt:
			return p.assigned(parent, n.Lhs, n.Rhs, c.Node())
		case *ast.ValueSpec:
			return p.assigned(parent, lvalue.Names(n), n.Values, c.Node())
		case *ast.RangeStmt:
			if n.X == c.Node() {
				if v := p.variable(n.Value); v != nil {
					return use{kind: aliased, to: v, at: parent}
				}
			}
			return use{}
		case *ast.SendStmt:
			return use{kind: kept, at: parent}
		case *ast.FuncLit: // an expression cannot reach a literal but through a statement
			return use{}
		default:
			return use{}
		}
	}
}

// method says what selecting a method of the handle means. A valid next goes on
// with the call's result, which is another face of the handle.
func (p *pkg) method(sel inspector.Cursor, method *types.Func) (u use, next inspector.Cursor) {
	call, called := sel.Parent().Node().(*ast.CallExpr)
	called = called && ast.Unparen(call.Fun) == sel.Node()
	if r := dbapi.ReleaseOf(method); r != nil && r.Arg == dbapi.Receiver {
		return use{kind: released, at: sel}, inspector.Cursor{}
	}
	if row := p.catalogue.Opener(method); row != nil {
		if called && row.Kind == dbapi.Wrapper && row.Over == dbapi.Receiver && !row.LeavesOpen {
			return use{}, sel.Parent()
		}
		return use{}, inspector.Cursor{}
	}
	if dbapi.Handle(method.Signature().Recv().Type()) {
		return use{}, inspector.Cursor{} // a library's own methods work with the handle
	}
	fact := p.funcOf(method)
	switch {
	case fact.Releases.Has(0), p.closesUnseen(method):
		return use{kind: released, at: sel}, inspector.Cursor{}
	case called && fact.Passes.Has(0) && !p.lends(method):
		return use{}, sel.Parent()
	case called && fact.Keeps.Has(0):
		return use{kind: kept, at: sel}, inspector.Cursor{}
	}
	return use{}, inspector.Cursor{}
}

// lends reports whether a function hands out something smaller than the handle
// it makes it of: a transaction, a borrowed connection, rows. Giving that back
// does not release the handle.
func (p *pkg) lends(fn *types.Func) bool {
	results := fn.Signature().Results()
	if results.Len() == 0 {
		return false
	}
	for _, name := range []string{"Rollback", "Release", "Scan"} {
		obj, _, _ := types.LookupFieldOrMethod(results.At(0).Type(), true, p.pass.Pkg, name)
		method, ok := obj.(*types.Func)
		if ok && !dbapi.Chains(method) && (name == "Scan" || takesNothing(method)) {
			return true
		}
	}
	return false
}

// takesNothing reports whether fn has no parameters, or a context alone.
func takesNothing(fn *types.Func) bool {
	params := fn.Signature().Params()
	return params.Len() == 0 || params.Len() == 1 && dbapi.TypeName(params.At(0).Type()) == "context.Context"
}

// closesUnseen reports whether a method whose body cannot be asked sounds as if
// it released its receiver: one of an interface or of another module.
func (p *pkg) closesUnseen(method *types.Func) bool {
	if !dbapi.SoundsClosing(method.Name()) {
		return false
	}
	recv := method.Signature().Recv()
	return recv != nil && types.IsInterface(recv.Type()) || !p.own(method)
}

// argument says what passing the handle to a call means; flows that the call's
// result is another face of it.
func (p *pkg) argument(c inspector.Cursor, call *ast.CallExpr, arg ast.Node) (u use, flows bool) {
	index := -1
	for i, a := range call.Args {
		if a == arg {
			index = i
		}
	}
	if id, ok := ast.Unparen(call.Fun).(*ast.Ident); ok {
		if b, ok := p.info.Uses[id].(*types.Builtin); ok {
			return use{}, b.Name() == "append"
		}
	}
	fn := dbapi.Callee(p.info, call)
	if fn == nil {
		return use{}, false // a callback works with what it is given
	}
	if r := dbapi.ReleaseOf(fn); r != nil && r.Arg == index {
		return use{kind: released, at: c}, false
	}
	if row := p.catalogue.Opener(fn); row != nil {
		return use{}, row.Kind == dbapi.Wrapper && row.Over == index && !row.LeavesOpen
	}
	if testscope.Argument(fn) != 0 {
		return use{kind: released, at: c}, false // t.Cleanup(v) of a func value
	}
	if p.own(fn) {
		fact := p.funcOf(fn)
		i := index + 1
		if sig := fn.Signature(); sig.Variadic() && index >= sig.Params().Len() {
			i = sig.Params().Len()
		}
		switch {
		case fact.Releases.Has(i):
			return use{kind: released, at: c}, false
		case fact.Keeps.Has(i), !p.known(fn):
			return use{kind: kept, at: c}, false
		}
		if fact.Later.Has(i) {
			u.later = c
		}
		return u, fact.Passes.Has(i) && !p.lends(fn)
	}
	return use{}, p.wraps(fn)
}

// borrowers are packages of the standard library that look at values and hold on to none.
var borrowers = []string{
	"context", "fmt", "log", "errors", "reflect", "encoding", "time", "io", "strings", "database/sql",
}

// wraps reports whether a function of another module may hand out a value that
// holds its arguments.
func (p *pkg) wraps(fn *types.Func) bool {
	path := fn.Pkg().Path()
	if testlib.Asserts(path) || slices.ContainsFunc(borrowers, func(b string) bool { return path == b || strings.HasPrefix(path, b+"/") }) {
		return false
	}
	results := fn.Signature().Results()
	if results.Len() == 0 {
		return false
	}
	switch results.At(0).Type().Underlying().(type) {
	case *types.Pointer, *types.Interface, *types.Struct, *types.Signature:
		return !isError(results.At(0).Type())
	}
	return false
}

func isError(t types.Type) bool { return types.Identical(t, types.Universe.Lookup("error").Type()) }

// returnOf says what returning from the function around c means.
func (p *pkg) returnOf(c inspector.Cursor, result int) use {
	for around := range c.Enclosing((*ast.FuncLit)(nil), (*ast.FuncDecl)(nil)) {
		if _, ok := around.Node().(*ast.FuncLit); ok {
			return use{kind: kept, at: c} // the literal's callers are not followed
		}
		break
	}
	return use{kind: returned, at: c, result: result}
}

// assigned says what assigning the handle means.
func (p *pkg) assigned(c inspector.Cursor, lhs, rhs []ast.Expr, value ast.Node) use {
	for i, r := range rhs {
		if r != value {
			continue
		}
		if len(lhs) != len(rhs) {
			i = 0 // of a call with several results the first is the handle's other face
		}
		return p.store(c, lhs[i])
	}
	return use{}
}

// store says what putting the handle into dst means.
func (p *pkg) store(c inspector.Cursor, dst ast.Expr) use {
	if id, ok := ast.Unparen(dst).(*ast.Ident); ok {
		if v := p.variable(id); v != nil && !p.global(v) {
			return use{kind: aliased, to: v, at: c}
		}
		if id.Name == "_" {
			return use{}
		}
		return use{kind: kept, at: c, lasting: true}
	}
	u := use{kind: kept, at: c, lasting: true}
	if sel, ok := ast.Unparen(dst).(*ast.SelectorExpr); ok {
		u.field, _ = p.info.Uses[sel.Sel].(*types.Var)
	}
	if root := lvalue.Root(p.info, dst); root != nil && p.local(root) {
		return use{kind: aliased, to: root, at: c, field: u.field}
	}
	return u
}

func (p *pkg) variable(e ast.Expr) *types.Var {
	id, ok := e.(*ast.Ident)
	if !ok {
		return nil
	}
	v, _ := p.info.ObjectOf(id).(*types.Var)
	return v
}

// global reports whether v lives as long as the process.
func (p *pkg) global(v *types.Var) bool {
	return v.Pkg() != nil && v.Parent() == v.Pkg().Scope()
}

// local reports whether v is a variable of a function, neither parameter nor receiver.
func (p *pkg) local(v *types.Var) bool {
	return !p.global(v) && !v.IsField() && !p.params[v]
}
