package lifecycle

import (
	"go/ast"
	"go/types"
	"slices"

	"github.com/poollint/poollint/internal/dbapi"
	"github.com/poollint/poollint/internal/flow"
	"github.com/poollint/poollint/internal/testscope"
)

// Dials reports whether a call of a catalogued opener opens something that
// dials a server: no fake, no in-memory database, no other face of a handle.
func (p *Package) Dials(call *ast.CallExpr) bool {
	if p.graph == nil {
		return false
	}
	c := p.graph.code.Call(call)
	return c != nil && len(p.graph.opened[c]) > 0
}

// Spares reports whether a function that opens something opens nothing at this call,
// which gives it a database in a file, or a handle.
func (p *Package) Spares(call *ast.CallExpr, fn *types.Func) bool {
	return len(p.Func(fn).Opens) > 0 && !p.Dials(call)
}

// Instead reports whether an argument of the call, an option, gives what is called a value that may
// stand in the place of what that opens otherwise.
func (p *Package) Instead(call *ast.CallExpr) bool {
	if p.graph == nil {
		return false
	}
	c := p.graph.code.Call(call)
	if c == nil || slices.ContainsFunc(p.graph.opened[c], func(o opened) bool { return !o.Perhaps }) {
		return false
	}
	return slices.ContainsFunc(call.Args, func(arg ast.Expr) bool {
		option, ok := ast.Unparen(arg).(*ast.CallExpr)
		if !ok {
			return false
		}
		fn := dbapi.Callee(p.graph.info, option)
		if fn == nil || p.Func(fn).Puts == "" {
			return false
		}
		return slices.ContainsFunc(slices.Collect(fn.Signature().Params().Variables()), func(v *types.Var) bool {
			return types.IsInterface(v.Type()) || flow.Pointee(v.Type()) != v.Type()
		})
	})
}

// Fake reports whether a handle comes from a mock, an in-memory or a file database.
func (p *Package) Fake(handle ast.Expr) bool {
	if p.graph == nil {
		return false
	}
	p.graph.mu.Lock()
	defer p.graph.mu.Unlock()
	return p.graph.trace(handle).all().Fakes()
}

// Failing reports whether the test expects the call to fail.
func (p *Package) Failing(call *ast.CallExpr) bool {
	if p.graph == nil {
		return false
	}
	c := p.graph.code.Call(call)
	return c != nil && p.graph.failing(c)
}

// Guarded reports whether the call runs once a process: behind a nil check of what keeps its
// result, or by sync.Once and its kin.
func (p *Package) Guarded(call *ast.CallExpr) bool {
	if p.graph == nil {
		return false
	}
	p.graph.mu.Lock()
	defer p.graph.mu.Unlock()
	c := p.graph.code.Call(call)
	return c != nil && (c.In.When&testscope.Once != 0 || p.graph.onlyOnce(c))
}

// IsTest reports whether a function is test code: in a test file, or one that
// takes or uses a running test, or that nothing but tests can call.
func (p *Package) IsTest(decl *ast.FuncDecl) bool {
	if p.graph == nil {
		return false
	}
	f := p.graph.code.FuncAt(decl)
	return f != nil && p.graph.isTest(f)
}
