package sqltext

import (
	"go/ast"
	"go/types"
	"slices"

	"github.com/poollint/poollint/internal/dbapi"
	"github.com/poollint/poollint/internal/flow"
	"github.com/poollint/poollint/internal/sqltext/builder"
	"github.com/poollint/poollint/internal/sqltext/value"
)

func (f *frame) returnStmt(s *ast.ReturnStmt) {
	var values []value.Value
	switch {
	case len(s.Results) == 0:
		for _, v := range f.named {
			values = append(values, f.env.vars[v])
		}
	case len(s.Results) == 1 && f.resultCount() > 1:
		values = f.evalMulti(s.Results[0], f.resultCount())
	default:
		for _, e := range s.Results {
			values = append(values, f.eval(e))
		}
	}
	if !f.failure(s.Results) {
		f.exit(values)
	}
	f.env.dead = true
}

// exit notes what the function returns and leaves.
func (f *frame) exit(values []value.Value) {
	left := make([]value.Value, len(f.pointers))
	for i, p := range f.pointers {
		left[i] = f.env.vars[p.obj]
	}
	f.returns = append(f.returns, returned{slices.Clone(f.path), values, left})
}

// changes returns what the function leaves in its pointers, where that is not
// what it found.
func (f *frame) changes() []value.Change {
	var changes []value.Change
	for i, p := range f.pointers {
		to := f.mergedOf(func(r returned) value.Value { return r.left[i] })
		if to != nil && to != value.Value(p.param) {
			changes = append(changes, value.Change{Param: p.param.Index, To: to})
		}
	}
	for _, p := range f.lent {
		changes = append(changes, value.Change{Param: p.Index, To: value.Loose(p, &value.Unseen{Origin: p.Origin}, nil)})
	}
	return changes
}

// failure reports whether a return hands back an error, and it is certain that it is one or
// there is nothing else, or no builder where one is asked for: no caller goes on with its results.
func (f *frame) failure(results []ast.Expr) bool {
	if len(results) == 1 {
		return f.resultCount() == 1 && f.IsNil(results[0]) && isBuilderPointer(f.results.At(0).Type())
	}
	if len(results) == 0 {
		return false
	}
	last := f.info.Types[results[len(results)-1]]
	if last.Value != nil {
		if last.Value.ExactString() != "false" {
			return false
		}
	} else if last.IsNil() || last.Type == nil || !types.Implements(last.Type, errorInterface) {
		return false
	}
	if f.isFailure(results[len(results)-1]) {
		return true
	}
	for _, e := range results[:len(results)-1] {
		tv := f.info.Types[e]
		_, isLiteral := ast.Unparen(e).(*ast.CompositeLit)
		if !tv.IsNil() && (tv.Value == nil || tv.Value.ExactString() != `""`) && !isLiteral {
			return false
		}
	}
	return true
}

// isBuilderPointer reports whether a type points to a builder; an interface may hold none, such
// as a condition that is not wanted.
func isBuilderPointer(t types.Type) bool {
	_, ok := types.Unalias(t).(*types.Pointer)
	return ok && builder.Of(t) != nil
}

// makers are functions that make errors, whatever they are given.
var makers = map[dbapi.Name]bool{"errors.New": true, "fmt.Errorf": true, "github.com/pkg/errors.New": true, "github.com/pkg/errors.Errorf": true}

// isFailure reports whether an expression is an error for certain: a new one, or one that has a
// name in its package.
func (f *frame) isFailure(e ast.Expr) bool {
	switch x := ast.Unparen(e).(type) {
	case *ast.CallExpr:
		fn := dbapi.Callee(f.info, x)
		return fn != nil && makers[dbapi.NameOf(fn)]
	case *ast.UnaryExpr:
		return f.isFailure(x.X)
	case *ast.CompositeLit:
		return true
	}
	v := flow.Var(f.info, e)
	return v != nil && flow.Global(v)
}

var errorInterface = types.Universe.Lookup("error").Type().Underlying().(*types.Interface)

func (f *frame) resultCount() int {
	if f.results == nil {
		return 0
	}
	return f.results.Len()
}

// merged merges the return statements; nil stands for what is of no use.
func (f *frame) merged() []value.Value {
	results := make([]value.Value, f.resultCount())
	useful := false
	for i := range results {
		if tracked(f.results.At(i).Type()) {
			results[i] = f.mergedOf(func(r returned) value.Value {
				if i < len(r.values) {
					return r.values[i]
				}
				return nil
			})
		}
		useful = useful || results[i] != nil
	}
	if !useful {
		return nil
	}
	return results
}

// mergedOf merges what the return statements give by the conditions that lead to
// them; nil if one gives nothing.
func (f *frame) mergedOf(get func(returned) value.Value) value.Value {
	var merged value.Value
	for _, r := range slices.Backward(f.returns) {
		v := get(r)
		if v == nil {
			return nil
		}
		c := condition{key: f.name}
		if len(r.path) > 0 {
			c = r.path[len(r.path)-1]
		}
		switch {
		case merged == nil:
			merged = v
		case c.negate:
			merged = value.Choose(c.key, c.cond, merged, v)
		default:
			merged = value.Choose(c.key, c.cond, v, merged)
		}
	}
	if value.IsHole(merged) {
		return nil
	}
	return merged
}
