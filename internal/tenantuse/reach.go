package tenantuse

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ast/edge"
	"golang.org/x/tools/go/ast/inspector"

	"github.com/poollint/poollint/internal/config"
	"github.com/poollint/poollint/internal/dbapi"
	"github.com/poollint/poollint/internal/flow"
)

// aside reports whether a call leaves the names that it is given out of any database: it has nothing
// that leads to one, and what it makes is only looked at, as the key of a cache is.
func (f *Finder) aside(c inspector.Cursor) bool {
	call := c.Node().(*ast.CallExpr)
	fn := dbapi.Callee(f.info, call)
	return fn != nil && !f.reaches(call, fn) && f.spent(c, fn)
}

// reaches reports whether a call may work with a database: production code that is given nothing that
// leads there does not. What works for the whole program, functions with a context, may find one by itself.
func (f *Finder) reaches(call *ast.CallExpr, fn *types.Func) bool {
	if fn.Pkg() == nil || config.Standard(fn.Pkg().Path()) || set(fn) != "" || f.queries.Of(fn) != nil {
		return true
	}
	if known := f.code.Func(fn); known != nil && known.File.Test {
		return true // its body says
	}
	sig := fn.Signature()
	if recv := sig.Recv(); recv != nil {
		if leads(recv.Type(), maxHops) {
			return true
		}
	} else if returnsError(sig) {
		return true
	}
	return slices.ContainsFunc(call.Args, func(arg ast.Expr) bool {
		t := f.info.TypeOf(arg)
		return t == nil || dbapi.TypeName(t) != "context.Context" && leads(t, maxHops)
	})
}

// maxHops bounds the fields that are followed to something that leads to a database.
const maxHops = 3

// leads reports whether a value of type t may work with a database: by a handle, or by an interface or
// function that the program gives it. A struct without fields keeps what it works with elsewhere.
func leads(t types.Type, hops int) bool {
	if dbapi.Holds(t) {
		return true
	}
	switch u := types.Unalias(t).(type) {
	case *types.Pointer:
		return leads(u.Elem(), hops)
	case *types.Named:
		if pkg := u.Obj().Pkg(); pkg == nil || config.Standard(pkg.Path()) && pkg.Path() != "testing" {
			return false // error, time.Time
		}
	}
	switch u := t.Underlying().(type) {
	case *types.Interface:
		return u.NumMethods() > 0
	case *types.Signature:
		return true
	case *types.Slice:
		return leads(u.Elem(), hops)
	case *types.Map:
		return leads(u.Elem(), hops)
	case *types.Struct:
		for field := range u.Fields() {
			if hops > 0 && leads(field.Type(), hops-1) {
				return true
			}
		}
		return u.NumFields() == 0
	}
	return false
}

func returnsError(sig *types.Signature) bool {
	n := sig.Results().Len()
	return n > 0 && flow.IsError(sig.Results().At(n-1).Type())
}

// spent reports whether what a call of fn makes is only looked at.
func (f *Finder) spent(c inspector.Cursor, fn *types.Func) bool {
	if !names(fn.Signature().Results()) {
		return true
	}
	kind, i := c.ParentEdge()
	switch up := c.Parent().Node().(type) {
	case *ast.ExprStmt:
		return true
	case *ast.ParenExpr:
		return f.spent(c.Parent(), fn)
	case *ast.BinaryExpr:
		return up.Op == token.EQL || up.Op == token.NEQ
	case *ast.CallExpr:
		return kind == edge.CallExpr_Args && f.looked(c)
	case *ast.AssignStmt:
		if len(up.Rhs) == 1 {
			return !slices.ContainsFunc(up.Lhs, func(to ast.Expr) bool { return !f.unused(to) })
		}
		return kind == edge.AssignStmt_Rhs && f.unused(up.Lhs[i])
	}
	return false
}

// unused reports whether what takes a value is blank, an error, or a variable that is only looked at.
func (f *Finder) unused(to ast.Expr) bool {
	obj := f.object(to)
	return flow.Name(to) == "_" || obj != nil && (flow.IsError(obj.Type()) || f.idle(obj))
}

// names reports whether one of the results may hold a name: truths and errors do not.
func names(results *types.Tuple) bool {
	for result := range results.Variables() {
		if t := result.Type(); !flow.IsError(t) && !types.Identical(t.Underlying(), types.Typ[types.Bool]) {
			return true
		}
	}
	return false
}

// readsFor reports whether a call runs functions, given as literals, that only read: for a tenant
// that it names, nothing is written.
func (f *Finder) readsFor(call *ast.CallExpr) bool {
	reads := false
	for _, arg := range call.Args {
		lit, ok := ast.Unparen(arg).(*ast.FuncLit)
		if !ok {
			continue
		}
		reads = true
		ast.Inspect(lit.Body, func(n ast.Node) bool {
			if call, ok := n.(*ast.CallExpr); ok && !f.readsOnly(call) {
				reads = false
			}
			return reads
		})
		if !reads {
			return false
		}
	}
	return reads
}

// readsOnly reports whether a call writes no row.
func (f *Finder) readsOnly(call *ast.CallExpr) bool {
	if f.info.Types[call.Fun].IsType() || f.info.Types[call.Fun].IsBuiltin() {
		return true
	}
	fn := dbapi.Callee(f.info, call)
	return fn != nil && (fn.Name() == "Scan" || looks(call, fn) || f.selects(call, fn) || fn.Pkg() != nil && config.Standard(fn.Pkg().Path()) && f.queries.Of(fn) == nil)
}

// part reports whether a parameter only becomes a part of names that a function makes:
// fmt.Sprintf("%s-%d", base, rand.Int()), base + "-" + uuid.NewString().
func (f *Finder) part(v *types.Var) bool {
	if known, asked := f.parts[v]; asked {
		return known
	}
	f.parts[v] = true // if it only leads to itself
	mentions := f.code.Mentions(v)
	is := len(mentions) > 0
	for _, at := range mentions {
		is = is && f.partAt(at)
	}
	f.parts[v] = is
	return is
}

func (f *Finder) partAt(at inspector.Cursor) bool {
	kind, i := at.ParentEdge()
	switch up := at.Parent().Node().(type) {
	case *ast.BinaryExpr:
		return up.Op == token.ADD && (f.made(up.X) || f.made(up.Y)) || up.Op == token.ADD && f.partAt(at.Parent())
	case *ast.CallExpr:
		fn := dbapi.Callee(f.info, up)
		if fn == nil || kind != edge.CallExpr_Args {
			return false
		}
		if dbapi.NameOf(fn) == "fmt.Sprintf" {
			return slices.ContainsFunc(up.Args, f.made)
		}
		if known := f.code.Func(fn); known != nil && i < fn.Signature().Params().Len() {
			return f.part(fn.Signature().Params().At(i))
		}
	}
	return false
}

// made reports whether a part of a text is the result of a call.
func (f *Finder) made(e ast.Expr) bool {
	call, ok := ast.Unparen(f.assigned(e)).(*ast.CallExpr)
	return ok && !f.info.Types[call.Fun].IsType()
}
