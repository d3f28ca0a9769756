package flow

import (
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ast/edge"
	"golang.org/x/tools/go/ast/inspector"
)

// AtOnce returns how many goroutines run a call at once, as far as the loops around show it and at most
// a limit, and the function that starts them; none where it is that function that runs the call.
func AtOnce(info *types.Info, call inspector.Cursor, limit int) (n int, by ast.Node) {
	started, times := false, 1
	for at := call; at.Node() != nil; at = at.Parent() {
		switch n := at.Node().(type) {
		case *ast.FuncDecl:
			by = n
		case *ast.FuncLit:
			switch {
			case !started && goes(at):
				started, times = true, 1
			default:
				by = n
			}
		case *ast.ForStmt:
			times *= rounds(info, n, limit)
		case *ast.RangeStmt:
			if number := number(info, n.X, limit); number > 0 {
				times *= number
			}
		}
		if by != nil {
			break
		}
	}
	if !started {
		times = 0
	}
	return min(times, limit), by
}

// goes reports whether a literal is run by a go statement, or by a group's method Go.
func goes(lit inspector.Cursor) bool {
	call, ok := lit.Parent().Node().(*ast.CallExpr)
	if !ok {
		return false
	}
	if lit.Parent().ParentEdgeKind() == edge.GoStmt_Call {
		return true
	}
	sel, ok := call.Fun.(*ast.SelectorExpr)
	return ok && sel.Sel.Name == "Go"
}

// rounds returns how often a loop that counts from zero runs; 1 if that does not show.
func rounds(info *types.Info, loop *ast.ForStmt, limit int) int {
	init, ok := loop.Init.(*ast.AssignStmt)
	cond, isBinary := loop.Cond.(*ast.BinaryExpr)
	if !ok || !isBinary || len(init.Rhs) != 1 || cond.Op != token.LSS && cond.Op != token.LEQ {
		return 1
	}
	n := number(info, cond.Y, limit) - number(info, init.Rhs[0], limit)
	if cond.Op == token.LEQ {
		n++
	}
	return max(n, 1)
}

// number returns a constant, at most the limit; 0 for what is none.
func number(info *types.Info, e ast.Expr, limit int) int {
	tv := info.Types[e]
	if tv.Value == nil {
		return 0
	}
	n, _ := constant.Int64Val(constant.ToInt(tv.Value))
	return int(min(max(n, 0), int64(limit)))
}
