package lifecycle

import (
	"go/ast"
	"go/token"
	"go/types"

	"github.com/poollint/poollint/internal/dbapi"
	"github.com/poollint/poollint/internal/lvalue"
	"github.com/poollint/poollint/internal/sqlast"
	"github.com/poollint/poollint/internal/testscope"
)

// A walker reads the body of one node; literals become nodes of their own.
type walker struct {
	g    *graph
	n    *node
	seen map[*ast.Ident]bool // mentions of functions that are already recorded
	at   *path               // of what is being read
}

func (w *walker) walk(body ast.Node) {
	ast.Inspect(body, func(x ast.Node) bool {
		if x == nil {
			w.at = w.at.up
			return true
		}
		if lit, ok := x.(*ast.FuncLit); ok {
			w.literal(lit, 0, "")
			return false
		}
		w.at = &path{x, w.at}
		switch x := x.(type) {
		case *ast.CallExpr:
			w.call(x)
		case *ast.AssignStmt:
			w.assign(x.Lhs, x.Rhs)
		case *ast.ValueSpec:
			w.assign(lvalue.Names(x), x.Values)
		case *ast.RangeStmt:
			for _, v := range []ast.Expr{x.Key, x.Value} {
				if v != nil {
					w.flow(v, x.X)
				}
			}
		case *ast.KeyValueExpr:
			if lit, ok := ast.Unparen(x.Value).(*ast.FuncLit); ok {
				if key, ok := x.Key.(*ast.Ident); ok {
					if field, ok := w.g.info.Uses[key].(*types.Var); ok && field.IsField() {
						w.bind(field, lit)
					}
				}
			}
		case *ast.ReturnStmt:
			for _, r := range x.Results {
				if lit, ok := ast.Unparen(r).(*ast.FuncLit); ok {
					w.literal(lit, 0, "").detach = true
				}
			}
		case *ast.BasicLit:
			if x.Kind == token.STRING {
				w.n.makes = w.n.makes || sqlast.MakesDatabase(x.Value)
				w.n.outer().ddl = w.n.outer().ddl || sqlast.ChangesTables(x.Value)
			}
		case *ast.UnaryExpr:
			if v := w.g.variable(x.X); v != nil && x.Op == token.AND {
				w.g.taken[v] = true
			}
		case *ast.Ident:
			w.mention(x, 0)
			if v := w.g.variable(x); v != nil && isError(v.Type()) {
				w.g.errs[v] = append(w.g.errs[v], w.at)
			}
		}
		return true
	})
}

// literal adds the node of a function literal, once.
func (w *walker) literal(lit *ast.FuncLit, when testscope.When, name string) *node {
	if n := w.g.byLit[lit]; n != nil {
		return n
	}
	sig, _ := w.g.info.TypeOf(lit).(*types.Signature)
	n := &node{lit: lit, parent: w.n, body: lit.Body, sig: sig, file: w.n.file, when: when, name: name}
	w.g.byLit[lit] = n
	w.n.inner = append(w.n.inner, n)
	w.g.add(n, &path{lit, w.at})
	return n
}

func (w *walker) call(x *ast.CallExpr) {
	fn := dbapi.Callee(w.g.info, x)
	if when := testscope.Argument(fn); when != 0 {
		for _, arg := range x.Args {
			switch arg := ast.Unparen(arg).(type) {
			case *ast.FuncLit:
				n := w.literal(arg, when, w.text(x.Args[0]))
				if testscope.Prepares(fn) {
					w.g.befores = append(w.g.befores, n)
				}
			case *ast.Ident:
				w.mention(arg, when)
			case *ast.SelectorExpr:
				w.mention(arg.Sel, when)
			}
		}
	}
	w.n.calls = append(w.n.calls, &call{in: w.n, expr: x, fn: fn, at: w.at})
	if fn != nil && fn.Name() == "Register" && w.n.file.test && len(x.Args) > 0 {
		if name := w.text(x.Args[0]); name != "" {
			w.g.fakes[name] = true
		}
	}

	// A method called with arguments may put them into its receiver.
	if sel, ok := ast.Unparen(x.Fun).(*ast.SelectorExpr); ok && len(x.Args) > 0 {
		if v := w.g.root(sel.X); v != nil && !opaque(v.Type()) && !dbapi.Handle(v.Type()) {
			w.g.sources[v] = append(w.g.sources[v], source{expr: x, in: w.n})
		}
	}
}

// mention records that the identifier names a function of the package.
func (w *walker) mention(id *ast.Ident, when testscope.When) {
	if w.n.file.supports {
		w.n.outer().serves = w.n.outer().serves || testscope.Serves(w.g.info.Uses[id])
	}
	fn, ok := w.g.info.Uses[id].(*types.Func)
	if !ok || fn.Pkg() != w.g.pass.Pkg || w.seen[id] {
		return
	}
	w.seen[id] = true
	w.n.uses = append(w.n.uses, use{in: w.n, fn: fn.Origin(), when: when})
}

func (w *walker) text(e ast.Expr) string {
	if tv, ok := w.g.info.Types[e]; ok && tv.Value != nil {
		return constantText(tv.Value)
	}
	return ""
}

func (w *walker) assign(lhs, rhs []ast.Expr) {
	for l, r := range lvalue.Assigned(lhs, rhs) {
		if l == lhs[0] || len(lhs) == len(rhs) {
			if v := w.g.variable(l); v != nil {
				w.g.held[ast.Unparen(r)] = v
			} else if v := w.g.root(l); v != nil {
				w.g.held[ast.Unparen(r)] = v
			}
		}
		w.flow(l, r)
	}
}

// flow records that r flows into the variable at the root of l.
func (w *walker) flow(l, r ast.Expr) {
	if lit, ok := ast.Unparen(r).(*ast.FuncLit); ok {
		if v := w.g.variable(l); v != nil {
			w.bind(v, lit)
			return
		}
	}
	v := w.g.root(l)
	if v == nil {
		return
	}
	s := source{expr: r, in: w.n}
	switch l := ast.Unparen(l).(type) {
	case *ast.SelectorExpr:
		s.key = l.Sel.Name
	case *ast.IndexExpr:
		s.key = w.text(l.Index)
	}
	w.g.sources[v] = append(w.g.sources[v], s)
	to := w.g.variable(l)
	if to == nil {
		to = v
	}
	w.g.flows[w.n.outer()] = append(w.g.flows[w.n.outer()], flow{to, s})
}

func (w *walker) bind(v *types.Var, lit *ast.FuncLit) {
	n := w.literal(lit, 0, "")
	n.detach = true
	w.g.bound[v] = append(w.g.bound[v], n)
}
