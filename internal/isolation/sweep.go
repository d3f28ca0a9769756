package isolation

import (
	"go/ast"
	"go/types"
	"slices"

	"github.com/poollint/poollint/internal/dbapi"
	"github.com/poollint/poollint/internal/flow"
)

// harmless are the steps of a chain that leave it open which rows are deleted.
var harmless = []string{"Model", "Table", "ModelTableExpr", "Unscoped", "ForceDelete", "Debug", "WithContext", "Context"}

// sweepOf returns the handle by which a mapper's chain deletes all rows of a table, as its only
// condition always holds, or as it is allowed to have none; nil if it does not.
func (p *Package) sweepOf(call *ast.CallExpr, fn *types.Func) ast.Expr {
	if fn == nil || fn.Pkg() == nil || !dbapi.Knows(fn.Pkg().Path()) || fn.Name() != "Delete" && fn.Name() != "Exec" {
		return nil
	}
	deletes, all := fn.Name() == "Delete" && !slices.ContainsFunc(call.Args, p.selects), false
	for at := call; ; {
		sel, ok := ast.Unparen(at.Fun).(*ast.SelectorExpr)
		if !ok {
			return nil
		}
		step, ok := ast.Unparen(sel.X).(*ast.CallExpr)
		var of *types.Func
		if ok {
			of = dbapi.Callee(p.pass.TypesInfo, step)
		}
		if of == nil || of.Signature().Recv() == nil {
			if deletes && all {
				return sel.X
			}
			return nil
		}
		switch {
		case of.Name() == "NewDelete":
			deletes = true
		case of.Name() == "Where" && len(step.Args) == 1 && p.always(step.Args[0]), of.Name() == "Session" && p.global(step):
			all = true
		case !slices.Contains(harmless, of.Name()):
			return nil
		}
		at = step
	}
}

// always reports whether a condition holds of every row.
func (p *Package) always(condition ast.Expr) bool {
	text := flow.Text(p.pass.TypesInfo, condition)
	return text != "" && EffectOf("DELETE FROM tables WHERE "+text) == Empties
}

// selects reports whether an argument may tell one row from others: a model that has a key, or
// another condition.
func (p *Package) selects(arg ast.Expr) bool {
	switch x := ast.Unparen(arg).(type) {
	case *ast.UnaryExpr:
		lit, ok := ast.Unparen(x.X).(*ast.CompositeLit)
		return !ok || len(lit.Elts) > 0
	case *ast.CompositeLit:
		return len(x.Elts) > 0
	case *ast.CallExpr: // new(T), (*T)(nil)
		tv := p.pass.TypesInfo.Types[x.Fun]
		return !tv.IsBuiltin() && !tv.IsType()
	}
	return true
}

// global reports whether a session is allowed to change all rows.
func (p *Package) global(session *ast.CallExpr) bool {
	found := false
	ast.Inspect(session, func(n ast.Node) bool {
		if kv, ok := n.(*ast.KeyValueExpr); ok {
			key, _ := kv.Key.(*ast.Ident)
			found = found || key != nil && key.Name == "AllowGlobalUpdate"
		}
		return !found
	})
	return found
}
