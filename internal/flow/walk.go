package flow

import (
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ast/edge"
	"golang.org/x/tools/go/ast/inspector"

	"github.com/poollint/poollint/internal/testscope"
)

// walked are the nodes that say something.
var walked = []ast.Node{
	(*ast.FuncLit)(nil), (*ast.CallExpr)(nil), (*ast.AssignStmt)(nil), (*ast.ValueSpec)(nil), (*ast.RangeStmt)(nil),
	(*ast.IncDecStmt)(nil), (*ast.SendStmt)(nil), (*ast.CompositeLit)(nil), (*ast.TypeSwitchStmt)(nil), (*ast.ReturnStmt)(nil), (*ast.UnaryExpr)(nil),
	(*ast.BasicLit)(nil), (*ast.Ident)(nil),
}

// A walker reads the body of one function; literals become functions of their own.
type walker struct {
	*code
	f    *Func
	uses map[*types.Func][]Use
}

// walk adds a function and reads its body.
func (c *code) walk(f *Func, uses map[*types.Func][]Use) {
	c.funcs = append(c.funcs, f)
	c.byNode[f.Cursor.Node()] = f
	c.number(f)
	w := &walker{c, f, uses}
	for child := range f.Cursor.Children() {
		child.Inspect(walked, w.node)
	}
}

func (w *walker) node(at inspector.Cursor) (descend bool) {
	switch x := at.Node().(type) {
	case *ast.FuncLit:
		w.literal(at, x)
		return false
	case *ast.CallExpr:
		w.call(at, x)
	case *ast.AssignStmt:
		w.assign(x.Lhs, x.Rhs, x.Tok)
	case *ast.ValueSpec:
		w.assign(Names(x), x.Values, token.DEFINE)
	case *ast.RangeStmt:
		w.put(&Store{Dst: x.Key, Src: x.X, Range: true})
		w.put(&Store{Dst: x.Value, Src: x.X, Range: true})
	case *ast.IncDecStmt:
		w.put(&Store{Dst: x.X, Src: x.X, Adds: true})
	case *ast.SendStmt:
		w.put(&Store{Dst: &ast.IndexExpr{X: x.Chan}, Src: x.Value})
	case *ast.CompositeLit:
		w.composite(x)
	case *ast.TypeSwitchStmt:
		w.typeSwitch(x)
	case *ast.ReturnStmt:
		w.f.Returns = append(w.f.Returns, x)
	case *ast.UnaryExpr:
		if v := Var(w.info, x.X); v != nil && x.Op == token.AND {
			w.taken[v] = true
		}
	case *ast.BasicLit:
		if x.Kind == token.STRING {
			w.f.Texts = append(w.f.Texts, x)
		}
	case *ast.Ident:
		w.mention(at, x)
	}
	return true
}

// literal adds the function of a literal.
func (w *walker) literal(at inspector.Cursor, lit *ast.FuncLit) {
	sig, _ := w.info.TypeOf(lit).(*types.Signature)
	f := &Func{Cursor: at, Lit: lit, Sig: sig, Parent: w.f, File: w.f.File, Detached: w.detached(at)}
	if call, ok := given(at); ok {
		fn := w.callee(call)
		f.When, f.Prepares = testscope.Argument(fn), testscope.Prepares(fn)
		if f.When == testscope.Once && w.fresh(call) {
			f.When = 0
		}
		if f.When != 0 {
			f.Title = Text(w.info, call.Args[0])
		}
	}
	w.f.Lits = append(w.f.Lits, f)
	w.walk(f, w.uses)
}

// fresh reports whether a call is of a method of a variable that each run of the function makes
// anew: what it runs once, it runs as often as the function.
func (w *walker) fresh(call *ast.CallExpr) bool {
	sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr)
	if !ok {
		return false
	}
	v, body := Var(w.info, sel.X), w.f.Body()
	if v == nil || v.IsField() || body == nil {
		return false
	}
	_, pointer := v.Type().(*types.Pointer)
	return !pointer && body.Pos() <= v.Pos() && v.Pos() < body.End()
}

