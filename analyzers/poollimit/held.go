package poollimit

import (
	"go/ast"
	"go/constant"
	"go/token"

	"golang.org/x/tools/go/ast/edge"
	"golang.org/x/tools/go/ast/inspector"

	"github.com/poollint/poollint/internal/dbapi"
	"github.com/poollint/poollint/internal/flow"
)

// held returns how many connections goroutines take at once out of a site's pool, as far as
// the code around it shows: with a smaller limit they would wait for each other.
func (f fixer) held() int {
	if !f.site.At.Valid() {
		return 0
	}
	handle, _ := f.assigned(f.site.At)
	around := flow.Of(f.pass).Around(f.site.At)
	if handle == nil || around == nil {
		return 0
	}
	pool := flow.Var(f.pass.TypesInfo, handle)
	if pool == nil {
		return 0
	}
	cat := dbapi.NewCatalogue(nil)
	most, together := 0, map[ast.Node]int{} // by the code that starts the goroutines
	var count func(in *flow.Func)
	count = func(in *flow.Func) {
		for _, c := range in.Calls {
			recv := c.Receiver()
			if recv == nil || flow.Root(f.pass.TypesInfo, recv) != pool {
				continue
			}
			if row := cat.Opener(c.Fn); row != nil && (row.Kind == dbapi.Acquired || row.Kind == dbapi.Tx) {
				n, by := f.goroutines(c.At)
				together[by] += n
				most = max(most, together[by])
			}
		}
		for _, lit := range in.Lits {
			count(lit)
		}
	}
	count(around)
	return most
}

// goroutines returns how many goroutines run a call at once, and the function that starts them.
func (f fixer) goroutines(call inspector.Cursor) (n int, by ast.Node) {
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
			times *= f.rounds(n)
		case *ast.RangeStmt:
			if number := f.number(n.X); number > 0 {
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
	return min(times, decided), by
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
func (f fixer) rounds(loop *ast.ForStmt) int {
	init, ok := loop.Init.(*ast.AssignStmt)
	cond, isBinary := loop.Cond.(*ast.BinaryExpr)
	if !ok || !isBinary || len(init.Rhs) != 1 || cond.Op != token.LSS && cond.Op != token.LEQ {
		return 1
	}
	n := f.number(cond.Y) - f.number(init.Rhs[0])
	if cond.Op == token.LEQ {
		n++
	}
	return max(n, 1)
}

// number returns a constant; 0 for what is none.
func (f fixer) number(e ast.Expr) int {
	tv := f.pass.TypesInfo.Types[e]
	if tv.Value == nil {
		return 0
	}
	n, _ := constant.Int64Val(constant.ToInt(tv.Value))
	return int(min(max(n, 0), decided))
}
