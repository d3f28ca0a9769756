package byid

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"github.com/poollint/poollint/internal/flow"
)

// isFilled reports whether an id is one of a list or a map, into which nothing was put but rows
// that a load returns, or their ids.
func (r *reader) isFilled(id source, load event, rows map[*types.Var]bool) bool {
	v := id.root
	if r.looks -= len(r.code.Into(v)); r.looks < 0 || load.Any || !r.code.Local(v) || r.code.AddressTaken(v) || r.isFilledElsewhere(v) {
		return false
	}
	isID := func(e ast.Expr) bool {
		return slices.ContainsFunc(r.sourcesOf(e, id.path), func(s source) bool {
			return rows[s.root] && s.isID(load.Key) && !r.takesOther(s.root, rows, load, e)
		})
	}
	filled := false
	for _, s := range r.code.Into(v) {
		switch {
		case s.Whole(v) && r.isEmpty(s.Src):
			continue
		case s.Whole(v) && r.appends(s.Src, v):
			if slices.ContainsFunc(ast.Unparen(s.Src).(*ast.CallExpr).Args[1:], func(e ast.Expr) bool { return !isID(e) }) {
				return false
			}
		case s.To != v || !s.Elem || !isID(s.Src):
			return false
		case isMap(v.Type()):
			index, ok := ast.Unparen(s.Dst).(*ast.IndexExpr)
			if !ok || !rows[flow.Root(r.info, index.Index)] {
				return false
			}
		}
		filled = true
	}
	return filled
}

// gathered returns the load by which each id of a list was found before it was appended, if the
// id of a change is one of such a list: if _, err := load(tenant, id); err == nil { ids = append(ids, id) }.
func (r *reader) gathered(change event) (by Deed, ok bool) {
	for _, id := range change.ids {
		v := id.root
		if !r.code.Local(v) || r.code.AddressTaken(v) {
			continue
		}
		for _, s := range r.code.Into(v) {
			if s.Whole(v) && r.isEmpty(s.Src) {
				continue
			}
			if by, ok = r.loadedOf(id, change, s); !ok {
				break
			}
		}
		if ok {
			break
		}
	}
	return by, ok
}

// loadedOf returns the load by which the ids were found that a store appends to a list.
func (r *reader) loadedOf(id source, change event, s *flow.Store) (by Deed, ok bool) {
	if !s.Whole(id.root) || !r.appends(s.Src, id.root) {
		return by, false
	}
	at, found := s.In.At(s.Dst)
	added := ast.Unparen(s.Src).(*ast.CallExpr).Args[1:]
	if !found || len(added) != 1 {
		return by, false
	}
	change.ids = r.sourcesOf(added[0], id.path)
	for _, load := range r.loads[s.In] {
		if r.looks > 0 && r.before(s.In, load, change, at) {
			return load.Deed, true
		}
	}
	return by, false
}

// isFilledElsewhere reports whether a function is given a map, which it may put something into.
func (r *reader) isFilledElsewhere(v *types.Var) bool {
	return isMap(v.Type()) && slices.ContainsFunc(r.code.Passed(v), func(a flow.Argument) bool { return r.isCall(a.Call.Expr) })
}

func isMap(t types.Type) bool {
	_, ok := t.Underlying().(*types.Map)
	return ok
}

// takesOther reports whether a variable of a row takes another value between the load and an
// expression.
func (r *reader) takesOther(v *types.Var, rows map[*types.Var]bool, load event, e ast.Expr) bool {
	from := token.NoPos
	if load.call != nil {
		from = load.call.Expr.End()
	}
	return slices.ContainsFunc(r.code.Into(v), func(s *flow.Store) bool {
		r.looks--
		return s.Dst != nil && !s.Range && from < s.Dst.Pos() && s.Dst.Pos() < e.Pos() && !r.isEmpty(s.Src) && !r.isScanned(s.Src, rows)
	})
}

// isScanned reports whether an expression is what a function makes of one of the rows.
func (r *reader) isScanned(e ast.Expr, rows map[*types.Var]bool) bool {
	expr, ok := ast.Unparen(e).(*ast.CallExpr)
	if !ok {
		return false
	}
	call := r.code.Call(expr)
	return call != nil && scans(call) && r.usesAny(call, rows)
}

// isEmpty reports whether an expression is a new value with nothing in it.
func (r *reader) isEmpty(e ast.Expr) bool {
	switch e := ast.Unparen(e).(type) {
	case *ast.CompositeLit:
		return len(e.Elts) == 0
	case *ast.UnaryExpr:
		return r.isEmpty(e.X)
	case *ast.CallExpr:
		return r.isBuiltin(e, "make") || r.isBuiltin(e, "new")
	}
	return r.info.Types[e].IsNil()
}

// appends reports whether an expression is the variable with something at its end.
func (r *reader) appends(e ast.Expr, v *types.Var) bool {
	call, ok := ast.Unparen(e).(*ast.CallExpr)
	return ok && r.isBuiltin(call, "append") && !call.Ellipsis.IsValid() && flow.Var(r.info, call.Args[0]) == v
}

func (r *reader) isBuiltin(call *ast.CallExpr, name string) bool {
	id, ok := ast.Unparen(call.Fun).(*ast.Ident)
	return ok && id.Name == name && r.info.Types[call.Fun].IsBuiltin()
}
