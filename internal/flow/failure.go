package flow

import (
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ast/inspector"

	"github.com/poollint/poollint/internal/dbapi"
)

// OnError reports whether a place in a function is reached only where an error is met.
func (p *Package) OnError(at inspector.Cursor) bool { return p.code().onError(at, token.NoPos) }

// onError reports whether a place in a function is reached only where an error is met behind another.
func (c *code) onError(at inspector.Cursor, behind token.Pos) bool {
	for cond := range c.conditions(at) {
		if cond.Expr.End() < behind {
			return false
		}
		if !cond.Around && !cond.Besides {
			continue // a test that ends without an error goes no other way
		}
		if cond.Among == nil && c.failed(cond.Expr, cond.Holds) {
			return true
		}
	}
	return false
}

// failed reports whether a condition holds, or does not, only where an error is met: it compares an
// error with nil, asks which one it is, or asks for a flag that is turned once all is well.
func (c *code) failed(cond ast.Expr, holds bool) bool {
	switch e := ast.Unparen(cond).(type) {
	case *ast.BinaryExpr:
		if e.Op == token.LAND || e.Op == token.LOR {
			return c.failed(e.X, holds) || c.failed(e.Y, holds)
		}
		if e.Op != token.NEQ && e.Op != token.EQL || !c.info.Types[e.Y].IsNil() {
			return false
		}
		t := c.info.TypeOf(e.X)
		return (e.Op == token.NEQ) == holds && (t != nil && IsError(t) || c.recovered(e.X))
	case *ast.UnaryExpr:
		return e.Op == token.NOT && c.failed(e.X, !holds)
	case *ast.CallExpr:
		fn := dbapi.Callee(c.info, e)
		return holds && fn != nil && fn.Pkg() != nil && fn.Pkg().Path() == "errors" && (fn.Name() == "Is" || fn.Name() == "As")
	case *ast.Ident:
		v := Var(c.info, e)
		return v != nil && c.local(v) && c.flagOf(v) == flag{first: holds, turns: true}
	}
	return false
}

// Recovered reports whether an expression is what recover returns.
func (p *Package) Recovered(e ast.Expr) bool { return p.code().recovered(e) }

// recovered reports whether an expression is what recover returns.
func (c *code) recovered(e ast.Expr) bool {
	if v := Var(c.info, e); v != nil && c.local(v) && len(c.into[v]) == 1 {
		e = c.into[v][0].Src
	}
	call, ok := ast.Unparen(e).(*ast.CallExpr)
	if !ok {
		return false
	}
	id, ok := ast.Unparen(call.Fun).(*ast.Ident)
	return ok && id.Name == "recover" && c.info.Types[call.Fun].IsBuiltin()
}

// A flag is what a variable of type bool takes: a constant, and later on the other one.
type flag struct{ first, turns bool }

func (c *code) flagOf(v *types.Var) (f flag) {
	for i, s := range c.into[v] {
		value := c.info.Types[s.Src].Value
		switch {
		case !s.Whole(v) || value == nil || value.Kind() != constant.Bool || s.In == nil || s.In.Lit != nil && c.declaredAround(v, s.In):
			return flag{}
		case i == 0:
			f.first = constant.BoolVal(value)
		case constant.BoolVal(value) == f.first:
			return flag{}
		default:
			f.turns = true
		}
	}
	if f.first && !f.turns { // declared without a value
		return flag{turns: true}
	}
	return f
}

// declaredAround reports whether a variable is declared around a literal, which may run at any time.
func (c *code) declaredAround(v *types.Var, lit *Func) bool {
	n := lit.Cursor.Node()
	return v.Pos() < n.Pos() || n.End() < v.Pos()
}
