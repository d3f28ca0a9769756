package missingcleanup

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ast/edge"
	"golang.org/x/tools/go/ast/inspector"

	"github.com/poollint/poollint/internal/dbapi"
	"github.com/poollint/poollint/internal/flow"
	"github.com/poollint/poollint/internal/ownership"
)

// keeping is a function and a field or package variable that it puts handles into.
type keeping struct {
	in   *flow.Func
	into *types.Var
}

// keepings lists the handles that functions put into fields and package variables.
func keepings(handles []*ownership.Handle) map[keeping][]*ownership.Handle {
	all := map[keeping][]*ownership.Handle{}
	for _, h := range handles {
		for _, v := range h.Fate.Keepers {
			at := keeping{h.Call.In, v}
			all[at] = append(all[at], h)
		}
	}
	return all
}

// overwritten reports whether a field or package variable that keeps the handle takes the next
// one in the same function, on some way on which nobody has let go of this one.
func (c *check) overwritten(h *ownership.Handle) bool {
	return slices.ContainsFunc(h.Fate.Keepers, func(v *types.Var) bool {
		return len(c.keeps[keeping{h.Call.In, v}]) > 1 && c.oneObject(h.Call.In, v) && c.takesNext(h, v)
	})
}

// oneObject reports whether a function stores into a field of one object alone.
func (c *check) oneObject(f *flow.Func, v *types.Var) bool {
	var of string
	for _, s := range c.code.Into(v) {
		if s.In != f {
			continue
		}
		if s.Dst == nil || s.Elem || of != "" && types.ExprString(s.Dst) != of {
			return false
		}
		of = types.ExprString(s.Dst)
	}
	return of != ""
}

func (c *check) takesNext(h *ownership.Handle, v *types.Var) bool {
	ways := c.code.Ways(h.Call.In)
	if ways == nil {
		return false
	}
	next, ends, closers := map[ast.Node]bool{}, map[ast.Node]bool{}, map[*types.Func]bool{}
	for _, other := range c.keeps[keeping{h.Call.In, v}] {
		next[ways.Node(other.Call.At)] = other != h
	}
	for _, end := range h.Fate.Ends {
		n := ways.Node(end)
		assign, ok := n.(*ast.AssignStmt)
		ends[n] = !ok || !slices.ContainsFunc(assign.Lhs, func(e ast.Expr) bool { return flow.Var(c.pass.TypesInfo, e) == v })
	}
	for _, m := range c.code.Mentions(v) {
		if m.ParentEdgeKind() == edge.SelectorExpr_Sel {
			m = m.Parent()
		}
		if f := c.code.Around(m); f != nil && len(c.code.FateOf(m).Sinks) > 0 {
			closers[f.Outer().Obj] = true
			ends[ways.Node(m)] = f == h.Call.In
		}
	}
	again := false
	ways.Out(flow.Query{From: h.Call.At, Known: h.Known, Holds: c.isSet(v), Stops: func(n ast.Node) bool {
		stops := next[n] || ends[n] || c.callsOne(n, func(fn *types.Func) bool { return closers[fn] || dbapi.SoundsClosing(fn.Name()) })
		again = again || next[n] && !ends[n]
		return stops
	}})
	return again
}

// isSet says of conditions that a variable is nil, or is not, whether they hold where it holds something.
func (c *check) isSet(v *types.Var) func(cond ast.Expr) (yes, known bool) {
	return func(cond ast.Expr) (yes, known bool) {
		cmp, ok := ast.Unparen(cond).(*ast.BinaryExpr)
		if !ok {
			return false, false
		}
		x := c.comparedWithNil(cmp)
		return cmp.Op == token.NEQ, x != nil && flow.Var(c.pass.TypesInfo, x) == v
	}
}

// callsOne reports whether a statement calls one of some functions.
func (c *check) callsOne(n ast.Node, is func(*types.Func) bool) (found bool) {
	ast.Inspect(n, func(x ast.Node) bool {
		if call, ok := x.(*ast.CallExpr); ok {
			fn := dbapi.Callee(c.pass.TypesInfo, call)
			found = found || fn != nil && is(fn)
		}
		return !found
	})
	return found
}

// ofNext reports whether a release lets go of the handle that the same function, another than
// that of h, has put into the field before in any case.
func (c *check) ofNext(release inspector.Cursor, field *types.Var, h *ownership.Handle) bool {
	f := c.code.Around(release)
	return f != h.Call.In && slices.ContainsFunc(c.keeps[keeping{f, field}], func(next *ownership.Handle) bool {
		stmt, ok := statementAround(next.Call.At)
		return ok && next.Expr().Pos() < release.Node().Pos() && stmt.Parent().Node() == f.Body()
	})
}