// given returns the call that takes what stands at c as an argument.
func given(c inspector.Cursor) (*ast.CallExpr, bool) {
	c = parens(c)
	if c.ParentEdgeKind() != edge.CallExpr_Args {
		return nil, false
	}
	return c.Parent().Node().(*ast.CallExpr), true
}

// parens climbs out of parentheses.
func parens(c inspector.Cursor) inspector.Cursor {
	for c.ParentEdgeKind() == edge.ParenExpr_X {
		c = c.Parent()
	}
	return c
}

// detached reports whether the literal at c is assigned to a variable, a field or an element
// of a table, or returned.
func (w *walker) detached(c inspector.Cursor) bool {
	c = parens(c)
	switch kind, i := c.ParentEdge(); kind {
	case edge.ReturnStmt_Results, edge.ValueSpec_Values, edge.KeyValueExpr_Value, edge.CompositeLit_Elts:
		return true
	case edge.AssignStmt_Rhs:
		lhs := c.Parent().Node().(*ast.AssignStmt).Lhs
		return i < len(lhs) && Var(w.info, lhs[i]) != nil
	}
	return false
}

func isField(obj types.Object) bool {
	v, ok := obj.(*types.Var)
	return ok && v.IsField()
}

func (w *walker) call(at inspector.Cursor, x *ast.CallExpr) {
	call := &Call{In: w.f, At: at, Expr: x, Fn: w.callee(x), code: w.code}
	w.f.Calls = append(w.f.Calls, call)
	if call.At.ParentEdgeKind() == edge.DeferStmt_Call {
		w.f.Defers = append(w.f.Defers, call)
	}
	w.calls[x] = call
	for i, arg := range x.Args {
		if v := Var(w.info, arg); v != nil {
			w.passed[v] = append(w.passed[v], Argument{call, i})
		}
	}
}

// mention notes what an identifier stands for.
func (w *walker) mention(at inspector.Cursor, id *ast.Ident) {
	switch obj := w.info.Uses[id].(type) {
	case *types.Const:
		w.mentions[obj] = append(w.mentions[obj], at)
	case *types.Var:
		w.mentions[obj.Origin()] = append(w.mentions[obj.Origin()], at)
	case *types.Func:
		value := whole(at)
		if value.ParentEdgeKind() == edge.CallExpr_Fun {
			return
		}
		use := Use{Of: obj.Origin(), In: w.f, At: at}
		if call, ok := given(value); ok {
			use.When = testscope.Argument(w.callee(call))
		}
		w.f.Refs = append(w.f.Refs, use)
		if obj.Pkg() == w.pass.Pkg {
			w.uses[use.Of] = append(w.uses[use.Of], use)
		}
	}
}

// whole climbs from the name of a function to the expression that stands for it: with
// what it is selected from, its type arguments and parentheses.
func whole(c inspector.Cursor) inspector.Cursor {
	for {
		switch c.ParentEdgeKind() {
		case edge.SelectorExpr_Sel, edge.ParenExpr_X, edge.IndexExpr_X, edge.IndexListExpr_X:
			c = c.Parent()
		default:
			return c
		}
	}
}

// IsZero reports whether an expression is nil, or a constant that is the zero value.
func IsZero(info *types.Info, e ast.Expr) bool {
	tv := info.Types[e]
	if v := tv.Value; v != nil {
		switch v.Kind() {
		case constant.String:
			return constant.StringVal(v) == ""
		case constant.Bool:
			return !constant.BoolVal(v)
		}
		return constant.Sign(v) == 0
	}
	return tv.IsNil()
}

// Text returns the value of a constant string; "" for everything else.
func Text(info *types.Info, e ast.Expr) string {
	if tv, ok := info.Types[e]; ok && tv.Value != nil && tv.Value.Kind() == constant.String {
		return constant.StringVal(tv.Value)
	}
	return ""
}
